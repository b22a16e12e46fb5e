import { MultiSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/errors';
import { queryClient, rolesQuery, userQuery } from '@/api/queries';
import { createUser, setUserRoles, updateUser } from '@/api/roles';
import type { User } from '@/api/types';
import { useT } from '@/base/i18n';
import { minimumPasswordLength } from '@/base/password_strength';
import { displayText } from '@/parts/catalog/catalog';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';
import { PasswordMeter } from '@/parts/kit/PasswordMeter';

/** A new user, or the data and roles of one. */
export function UserForm({ user, onDone, onCancel }: { user?: User; onDone: () => void; onCancel: () => void }) {
  const t = useT();
  const roles = useQuery(rolesQuery);
  const oldRoles = (user?.roles ?? []).map((role) => role.name);
  const form = useForm({
    initialValues: {
      nickname: user?.nickname ?? '', username: user?.username ?? '', email: user?.email ?? '', phone: user?.phone ?? '',
      password: '', roles: oldRoles,
    },
    validate: {
      username: (value, values) => {
        if (!value) return values.email ? null : t('users.accountNeeded');
        return /^[^@<>"'/]{1,50}$/.test(value) ? null : t('validation.username');
      },
      email: (value) => (!value || /^\S+@\S+$/.test(value) ? null : t('validation.email')),
      password: (value) => (user || value.length >= minimumPasswordLength ? null : t('password.tooShort', { count: minimumPasswordLength })),
    },
  });
  const save = useMutation({
    mutationFn: async ({ password, roles: chosen, ...rest }: typeof form.values) => {
      const values = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value.trim() || null]));
      if (!user) {
        await createUser({ ...values, password, ...(chosen.length > 0 ? { roles: chosen } : {}) });
        return;
      }
      await updateUser(user.id, values);
      if (chosen.toSorted().join() !== oldRoles.toSorted().join()) await setUserRoles(user.id, chosen);
    },
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['users'] }), queryClient.invalidateQueries(userQuery), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
      notifyDone(user ? t('common.saved') : t('users.created'));
      onDone();
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  const choices = (roles.data ?? []).filter((role) => !role.hidden || oldRoles.includes(role.name));
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <ErrorAlert error={save.error ?? roles.error} />
        <TextInput label={t('user.nickname')} data-autofocus autoComplete="off" {...form.getInputProps('nickname')} />
        <TextInput label={t('user.username')} autoComplete="off" autoCapitalize="none" {...form.getInputProps('username')} />
        <TextInput label={t('user.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
        <TextInput label={t('user.phone')} autoComplete="off" {...form.getInputProps('phone')} />
        {!user && (
          <div>
            <PasswordInput label={t('signin.password')} required autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('signin.showPassword') }} {...form.getInputProps('password')} />
            <PasswordMeter password={form.values.password} />
          </div>
        )}
        <MultiSelect
          label={t('title.roles')}
          description={user ? undefined : t('users.rolesText')}
          searchable
          data={choices.map((role) => ({ value: role.name, label: displayText(role.title) || role.name }))}
          {...form.getInputProps('roles')}
        />
      </Stack>
      <FormFooter onCancel={onCancel} busy={save.isPending} label={user ? t('common.save') : t('users.create')} />
    </form>
  );
}
