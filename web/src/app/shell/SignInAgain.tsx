import { Modal, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { setSessionEndListener } from '@/api/http';
import { queryClient, userQuery } from '@/api/queries';
import { useT } from '@/base/i18n';
import { SignInForm } from '@/pages/signin/SignInPage';

/** When the session ends under an open page, asks for the password on top of it: nothing typed is lost. */
export function SignInAgain() {
  const t = useT();
  const [ended, setEnded] = useState(false);
  const user = useQuery(userQuery).data;
  useEffect(() => {
    setSessionEndListener(() => setEnded(true));
    return () => setSessionEndListener(() => {});
  }, []);
  const resume = async () => {
    setEnded(false);
    await queryClient.invalidateQueries();
  };
  return (
    <Modal opened={ended} onClose={() => setEnded(false)} title={t('signin.againTitle')} closeOnClickOutside={false} zIndex={500}>
      <Text size="sm" c="dimmed" mb="md">{t('signin.againText')}</Text>
      <SignInForm account={user?.email || user?.username || undefined} onDone={() => void resume()} />
    </Modal>
  );
}
