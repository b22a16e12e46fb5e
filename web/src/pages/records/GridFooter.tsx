import { Button, Group, NativeSelect, Pagination, Text } from '@mantine/core';
import type { Meta } from '@/api/http';
import { useT } from '@/base/i18n';
import { defaultPageSize, pageSizes, type GridSearch } from './grid_search';

interface GridFooterProps {
  meta: Meta | undefined;
  shown: number;
  search: GridSearch;
  onSearch: (next: GridSearch) => void;
}

/** How many rows there are, which are shown, and the way to the others. */
export function GridFooter({ meta, shown, search, onSearch }: GridFooterProps) {
  const t = useT();
  const page = search.page ?? 1;
  const size = search.size ?? defaultPageSize;
  const first = (page - 1) * size + 1;
  const count = meta?.count;
  const go = (next: number) => onSearch({ page: next > 1 ? next : undefined });
  return (
    <Group justify="space-between" gap="sm" mt="sm">
      <Text size="sm" c="dimmed" aria-live="polite">
        {count === undefined
          ? t('grid.rangeOpen', { first, last: first + shown - 1 })
          : count === 0 ? t('grid.noRows') : t('grid.range', { first: Math.min(first, count), last: Math.min(first + size - 1, count), count })}
      </Text>
      <Group gap="sm">
        <NativeSelect
          size="xs"
          aria-label={t('grid.pageSize')}
          data={pageSizes.map((value) => ({ value: String(value), label: t('grid.perPage', { count: value }) }))}
          value={String(size)}
          onChange={(event) => onSearch({ size: Number(event.currentTarget.value), page: undefined })}
        />
        {count === undefined ? (
          <Group gap={4}>
            <Button size="xs" variant="default" disabled={page <= 1} onClick={() => go(page - 1)}>{t('grid.previous')}</Button>
            <Button size="xs" variant="default" disabled={!meta?.hasNext} onClick={() => go(page + 1)}>{t('grid.next')}</Button>
          </Group>
        ) : (
          count > size && (
            <Pagination
              size="sm"
              total={Math.max(1, meta?.totalPage ?? Math.ceil(count / size))}
              value={page}
              onChange={go}
              getControlProps={(control) => ({ 'aria-label': control === 'previous' ? t('grid.previous') : control === 'next' ? t('grid.next') : control })}
            />
          )
        )}
      </Group>
    </Group>
  );
}
