// What stands in for a screen: while it loads, when it failed, when there is none at this address.
import { Button, Center, Loader } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useT } from '@/base/i18n';

const ErrorState = lazy(() => import('@/parts/kit/ErrorState').then((module) => ({ default: module.ErrorState })));
const EmptyState = lazy(() => import('@/parts/kit/EmptyState').then((module) => ({ default: module.EmptyState })));

export function ScreenLoading() {
  const t = useT();
  return (
    <Center mih="40vh" role="status" aria-label={t('common.loading')}>
      <Loader />
    </Center>
  );
}

export function ScreenError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Suspense fallback={<ScreenLoading />}>
      <ErrorState error={error} onRetry={retry} />
    </Suspense>
  );
}

export function ScreenMissing() {
  const t = useT();
  return (
    <Suspense fallback={<ScreenLoading />}>
      <EmptyState title={t('error.noPage')} text={t('error.noPageText')}>
        <Button component="a" href="/" variant="default">{t('error.home')}</Button>
      </EmptyState>
    </Suspense>
  );
}
