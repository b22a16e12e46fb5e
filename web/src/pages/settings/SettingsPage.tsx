// What holds for the whole system: its name, languages and time zone.
import { Button, Card, Group, MultiSelect, NativeSelect, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/errors';
import { queryClient, settingsQuery } from '@/api/queries';
import { writeSettings } from '@/api/session';
import type { SystemSettings } from '@/api/types';
import { locales, useT } from '@/base/i18n';
import { browserTimeZone, timeZones } from '@/base/timezones';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyDone } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';

const languages = locales.map(({ value, label }) => ({ value: value as string, label }));
const zones = timeZones();

export function SettingsPage() {
  const t = useT();
  const settings = useQuery(settingsQuery);
  return (
    <>
      <PageHeader title={t('nav.settings')} description={t('settings.pageText')} />
      {settings.isPending ? (
        <TableSkeleton rows={4} />
      ) : settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        <SettingsForm settings={settings.data} />
      )}
    </>
  );
}

function SettingsForm({ settings }: { settings: SystemSettings }) {
  const t = useT();
  const form = useForm({
    initialValues: {
      title: settings.raw_title ?? settings.title ?? '',
      appLang: settings.appLang ?? 'en-US',
      enabledLanguages: settings.enabledLanguages?.length ? settings.enabledLanguages : languages.map(({ value }) => value),
      timezone: settings.timezone ?? (settings.options?.timezone as string | undefined) ?? browserTimeZone(),
    },
    validate: { title: (value) => (value.trim() ? null : t('validation.required')) },
  });
  const save = useMutation({
    mutationFn: ({ title, ...values }: typeof form.values) => writeSettings({ ...values, raw_title: title.trim() }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['settings'] });
      form.resetDirty();
      notifyDone(t('common.saved'));
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  return (
    <Card withBorder maw={640} component="form" onSubmit={form.onSubmit((values) => save.mutate(values)) as never} noValidate>
      <Stack>
        <ErrorAlert error={save.error} />
        <TextInput label={t('settings.title')} description={t('settings.titleText')} required {...form.getInputProps('title')} />
        <NativeSelect label={t('settings.language')} description={t('settings.languageText')} data={languages} {...form.getInputProps('appLang')} />
        <MultiSelect label={t('settings.enabledLanguages')} data={languages} {...form.getInputProps('enabledLanguages')} />
        <Select label={t('common.timezone')} description={t('settings.timezoneText')} data={zones} searchable allowDeselect={false} {...form.getInputProps('timezone')} />
        <Group><Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>{t('common.save')}</Button></Group>
      </Stack>
    </Card>
  );
}
