import { notifications } from '@mantine/notifications';
import { translate } from '@/base/i18n';
import { errorText } from './error_text';

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 4000 });
}

export function notifyWarning(message: string): void {
  notifications.show({ message, color: 'yellow', autoClose: 8000 });
}

/** A failure that has no place of its own on the screen. */
export function notifyError(error: unknown): void {
  const { message, hint, traceId } = errorText(error, translate);
  const details = [hint, traceId && translate('error.requestId', { id: traceId })].filter(Boolean).join(' · ');
  notifications.show({ title: message, message: details, color: 'red', autoClose: 12_000 });
}
