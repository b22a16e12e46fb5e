// First start: the administrator, the language, the time zone. The server closes this page for ever afterwards.
import './setup_styles';
import { Alert, Anchor, Button, Fieldset, NativeSelect, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@/api/errors';
import { runSetup, type SetupValues } from '@/api/session';
import { currentLocale, locales, setLocale, useT, type Locale } from '@/base/i18n';
import { minimumPasswordLength } from '@/base/password_strength';
import { browserTimeZone, timeZones } from '@/base/timezones';
import { EntryCard } from '@/parts/kit/EntryCard';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { PasswordMeter } from '@/parts/kit/PasswordMeter';

const zones = timeZones();

export function SetupPage({ token, onDone }: { token: string; onDone: () => void }) {
  const t = useT();
  const form = useForm({
    initialValues: {
      email: '', username: '', nickname: '', password: '', confirmation: '',
      language: currentLocale() as string, timezone: browserTimeZone(),
    },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value) ? null : t('validation.email')),
      username: (value) => (/^[^@<>"'/]{1,50}$/.test(value) ? null : t('validation.username')),
      password: (value) => (value.length >= minimumPasswordLength ? null : t('password.tooShort', { count: minimumPasswordLength })),
      confirmation: (value, values) => (value === values.password ? null : t('password.mismatch')),
    },
  });
  const setup = useMutation({
    mutationFn: ({ confirmation: _, ...values }: typeof form.values) =>
      runSetup({ ...values, nickname: values.nickname || values.username, token } satisfies SetupValues),
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError) form.setErrors(error.byField());
      window.scrollTo({ top: 0 });
    },
  });
  return (
    <EntryCard title={t('setup.title')} width={560} withLanguage={false}>
      <form onSubmit={form.onSubmit((values) => setup.mutate(values))} noValidate>
        <Stack>
          <Text c="dimmed" size="sm">{t('setup.intro')}</Text>
          {token === '' && <Alert color="yellow" variant="light">{t('setup.noToken')}</Alert>}
          <ErrorAlert error={setup.error} />
          <Fieldset legend={t('setup.administrator')}>
            <Stack gap="sm">
              <TextInput label={t('user.email')} type="email" autoComplete="email" required {...form.getInputProps('email')} />
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                <TextInput label={t('user.username')} autoComplete="username" autoCapitalize="none" required {...form.getInputProps('username')} />
                <TextInput label={t('user.nickname')} autoComplete="name" {...form.getInputProps('nickname')} />
              </SimpleGrid>
              <div>
                <PasswordInput
                  label={t('signin.password')}
                  autoComplete="new-password"
                  visibilityToggleButtonProps={{ 'aria-label': t('signin.showPassword') }}
                  required
                  {...form.getInputProps('password')}
                />
                <PasswordMeter password={form.values.password} />
              </div>
              <PasswordInput
                label={t('password.confirm')}
                autoComplete="new-password"
                visibilityToggleButtonProps={{ 'aria-label': t('signin.showPassword') }}
                required
                {...form.getInputProps('confirmation')}
              />
            </Stack>
          </Fieldset>
          <Fieldset legend={t('setup.system')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <NativeSelect
                label={t('common.language')}
                data={locales.map(({ value, label }) => ({ value, label }))}
                value={form.values.language}
                onChange={(event) => {
                  form.setFieldValue('language', event.currentTarget.value);
                  void setLocale(event.currentTarget.value as Locale, { remember: true });
                }}
              />
              <Select label={t('common.timezone')} data={zones} searchable allowDeselect={false} {...form.getInputProps('timezone')} />
            </SimpleGrid>
          </Fieldset>
          <Button type="submit" loading={setup.isPending}>{t('setup.submit')}</Button>
        </Stack>
      </form>
    </EntryCard>
  );
}

/** What /setup shows once the system has been set up. */
export function SetupClosedPage() {
  const t = useT();
  return (
    <EntryCard title={t('setup.closedTitle')}>
      <Text mb="md">{t('setup.closed')}</Text>
      <Anchor href="/signin">{t('signin.submit')}</Anchor>
    </EntryCard>
  );
}
