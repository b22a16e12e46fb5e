// Collections whose permissions differ from the role's general ones.
import { Badge, Button, Card, Table, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listRoleCollections, type RoleCollection } from '@/api/roles';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { ErrorState } from '@/parts/kit/ErrorState';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { ResourceForm } from './ResourceForm';

export function CollectionPermissions({ role }: { role: string }) {
  const t = useT();
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<RoleCollection>();
  const collections = useQuery({ queryKey: ['roles', role, 'collections'], queryFn: () => listRoleCollections(role) });
  const word = search.trim().toLowerCase();
  const nameOf = (entry: RoleCollection) => entry.collectionName ?? entry.name;
  const titleOf = (entry: RoleCollection) => displayText(entry.title) || nameOf(entry);
  const shown = (collections.data ?? []).filter((entry) => `${nameOf(entry)} ${titleOf(entry)}`.toLowerCase().includes(word));
  return (
    <Card withBorder>
      <Title order={2} mb={4}>{t('permission.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('permission.text')}</Text>
      <TextInput size="xs" type="search" maw={260} mb="xs" leftSection={<IconSearch size={14} />} aria-label={t('nav.searchCollections')} placeholder={t('nav.searchCollections')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {collections.isPending ? (
        <TableSkeleton rows={5} />
      ) : collections.isError ? (
        <ErrorState error={collections.error} onRetry={() => void collections.refetch()} />
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table verticalSpacing={6} highlightOnHover>
            <Table.Tbody>
              {shown.map((entry) => (
                <Table.Tr key={nameOf(entry)}>
                  <Table.Td><Text size="sm" fw={500}>{titleOf(entry)}</Text></Table.Td>
                  <Table.Td><Text size="sm" ff="monospace" c="dimmed">{nameOf(entry)}</Text></Table.Td>
                  <Table.Td>
                    {entry.usingConfig === 'resourceAction'
                      ? <Badge variant="light" tt="none" fw={500}>{t('permission.individual')}</Badge>
                      : <Badge variant="light" color="gray" tt="none" fw={500}>{t('permission.general')}</Badge>}
                  </Table.Td>
                  <Table.Td ta="end">
                    <Button size="compact-xs" variant="subtle" onClick={() => setEdited(entry)} aria-label={t('permission.configureName', { name: titleOf(entry) })}>{t('permission.configure')}</Button>
                  </Table.Td>
                </Table.Tr>
              ))}
              {shown.length === 0 && <Table.Tr><Table.Td c="dimmed">{t('common.nothingFound')}</Table.Td></Table.Tr>}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <SideDrawer opened={edited !== undefined} onClose={() => setEdited(undefined)} title={edited ? t('permission.of', { name: titleOf(edited) }) : ''} size="xl">
        {edited && <ResourceForm role={role} collection={nameOf(edited)} onDone={() => setEdited(undefined)} onCancel={() => setEdited(undefined)} />}
      </SideDrawer>
    </Card>
  );
}
