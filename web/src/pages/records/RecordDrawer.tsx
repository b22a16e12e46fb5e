// One record beside the grid: reading it, changing it, or making a new one.
import { Button, Group, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getRow, resourcePath } from '@/api/records';
import type { Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { isRelation } from '@/parts/catalog/catalog';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { isEditable, isShown } from '@/parts/fields/kind';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorState } from '@/parts/kit/ErrorState';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { RecordDetails } from './RecordDetails';
import { RecordForm } from './RecordForm';

export type RecordTask =
  | { kind: 'create'; start?: Row; copyOf?: unknown }
  | { kind: 'view'; key: unknown }
  | { kind: 'edit'; key: unknown };

interface RecordDrawerProps {
  collection: string;
  task: RecordTask | undefined;
  onTask: (task: RecordTask | undefined) => void;
  mayUpdate: boolean;
}

export function RecordDrawer({ collection, task, onTask, mayUpdate }: RecordDrawerProps) {
  const t = useT();
  const catalog = useCatalog();
  const [dirty, setDirty] = useState(false);
  const [asking, setAsking] = useState(false);
  const title = catalog.title(collection);
  const close = () => {
    setDirty(false);
    setAsking(false);
    onTask(undefined);
  };
  const titles = {
    create: t('record.newTitle', { collection: title }),
    edit: t('record.editTitle', { collection: title }),
    view: t('record.viewTitle', { collection: title }),
  };
  return (
    <>
      <SideDrawer opened={task !== undefined} onClose={() => (dirty ? setAsking(true) : close())} title={task ? titles[task.kind] : ''} size="xl">
        {task && <TaskBody key={JSON.stringify(task)} collection={collection} task={task} onTask={onTask} onClose={close} onDirty={setDirty} mayUpdate={mayUpdate} />}
      </SideDrawer>
      <ConfirmDialog opened={asking} onClose={() => setAsking(false)} onConfirm={close} title={t('record.discardTitle')} confirmLabel={t('record.discard')}>
        {t('record.discardText')}
      </ConfirmDialog>
    </>
  );
}

interface TaskBodyProps extends Omit<RecordDrawerProps, 'task'> {
  task: RecordTask;
  onClose: () => void;
  onDirty: (dirty: boolean) => void;
}

function TaskBody({ collection, task, onTask, onClose, onDirty, mayUpdate }: TaskBodyProps) {
  const t = useT();
  const catalog = useCatalog();
  const permissions = usePermissions();
  const fields = catalog.fields(collection);
  const key = task.kind === 'create' ? task.copyOf : task.key;
  const query = {
    filterByTk: key,
    appends: fields.filter((field) => isRelation(field) && !field.hidden && !field.treeChildren && permissions.canField(collection, 'view', field.name)).map((field) => field.name),
    ...(task.kind === 'create' ? { isTemplate: true } : {}),
  };
  const record = useQuery({
    queryKey: ['rows', collection, 'one', query],
    queryFn: ({ signal }) => getRow(resourcePath(collection), query, signal),
    enabled: key !== undefined,
    staleTime: task.kind === 'view' ? 5_000 : 0,
    gcTime: task.kind === 'view' ? 60_000 : 0,
  });
  if (key !== undefined) {
    if (record.isError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
    if (record.isPending || (task.kind !== 'view' && record.isFetching)) return <TableSkeleton rows={5} />;
    if (!record.data.data) return <EmptyState title={t('record.gone')} text={t('record.goneText')} />;
  }
  const row = record.data?.data ?? undefined;
  if (task.kind === 'view') {
    if (!row) return null;
    const editable = mayUpdate && (record.data?.meta?.allowedActions?.update?.length ?? 1) > 0;
    return (
      <>
        {editable && (
          <Group justify="flex-end" mb="sm">
            <Button size="xs" variant="light" leftSection={<IconPencil size={16} />} onClick={() => onTask({ kind: 'edit', key: task.key })}>{t('common.edit')}</Button>
          </Group>
        )}
        <RecordDetails collection={collection} row={row} fields={fields.filter((field) => isShown(field) && permissions.canField(collection, 'view', field.name))} />
      </>
    );
  }
  const action = task.kind === 'create' ? 'create' : 'update';
  const editable = fields.filter((field) => isEditable(field) && !field.treeChildren && permissions.canField(collection, action, field.name));
  if (editable.length === 0) return <Text c="dimmed">{t('record.noFields')}</Text>;
  const copied = task.kind === 'create' && row ? Object.fromEntries(editable.map((field) => [field.name, row[field.name] ?? null])) : undefined;
  return (
    <RecordForm
      collection={collection}
      fields={editable}
      row={task.kind === 'edit' ? row : undefined}
      start={task.kind === 'create' ? { ...copied, ...task.start } : undefined}
      onDone={onClose}
      onCancel={onClose}
      onDirty={onDirty}
    />
  );
}
