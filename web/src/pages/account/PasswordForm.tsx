import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@/api/errors';
import { changePassword } from '@/api/session';
import { useT } from '@/base/i18n';
import { minimumPasswordLength } from '@/base/password_strength';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { notifyDone } from '@/parts/kit/notify';
import { PasswordMeter } from '@/parts/kit/PasswordMeter';

export function PasswordForm({ username }: { username: string }) {
  const t = useT();
  const form = useForm({
    initialValues: { oldPassword: '', newPassword: '', confirmPassword: '' },
    validate: {
      oldPassword: (value) => (value ? null : t('validation.required')),
      newPassword: (value) => (value.length >= minimumPasswordLength ? null : t('password.tooShort', { count: minimumPasswordLength })),
      confirmPassword: (value, values) => (value === values.newPassword ? null : t('password.mismatch')),
    },
  });
  const save = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset();
      notifyDone(t('account.passwordChanged'));
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  const eye = { visibilityToggleButtonProps: { 'aria-label': t('signin.showPassword') } };
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        <ErrorAlert error={save.error} />
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordInput label={t('account.oldPassword')} autoComplete="current-password" {...eye} {...form.getInputProps('oldPassword')} />
        <div>
          <PasswordInput label={t('account.newPassword')} autoComplete="new-password" {...eye} {...form.getInputProps('newPassword')} />
          <PasswordMeter password={form.values.newPassword} />
        </div>
        <PasswordInput label={t('account.confirmPassword')} autoComplete="new-password" {...eye} {...form.getInputProps('confirmPassword')} />
        <Group><Button type="submit" loading={save.isPending}>{t('account.changePassword')}</Button></Group>
      </Stack>
    </form>
  );
}
