import { Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/api/errors';
import { queryClient } from '@/api/queries';
import { createRole, updateRole } from '@/api/roles';
import type { Role } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { isWireName, proposeName } from '@/parts/catalog/naming';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';

interface RoleFormProps {
  role?: Role;
  onDone: (name: string) => void;
  onCancel: () => void;
}

/** Name and purpose of a role. */
export function RoleForm({ role, onDone, onCancel }: RoleFormProps) {
  const t = useT();
  const [named, setNamed] = useState(role !== undefined);
  const form = useForm({
    initialValues: { title: displayText(role?.title), name: role?.name ?? '', description: role?.description ?? '', default: role?.default ?? false },
    validate: {
      title: (value) => (value.trim() ? null : t('validation.required')),
      name: (value) => (isWireName(value) ? null : t('collection.badName')),
    },
  });
  const save = useMutation({
    mutationFn: async ({ name, ...values }: typeof form.values) => {
      if (role) await updateRole(role.name, values);
      else await createRole({ name, ...values, snippets: ['!ui.*', '!pm', '!pm.*'], strategy: { actions: ['view:own'] } });
    },
    onSuccess: async (_, { name }) => {
      await queryClient.invalidateQueries({ queryKey: ['roles'] });
      notifyDone(role ? t('common.saved') : t('roles.created'));
      onDone(name);
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack maw={640}>
        <ErrorAlert error={save.error} />
        <TextInput
          label={t('roles.title')}
          required
          data-autofocus
          {...form.getInputProps('title')}
          onChange={(event) => {
            form.setFieldValue('title', event.currentTarget.value);
            if (!named) form.setFieldValue('name', proposeName(event.currentTarget.value, 'r'));
          }}
        />
        <TextInput
          label={t('collection.name')}
          required={!role}
          disabled={role !== undefined}
          {...form.getInputProps('name')}
          onChange={(event) => {
            setNamed(true);
            form.setFieldValue('name', event.currentTarget.value);
          }}
        />
        <Textarea label={t('common.description')} autosize minRows={2} {...form.getInputProps('description')} />
        <Switch label={t('roles.default')} description={t('roles.defaultText')} {...form.getInputProps('default', { type: 'checkbox' })} />
      </Stack>
      <FormFooter onCancel={onCancel} busy={save.isPending} label={role ? t('common.save') : t('roles.create')} />
    </form>
  );
}
