// One way to put any failure into words: what happened, what to do, which request.
import { ApiError, NetworkError } from '@/api/errors';
import type { Translate } from '@/base/i18n';

export interface ErrorText {
  message: string;
  hint?: string | undefined;
  traceId?: string | undefined;
}

export function errorText(error: unknown, t: Translate): ErrorText {
  if (error instanceof NetworkError) return { message: t('error.network'), hint: t('error.networkHint') };
  if (error instanceof ApiError) {
    return { message: error.message, hint: error.hint, traceId: error.traceId };
  }
  return { message: t('error.unexpected'), hint: error instanceof Error ? error.message : undefined };
}
