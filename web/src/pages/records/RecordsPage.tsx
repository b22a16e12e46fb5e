// The screen every collection has: its rows in a grid, with search, filter, sort, edit, delete and export.
import { ActionIcon, Anchor, Box, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconDatabaseOff, IconPlus, IconRefresh, IconSettings, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queryClient } from '@/api/queries';
import { destroyRows, keyText, resourcePath } from '@/api/records';
import type { Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText, type Catalog } from '@/parts/catalog/catalog';
import { area } from '@/parts/catalog/rights';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyDone, notifyWarning } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { ColumnsButton } from './ColumnsButton';
import { ExportButton } from './ExportButton';
import { FilterButton } from './FilterButton';
import { GridFooter } from './GridFooter';
import { GridTable } from './GridTable';
import type { GridSearch } from './grid_search';
import { QuickSearch } from './QuickSearch';
import type { RecordTask } from './RecordDrawer';
import { collectionRights } from './row_rights';
import type { RowActions } from './RowMenu';
import { SortButton } from './SortButton';
import { useGrid } from './use_grid';

const RecordDrawer = lazy(() => import('./RecordDrawer').then((module) => ({ default: module.RecordDrawer })));

interface RecordsPageProps {
  collection: string;
  search: GridSearch;
  onSearch: (next: GridSearch) => void;
}

const typedConfirmFrom = 100;

export function RecordsPage(props: RecordsPageProps) {
  const t = useT();
  const catalog = useCatalog();
  if (!catalog.find(props.collection)) {
    return <EmptyState icon={<IconDatabaseOff size={32} aria-hidden />} title={t('grid.noCollection', { name: props.collection })} text={t('grid.noCollectionText')} />;
  }
  return <CollectionRecords {...props} />;
}

function CollectionRecords({ collection, search, onSearch }: RecordsPageProps) {
  const t = useT();
  const catalog = useCatalog();
  const permissions = usePermissions();
  const grid = useGrid(collection, search, onSearch);
  const definition = grid.definition!;
  const rights = collectionRights(definition, catalog, permissions, grid.rows.data?.meta);
  const [task, setTask] = useState<RecordTask>();
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [doomed, setDoomed] = useState<Row[]>([]);

  const shown: RecordTask | undefined = task ?? (search.row === undefined ? undefined : { kind: 'view', key: parseKey(search.row) });
  const changeTask = (next: RecordTask | undefined) => {
    setTask(next?.kind === 'view' ? undefined : next);
    const row = next?.kind === 'view' ? keyText(next.key) : undefined;
    if (row !== search.row) onSearch({ row });
  };
  const keyOf = (row: Row) => catalog.keyOf(collection, row);
  const actions: RowActions = {
    view: (row) => changeTask({ kind: 'view', key: keyOf(row) }),
    edit: (row) => changeTask({ kind: 'edit', key: keyOf(row) }),
    duplicate: (row) => changeTask({ kind: 'create', copyOf: keyOf(row) }),
    addChild: (row) => changeTask({ kind: 'create', start: childOf(catalog, collection, row) }),
    destroy: setDoomed,
  };
  const destroy = useMutation({
    mutationFn: (rows: Row[]) => destroyRows(resourcePath(collection), rows.map(keyOf)),
    onSuccess: async (count, rows) => {
      setDoomed([]);
      setSelection({});
      await queryClient.invalidateQueries({ queryKey: ['rows'] });
      if (count < rows.length) notifyWarning(t('record.someDeleted', { count, asked: rows.length }));
      else notifyDone(t('record.deleted', { count }));
    },
  });
  const rows = grid.rows.data?.data ?? [];
  const selected = flatten(rows).filter((row) => selection[keyText(keyOf(row))]);
  const narrowed = Boolean(search.q || grid.filter);

  return (
    <>
      <PageHeader title={displayText(definition.title) || collection} description={definition.description}>
        {permissions.mayConfigure(area.collections) && (
          <Tooltip label={t('grid.design')}>
            <ActionIcon component={Link} to="/admin/collections/$name" params={{ name: collection } as never} variant="default" size={36} aria-label={t('grid.design')}>
              <IconSettings size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        {rights.create && <Button leftSection={<IconPlus size={16} />} onClick={() => changeTask({ kind: 'create' })}>{t('record.add')}</Button>}
      </PageHeader>
      <Group gap="xs" mb="sm" role="toolbar" aria-label={t('grid.toolbar')}>
        <QuickSearch value={search.q ?? ''} onSearch={(word) => onSearch({ q: word || undefined, page: undefined })} />
        <FilterButton collection={collection} grid={grid} />
        <SortButton grid={grid} />
        <ColumnsButton grid={grid} />
        {rights.export && <ExportButton collection={collection} grid={grid} />}
        <Tooltip label={t('common.refresh')}>
          <ActionIcon variant="default" size={30} aria-label={t('common.refresh')} loading={grid.rows.isFetching && !grid.rows.isPending} onClick={() => void grid.rows.refetch()}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
        {selected.length > 0 && (
          <Button size="xs" color="red" variant="light" leftSection={<IconTrash size={16} />} onClick={() => setDoomed(selected)}>
            {t('grid.deleteSelected', { count: selected.length })}
          </Button>
        )}
      </Group>
      {grid.rows.data && <Box mb="xs"><ErrorAlert error={grid.rows.error} title={t('grid.stale')} /></Box>}
      {grid.rows.isPending ? (
        <TableSkeleton />
      ) : !grid.rows.data ? (
        <ErrorState error={grid.rows.error} onRetry={() => void grid.rows.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={narrowed ? t('grid.noMatch') : t('grid.empty')} text={narrowed ? t('grid.noMatchText') : undefined}>
          {narrowed && <Anchor component="button" onClick={() => onSearch({ q: undefined, filter: undefined, page: undefined })}>{t('grid.clearAll')}</Anchor>}
          {!narrowed && rights.create && <Button variant="light" mt="xs" onClick={() => changeTask({ kind: 'create' })}>{t('grid.addFirst')}</Button>}
        </EmptyState>
      ) : (
        <GridTable collection={collection} grid={grid} rights={rights} actions={actions} selection={selection} onSelection={setSelection} />
      )}
      {grid.rows.data && <GridFooter meta={grid.rows.data?.meta} shown={rows.length} search={search} onSearch={onSearch} />}
      <Suspense>
        <RecordDrawer collection={collection} task={shown} onTask={changeTask} mayUpdate={rights.update} />
      </Suspense>
      <ConfirmDialog
        opened={doomed.length > 0}
        onClose={() => setDoomed([])}
        onConfirm={() => destroy.mutate(doomed)}
        title={t('record.deleteTitle', { count: doomed.length })}
        confirmLabel={t('common.delete')}
        typed={doomed.length > typedConfirmFrom ? String(doomed.length) : undefined}
        busy={destroy.isPending}
        error={destroy.error}
      >
        {t('record.deleteText')}
        <Text size="sm" c="dimmed" mt={4}>{nameRows(catalog, collection, doomed)}</Text>
      </ConfirmDialog>
    </>
  );
}

function flatten(rows: Row[]): Row[] {
  return rows.flatMap((row) => [row, ...flatten((row.children as Row[] | undefined) ?? [])]);
}

function parseKey(text: string): unknown {
  return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
}

function childOf(catalog: Catalog, collection: string, row: Row): Row {
  const parent = catalog.fields(collection).find((field) => field.treeParent)?.name ?? 'parent';
  return { [parent]: row };
}

function nameRows(catalog: Catalog, collection: string, rows: Row[]): string {
  const title = catalog.titleField(collection);
  const names = rows.slice(0, 5).map((row) => String((title && row[title]) ?? keyText(catalog.keyOf(collection, row))));
  return names.join(', ') + (rows.length > names.length ? ' …' : '');
}
