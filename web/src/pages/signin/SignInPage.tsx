import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, type FormEvent } from 'react';
import { settingsQuery } from '@/api/queries';
import { signIn } from '@/api/session';
import { useT } from '@/base/i18n';
import { EntryCard } from '@/parts/kit/EntryCard';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';

/** Account and password. The frame decides what happens after success. */
export function SignInForm({ account, onDone }: { account?: string | undefined; onDone: () => void }) {
  const t = useT();
  const password = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('account')).trim(), String(form.get('password'))),
    onSuccess: onDone,
    onError: () => password.current?.select(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ErrorAlert error={attempt.error} />
        <TextInput
          name="account"
          label={t('signin.account')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={account}
          readOnly={account !== undefined}
          autoFocus={account === undefined}
          required
          withAsterisk={false}
        />
        <PasswordInput
          ref={password}
          name="password"
          label={t('signin.password')}
          autoComplete="current-password"
          autoFocus={account !== undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('signin.showPassword') }}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={attempt.isPending} fullWidth mt="xs">
          {t('signin.submit')}
        </Button>
      </Stack>
    </form>
  );
}

export function SignInPage({ notice, onDone }: { notice?: string | undefined; onDone: () => void }) {
  const t = useT();
  const settings = useQuery(settingsQuery);
  const product = settings.data?.title || 'Renkei';
  return (
    <EntryCard title={t('signin.title', { product })}>
      {notice && <Text size="sm" c="dimmed" mb="md">{notice}</Text>}
      <SignInForm onDone={onDone} />
    </EntryCard>
  );
}
