// All collections: making, changing and deleting them, and the way to their fields and rows.
import { ActionIcon, Anchor, Badge, Button, Card, Group, Menu, SegmentedControl, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDatabasePlus, IconDots, IconListDetails, IconPencil, IconPlus, IconSearch, IconTable, IconTags, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { listCollections } from '@/api/catalog';
import { categoriesQuery } from '@/api/queries';
import type { Collection } from '@/api/types';
import { useT, type MessageKey } from '@/base/i18n';
import { displayText, isSystem } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { themeColor } from '@/parts/fields/colors';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorState } from '@/parts/kit/ErrorState';
import { PageHeader } from '@/parts/kit/PageHeader';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { CategoriesDialog } from './CategoriesDialog';
import { CollectionDrawer } from './CollectionDrawer';
import { templates } from './collection_body';
import { DeleteCollection } from './DeleteCollection';

const everything = 'all';

export function CollectionsPage() {
  const t = useT();
  const navigate = useNavigate();
  const collections = useQuery({ queryKey: ['collections'], queryFn: listCollections });
  const categories = useQuery(categoriesQuery);
  const [search, setSearch] = useState('');
  const [category, setCategory] = useState(everything);
  const [categoriesOpen, categoriesDialog] = useDisclosure(false);
  const [creating, create] = useDisclosure(false);
  const [edited, setEdited] = useState<Collection>();
  const [doomed, setDoomed] = useState<Collection>();
  const word = search.trim().toLowerCase();
  const shown = (collections.data ?? []).filter(
    (collection) =>
      `${collection.name} ${displayText(collection.title)}`.toLowerCase().includes(word)
      && (category === everything || collection.category?.some(({ id }) => String(id) === category)),
  );
  return (
    <>
      <PageHeader title={t('nav.design')} description={t('collection.pageText')}>
        <Button variant="default" leftSection={<IconTags size={16} />} onClick={categoriesDialog.open}>{t('category.title')}</Button>
        <Button leftSection={<IconPlus size={16} />} onClick={create.open}>{t('collection.new')}</Button>
      </PageHeader>
      <Group mb="sm" gap="sm">
        <TextInput
          size="xs"
          type="search"
          w={{ base: '100%', xs: 240 }}
          leftSection={<IconSearch size={14} />}
          aria-label={t('nav.searchCollections')}
          placeholder={t('nav.searchCollections')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {(categories.data?.length ?? 0) > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={t('category.title')}
            value={category}
            onChange={setCategory}
            data={[{ value: everything, label: t('common.all') }, ...(categories.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))]}
          />
        )}
      </Group>
      {collections.isPending ? (
        <TableSkeleton />
      ) : collections.isError ? (
        <ErrorState error={collections.error} onRetry={() => void collections.refetch()} />
      ) : shown.length === 0 ? (
        <EmptyState
          icon={<IconDatabasePlus size={32} aria-hidden />}
          title={word || category !== everything ? t('common.nothingFound') : t('collection.empty')}
          text={word || category !== everything ? undefined : t('collection.emptyText')}
        >
          {!word && <Button variant="light" mt="xs" onClick={create.open}>{t('collection.new')}</Button>}
        </EmptyState>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="xs" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('collection.title')}</Table.Th>
                  <Table.Th>{t('collection.name')}</Table.Th>
                  <Table.Th>{t('collection.template')}</Table.Th>
                  <Table.Th>{t('collection.categories')}</Table.Th>
                  <Table.Th>{t('collection.fields')}</Table.Th>
                  <Table.Th><VisuallyHidden>{t('grid.actions')}</VisuallyHidden></Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((collection) => (
                  <CollectionRow key={collection.name} collection={collection} onEdit={setEdited} onDelete={setDoomed} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <SideDrawer opened={creating} onClose={create.close} title={t('collection.new')}>
        {creating && (
          <CollectionDrawer
            onCancel={create.close}
            onDone={(name) => {
              create.close();
              void navigate({ to: '/admin/collections/$name', params: { name } });
            }}
          />
        )}
      </SideDrawer>
      <SideDrawer opened={edited !== undefined} onClose={() => setEdited(undefined)} title={t('collection.edit')}>
        {edited && <CollectionDrawer collection={edited} onCancel={() => setEdited(undefined)} onDone={() => setEdited(undefined)} />}
      </SideDrawer>
      <DeleteCollection collection={doomed} onClose={() => setDoomed(undefined)} />
      <CategoriesDialog opened={categoriesOpen} onClose={categoriesDialog.close} />
    </>
  );
}

export function templateLabel(collection: Collection): MessageKey | undefined {
  const name = collection.inherits?.length ? 'inherit' : (collection.template ?? (collection.tree ? 'tree' : 'general'));
  const known = templates.find((template) => template === name);
  return known && `template.${known}`;
}

interface CollectionRowProps {
  collection: Collection;
  onEdit: (collection: Collection) => void;
  onDelete: (collection: Collection) => void;
}

function CollectionRow({ collection, onEdit, onDelete }: CollectionRowProps) {
  const t = useT();
  const catalog = useCatalog();
  const label = templateLabel(collection);
  const params = { name: collection.name } as never;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to="/admin/collections/$name" params={params} fw={500} size="sm">{displayText(collection.title) || collection.name}</Anchor>
        {collection.description && <Text size="xs" c="dimmed" lineClamp={1}>{collection.description}</Text>}
      </Table.Td>
      <Table.Td><Text size="sm" ff="monospace">{collection.name}</Text></Table.Td>
      <Table.Td><Badge variant="light" color="gray" tt="none" fw={500}>{isSystem(collection) ? t('collection.system') : label ? t(label) : collection.template}</Badge></Table.Td>
      <Table.Td>
        <Group gap={4}>
          {(collection.category ?? []).map(({ id, name, color }) => <Badge key={id} variant="light" color={themeColor(color)} tt="none" fw={500}>{name}</Badge>)}
        </Group>
      </Table.Td>
      <Table.Td>{catalog.fields(collection.name).length}</Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button component={Link} to="/admin/collections/$name/records" params={params} size="compact-xs" variant="subtle" leftSection={<IconTable size={14} />}>{t('collection.rows')}</Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('collection.menu', { name: collection.name })}><IconDots size={16} /></ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to="/admin/collections/$name" params={params} leftSection={<IconListDetails size={16} />}>{t('collection.fields')}</Menu.Item>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onEdit(collection)}>{t('common.edit')}</Menu.Item>
              {!isSystem(collection) && (
                <>
                  <Menu.Divider />
                  <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => onDelete(collection)}>{t('common.delete')}</Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
