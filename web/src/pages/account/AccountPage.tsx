// One's own account: name, language, theme, password, sessions.
import { Button, Card, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput, Title, useMantineColorScheme } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/errors';
import { queryClient, userQuery } from '@/api/queries';
import { signOutEverywhere, updateLanguage, updateProfile } from '@/api/session';
import type { User } from '@/api/types';
import { locales, setLocale, useLocale, useT, type Locale } from '@/base/i18n';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { notifyDone, notifyError } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { PasswordForm } from './PasswordForm';

export function AccountPage() {
  const t = useT();
  const user = useSuspenseQuery(userQuery).data;
  return (
    <>
      <PageHeader title={t('account.title')} />
      <Stack maw={640} gap="lg">
        {user && <ProfileForm key={String(user.id)} user={user} />}
        <Appearance />
        <Card withBorder component="section">
          <Title order={2} mb="sm">{t('account.password')}</Title>
          <PasswordForm username={user?.username || user?.email || ''} />
        </Card>
        <Sessions />
      </Stack>
    </>
  );
}

function ProfileForm({ user }: { user: User }) {
  const t = useT();
  const form = useForm({
    initialValues: { nickname: user.nickname ?? '', username: user.username ?? '', email: user.email ?? '', phone: user.phone ?? '' },
    validate: {
      username: (value) => (!value || /^[^@<>"'/]{1,50}$/.test(value) ? null : t('validation.username')),
      email: (value) => (!value || /^\S+@\S+$/.test(value) ? null : t('validation.email')),
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => {
      const changed = Object.entries(values).filter(([name, value]) => value !== (user[name] ?? ''));
      return updateProfile(Object.fromEntries(changed.map(([name, value]) => [name, value.trim() || null])));
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries(userQuery);
      form.resetDirty();
      notifyDone(t('common.saved'));
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  return (
    <Card withBorder component="section">
      <Title order={2} mb="sm">{t('account.profile')}</Title>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack gap="sm">
          <ErrorAlert error={save.error} />
          <TextInput label={t('user.nickname')} autoComplete="name" {...form.getInputProps('nickname')} />
          <TextInput label={t('user.username')} autoComplete="username" {...form.getInputProps('username')} />
          <TextInput label={t('user.email')} type="email" autoComplete="email" {...form.getInputProps('email')} />
          <TextInput label={t('user.phone')} autoComplete="tel" {...form.getInputProps('phone')} />
          <Group><Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>{t('common.save')}</Button></Group>
        </Stack>
      </form>
    </Card>
  );
}

function Appearance() {
  const t = useT();
  const locale = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = async (next: Locale) => {
    await setLocale(next, { remember: true });
    queryClient.setQueryData(userQuery.queryKey, (user) => user && { ...user, appLang: next });
    await updateLanguage(next).catch(notifyError);
  };
  return (
    <Card withBorder component="section">
      <Title order={2} mb="sm">{t('account.appearance')}</Title>
      <Stack gap="sm">
        <NativeSelect
          label={t('common.language')}
          data={locales.map(({ value, label }) => ({ value, label }))}
          value={locale}
          onChange={(event) => void choose(event.currentTarget.value as Locale)}
        />
        <div>
          <Text size="sm" fw={500} mb={4} id="theme-label">{t('account.theme')}</Text>
          <SegmentedControl
            aria-labelledby="theme-label"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={[
              { value: 'auto', label: t('account.themeAuto') },
              { value: 'light', label: t('account.themeLight') },
              { value: 'dark', label: t('account.themeDark') },
            ]}
          />
        </div>
      </Stack>
    </Card>
  );
}

function Sessions() {
  const t = useT();
  const [asking, ask] = useDisclosure(false);
  const leave = useMutation({
    mutationFn: signOutEverywhere,
    onSuccess: () => window.location.assign('/signin'),
  });
  return (
    <Card withBorder component="section">
      <Title order={2} mb={4}>{t('account.sessions')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('account.sessionsText')}</Text>
      <Group><Button variant="default" onClick={ask.open}>{t('account.signOutEverywhere')}</Button></Group>
      <ConfirmDialog opened={asking} onClose={ask.close} onConfirm={() => leave.mutate()} title={t('account.signOutEverywhere')} confirmLabel={t('account.signOutEverywhere')} busy={leave.isPending} error={leave.error}>
        {t('account.signOutEverywhereText')}
      </ConfirmDialog>
    </Card>
  );
}
