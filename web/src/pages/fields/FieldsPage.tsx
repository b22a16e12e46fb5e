// The fields of one collection: adding, changing, ordering and deleting them.
import { ActionIcon, Anchor, Badge, Breadcrumbs, Button, Card, Group, Menu, Table, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconDots, IconPencil, IconPlus, IconTable, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { destroyField, listFields, moveField } from '@/api/catalog';
import { catalogChanged } from '@/api/queries';
import type { Collection, Field } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText, fieldTitle, isRelation, isSystem } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { isRequired } from '@/parts/fields/kind';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyDone, notifyError } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { CollectionDrawer } from '../collections/CollectionDrawer';
import { DeleteCollection } from '../collections/DeleteCollection';
import { FieldDrawer } from './FieldDrawer';
import { findInterface } from './interfaces';

export function FieldsPage({ collection }: { collection: string }) {
  const t = useT();
  const definition = useCatalog().find(collection);
  if (!definition) return <EmptyState title={t('grid.noCollection', { name: collection })} text={t('grid.noCollectionText')} />;
  return <CollectionFields collection={definition} />;
}

function CollectionFields({ collection }: { collection: Collection }) {
  const t = useT();
  const navigate = useNavigate();
  const catalog = useCatalog();
  const fields = useQuery({ queryKey: ['fields', collection.name], queryFn: () => listFields(collection.name) });
  const [adding, add] = useDisclosure(false);
  const [editing, edit] = useDisclosure(false);
  const [edited, setEdited] = useState<Field>();
  const [doomed, setDoomed] = useState<Field>();
  const [doomedCollection, setDoomedCollection] = useState<Collection>();
  const destroy = useMutation({
    mutationFn: (field: Field) => destroyField(collection.name, field.name),
    onSuccess: async () => {
      setDoomed(undefined);
      await catalogChanged();
      notifyDone(t('field.deleted'));
    },
  });
  const move = useMutation({
    mutationFn: ([from, to]: [Field, Field]) => moveField(collection.name, from.key, to.key),
    onSuccess: catalogChanged,
    onError: notifyError,
  });
  const list = fields.data ?? [];
  const inherited = catalog.fields(collection.name).filter((field) => !list.some((own) => own.name === field.name));
  const title = displayText(collection.title) || collection.name;
  return (
    <>
      <PageHeader
        title={title}
        description={collection.description}
        above={
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to="/admin/collections" size="sm">{t('nav.design')}</Anchor>
            <Text size="sm" c="dimmed" ff="monospace">{collection.name}</Text>
          </Breadcrumbs>
        }
      >
        <Button component={Link} to="/admin/collections/$name/records" params={{ name: collection.name } as never} variant="default" leftSection={<IconTable size={16} />}>
          {t('collection.rows')}
        </Button>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t('collection.menu', { name: collection.name })}><IconDots size={18} /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={edit.open}>{t('collection.edit')}</Menu.Item>
            {!isSystem(collection) && <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDoomedCollection(collection)}>{t('collection.delete')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
        <Button leftSection={<IconPlus size={16} />} onClick={add.open}>{t('field.add')}</Button>
      </PageHeader>
      {fields.isPending ? (
        <TableSkeleton />
      ) : fields.isError ? (
        <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />
      ) : list.length + inherited.length === 0 ? (
        <EmptyState title={t('field.empty')}><Button variant="light" mt="xs" onClick={add.open}>{t('field.add')}</Button></EmptyState>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={760}>
            <Table verticalSpacing="xs" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('field.title')}</Table.Th>
                  <Table.Th>{t('field.name')}</Table.Th>
                  <Table.Th>{t('field.interface')}</Table.Th>
                  <Table.Th>{t('field.type')}</Table.Th>
                  <Table.Th>{t('field.traits')}</Table.Th>
                  <Table.Th><VisuallyHidden>{t('grid.actions')}</VisuallyHidden></Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.map((field, index) => (
                  <FieldRow
                    key={field.key}
                    field={field}
                    onEdit={() => setEdited(field)}
                    onDelete={() => setDoomed(field)}
                    onUp={list[index - 1] && (() => move.mutate([field, list[index - 1]!]))}
                    onDown={list[index + 1] && (() => move.mutate([field, list[index + 1]!]))}
                  />
                ))}
                {inherited.map((field) => <FieldRow key={field.key} field={field} />)}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <SideDrawer opened={adding} onClose={add.close} title={t('field.add')} size="xl">
        {adding && <FieldDrawer collection={collection.name} onDone={add.close} onCancel={add.close} />}
      </SideDrawer>
      <SideDrawer opened={edited !== undefined} onClose={() => setEdited(undefined)} title={t('field.edit')} size="xl">
        {edited && <FieldDrawer collection={collection.name} field={edited} onDone={() => setEdited(undefined)} onCancel={() => setEdited(undefined)} />}
      </SideDrawer>
      <SideDrawer opened={editing} onClose={edit.close} title={t('collection.edit')}>
        {editing && <CollectionDrawer collection={collection} onDone={edit.close} onCancel={edit.close} />}
      </SideDrawer>
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => {
          destroy.reset();
          setDoomed(undefined);
        }}
        onConfirm={() => doomed && destroy.mutate(doomed)}
        title={t('field.deleteTitle', { name: doomed ? fieldTitle(doomed) : '' })}
        confirmLabel={t('field.delete')}
        typed={doomed?.name}
        busy={destroy.isPending}
        error={destroy.error}
      >
        {t('field.deleteText')}
      </ConfirmDialog>
      <DeleteCollection collection={doomedCollection} onClose={() => setDoomedCollection(undefined)} onDone={() => void navigate({ to: '/admin/collections' })} />
    </>
  );
}

interface FieldRowProps {
  field: Field;
  onEdit?: () => void;
  onDelete?: () => void;
  onUp?: (() => void) | undefined;
  onDown?: (() => void) | undefined;
}

/** One field; without actions it belongs to a parent collection. */
function FieldRow({ field, onEdit, onDelete, onUp, onDown }: FieldRowProps) {
  const t = useT();
  const spec = findInterface(field.interface);
  const traits = [
    field.primaryKey && t('field.primaryKey'),
    isRequired(field) && !field.primaryKey && t('field.required'),
    field.unique && t('field.unique'),
    field.index && t('field.index'),
    field.hidden && t('field.hidden'),
    field.isForeignKey && t('field.foreignKey'),
    !onEdit && t('field.inherited'),
  ].filter((trait) => typeof trait === 'string');
  const mayChange = spec !== undefined && !field.primaryKey && !field.isForeignKey;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>{fieldTitle(field)}</Text>
        {field.description && <Text size="xs" c="dimmed" lineClamp={1}>{field.description}</Text>}
      </Table.Td>
      <Table.Td><Text size="sm" ff="monospace">{field.name}</Text></Table.Td>
      <Table.Td>
        {spec ? t(`interface.${spec.name}`) : (field.interface ?? '—')}
        {isRelation(field) && <Text span size="sm" c="dimmed"> → {field.target}</Text>}
      </Table.Td>
      <Table.Td><Text size="sm" ff="monospace" c="dimmed">{field.type}</Text></Table.Td>
      <Table.Td><Group gap={4}>{traits.map((trait) => <Badge key={trait} variant="light" color="gray" tt="none" fw={500}>{trait}</Badge>)}</Group></Table.Td>
      <Table.Td>
        {onEdit && onDelete && (
          <Group gap={2} justify="flex-end" wrap="nowrap">
            <ActionIcon variant="subtle" color="gray" disabled={!onUp} aria-label={t('grid.moveUp', { name: fieldTitle(field) })} onClick={onUp}><IconArrowUp size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" disabled={!onDown} aria-label={t('grid.moveDown', { name: fieldTitle(field) })} onClick={onDown}><IconArrowDown size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" disabled={!mayChange} aria-label={t('field.editName', { name: fieldTitle(field) })} onClick={onEdit}><IconPencil size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="red" disabled={Boolean(field.primaryKey)} aria-label={t('field.deleteTitle', { name: fieldTitle(field) })} onClick={onDelete}><IconTrash size={16} /></ActionIcon>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
