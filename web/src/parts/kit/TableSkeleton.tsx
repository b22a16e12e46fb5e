import { Skeleton, Stack } from '@mantine/core';
import { useT } from '@/base/i18n';

/** Grey rows in the place of a table while it is on its way. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  const t = useT();
  return (
    <Stack gap={6} role="status" aria-label={t('common.loading')} py={4}>
      <Skeleton height={36} />
      {Array.from({ length: rows }, (_, index) => <Skeleton key={index} height={32} opacity={1 - index / (rows + 2)} />)}
    </Stack>
  );
}
