import { Button, Drawer, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useT } from '@/base/i18n';
import { countConditions, fromWire, newCondition, newGroup, toWire, type Group as FilterGroup } from '@/parts/filter/filter_model';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import type { Grid } from './use_grid';

const FilterBuilder = lazy(() => import('@/parts/filter/FilterBuilder').then((module) => ({ default: module.FilterBuilder })));

/** Opens the filter builder; the finished filter goes into the address. */
export function FilterButton({ collection, grid }: { collection: string; grid: Grid }) {
  const t = useT();
  const [opened, panel] = useDisclosure(false);
  const [draft, setDraft] = useState<FilterGroup>(newGroup);
  const applied = fromWire(grid.filter);
  const count = applied ? countConditions(applied) : grid.filter ? 1 : 0;
  const open = () => {
    setDraft(applied ?? newGroup('$and', [newCondition()]));
    panel.open();
  };
  return (
    <>
      <Button variant={count > 0 ? 'light' : 'default'} size="xs" leftSection={<IconFilter size={16} />} onClick={open} aria-expanded={opened}>
        {count > 0 ? t('grid.filterCount', { count }) : t('grid.filter')}
      </Button>
      <Drawer opened={opened} onClose={panel.close} position="right" size="lg" title={t('grid.filter')}>
        {grid.filter && !applied && <Text size="sm" c="dimmed" mb="sm">{t('grid.foreignFilter')}</Text>}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            grid.setFilter(toWire(draft));
            panel.close();
          }}
        >
          <Suspense fallback={<TableSkeleton rows={2} />}>
            <FilterBuilder collection={collection} value={draft} onChange={setDraft} />
          </Suspense>
          <Group mt="lg" justify="space-between">
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                grid.setFilter(undefined);
                panel.close();
              }}
            >
              {t('grid.clearFilter')}
            </Button>
            <Button type="submit">{t('grid.applyFilter')}</Button>
          </Group>
        </form>
      </Drawer>
    </>
  );
}
