import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { updateUser } from '@/api/roles';
import type { User } from '@/api/types';
import { useT } from '@/base/i18n';
import { minimumPasswordLength } from '@/base/password_strength';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { notifyDone } from '@/parts/kit/notify';
import { PasswordMeter } from '@/parts/kit/PasswordMeter';

/** A new password for somebody else. */
export function ResetPassword({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const t = useT();
  return (
    <Modal opened={user !== undefined} onClose={onClose} title={t('users.resetTitle', { name: user?.nickname || user?.username || '' })} centered>
      {user && <ResetForm user={user} onClose={onClose} />}
    </Modal>
  );
}

function ResetForm({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useT();
  const [password, setPassword] = useState('');
  const save = useMutation({
    mutationFn: () => updateUser(user.id, { password }),
    onSuccess: () => {
      notifyDone(t('users.passwordSet'));
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (password.length >= minimumPasswordLength && !save.isPending) save.mutate();
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">{t('users.resetText')}</Text>
        <ErrorAlert error={save.error} />
        <div>
          <PasswordInput
            label={t('account.newPassword')}
            data-autofocus
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signin.showPassword') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordMeter password={password} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" loading={save.isPending} disabled={password.length < minimumPasswordLength}>{t('users.resetPassword')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
