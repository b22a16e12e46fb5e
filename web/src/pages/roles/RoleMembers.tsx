import { ActionIcon, Button, Card, Group, Pagination, Select, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUserMinus } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '@/api/queries';
import { linkRows, listRows, resourcePath } from '@/api/records';
import { listUsers } from '@/api/roles';
import type { Key, User } from '@/api/types';
import { useT } from '@/base/i18n';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyError } from '@/parts/kit/notify';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';

const pageSize = 20;
const nameOf = (user: User) => user.nickname || user.username || user.email || `#${user.id}`;

/** The people who have the role; adding and removing them. */
export function RoleMembers({ role }: { role: string }) {
  const t = useT();
  const [page, setPage] = useState(1);
  const [search, setSearch] = useState('');
  const [word] = useDebouncedValue(search.trim(), 300);
  const [chosen, setChosen] = useState<string | null>(null);
  const path = resourcePath('roles', role, 'users');
  const members = useQuery({
    queryKey: ['roles', role, 'members', page],
    queryFn: ({ signal }) => listRows(path, { page, pageSize }, signal),
    placeholderData: keepPreviousData,
  });
  const candidates = useQuery({
    queryKey: ['users', 'candidates', word],
    queryFn: ({ signal }) =>
      listUsers({ pageSize: 20, ...(word ? { filter: { $or: ['nickname', 'username', 'email'].map((name) => ({ [name]: { $includes: word } })) } } : {}) }, signal),
    placeholderData: keepPreviousData,
  });
  const change = useMutation({
    mutationFn: ({ action, id }: { action: 'add' | 'remove'; id: Key }) => linkRows(path, action, [id]),
    onSuccess: () => {
      setChosen(null);
      return Promise.all([queryClient.invalidateQueries({ queryKey: ['roles', role, 'members'] }), queryClient.invalidateQueries({ queryKey: ['users'] }), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
    },
    onError: notifyError,
  });
  const users = (members.data?.data ?? []) as User[];
  const free = (candidates.data?.data ?? []).filter((user) => !user.roles?.some((other) => other.name === role));
  return (
    <Card withBorder>
      <Group align="flex-end" mb="sm" gap="xs">
        <Select
          label={t('members.add')}
          placeholder={t('users.search')}
          searchable
          w={300}
          data={free.map((user) => ({ value: String(user.id), label: nameOf(user) }))}
          filter={({ options }) => options}
          searchValue={search}
          onSearchChange={setSearch}
          value={chosen}
          onChange={setChosen}
          nothingFoundMessage={t('common.nothingFound')}
        />
        <Button variant="light" disabled={!chosen} loading={change.isPending} onClick={() => chosen && change.mutate({ action: 'add', id: free.find((user) => String(user.id) === chosen)?.id ?? chosen })}>{t('common.add')}</Button>
      </Group>
      {members.isPending ? (
        <TableSkeleton rows={4} />
      ) : members.isError ? (
        <ErrorState error={members.error} onRetry={() => void members.refetch()} />
      ) : users.length === 0 ? (
        <Text size="sm" c="dimmed">{t('members.empty')}</Text>
      ) : (
        <Table verticalSpacing={6} highlightOnHover>
          <Table.Tbody>
            {users.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td><Text size="sm" fw={500}>{nameOf(user)}</Text></Table.Td>
                <Table.Td>{user.email}</Table.Td>
                <Table.Td ta="end">
                  <ActionIcon variant="subtle" color="red" aria-label={t('members.remove', { name: nameOf(user) })} onClick={() => change.mutate({ action: 'remove', id: user.id })}><IconUserMinus size={16} /></ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {(members.data?.meta.count ?? 0) > pageSize && <Pagination mt="sm" size="sm" total={Math.ceil((members.data?.meta.count ?? 0) / pageSize)} value={page} onChange={setPage} />}
    </Card>
  );
}
