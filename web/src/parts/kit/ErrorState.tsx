import { Button, Center, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useT } from '@/base/i18n';
import { errorText } from './error_text';

/** A whole area that could not be shown: what happened, Retry, and the request id to copy. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const t = useT();
  const { message, hint, traceId } = errorText(error, t);
  return (
    <Center py={48} px="md" role="alert">
      <Stack align="center" gap="xs" maw={520} ta="center">
        <IconAlertTriangle size={32} color="var(--mantine-color-error)" aria-hidden />
        <Text fw={600} style={{ whiteSpace: 'pre-line' }}>{message}</Text>
        {hint && <Text size="sm" c="dimmed">{hint}</Text>}
        {traceId && (
          <Group gap={6}>
            <Text size="xs" c="dimmed">{t('error.requestIdLabel')}</Text>
            <Code>{traceId}</Code>
            <CopyButton value={traceId}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="subtle" onClick={copy}>{copied ? t('common.copied') : t('common.copy')}</Button>
              )}
            </CopyButton>
          </Group>
        )}
        {onRetry && <Button variant="default" mt="xs" onClick={onRetry}>{t('common.retry')}</Button>}
      </Stack>
    </Center>
  );
}
