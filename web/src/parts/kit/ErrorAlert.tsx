import { Alert, Text } from '@mantine/core';
import { useT } from '@/base/i18n';
import { errorText } from './error_text';

/** A failure beside the thing that failed: message, hint, request id. Renders nothing without an error. */
export function ErrorAlert({ error, title }: { error: unknown; title?: string }) {
  const t = useT();
  if (!error) return null;
  const { message, hint, traceId } = errorText(error, t);
  return (
    <Alert color="red" variant="light" role="alert" title={title}>
      <Text size="sm" style={{ whiteSpace: 'pre-line' }}>{message}</Text>
      {hint && <Text size="sm" c="dimmed" mt={4}>{hint}</Text>}
      {traceId && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('error.requestId', { id: traceId })}
        </Text>
      )}
    </Alert>
  );
}
