// The people who may sign in, and the roles they have.
import { ActionIcon, Badge, Button, Card, Group, Menu, Pagination, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconDots, IconKey, IconPencil, IconPlus, IconSearch, IconTrash, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient, userQuery } from '@/api/queries';
import { destroyUsers, listUsers } from '@/api/roles';
import type { User } from '@/api/types';
import { useLocale, useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { formatInstant } from '@/parts/fields/format_value';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyDone } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { ResetPassword } from './ResetPassword';
import { UserForm } from './UserForm';

const pageSize = 20;

export function UsersPage() {
  const t = useT();
  const [search, setSearch] = useState('');
  const [word] = useDebouncedValue(search.trim(), 300);
  const [page, setPage] = useState(1);
  const [creating, create] = useDisclosure(false);
  const [edited, setEdited] = useState<User>();
  const [reset, setReset] = useState<User>();
  const [doomed, setDoomed] = useState<User>();
  const filter = word ? { $or: ['nickname', 'username', 'email'].map((name) => ({ [name]: { $includes: word } })) } : undefined;
  const users = useQuery({
    queryKey: ['users', page, word],
    queryFn: ({ signal }) => listUsers({ page, pageSize, ...(filter ? { filter } : {}) }, signal),
    placeholderData: keepPreviousData,
  });
  const destroy = useMutation({
    mutationFn: (user: User) => destroyUsers([user.id]),
    onSuccess: async () => {
      setDoomed(undefined);
      await queryClient.invalidateQueries({ queryKey: ['users'] });
      notifyDone(t('users.deleted'));
    },
  });
  const count = users.data?.meta.count ?? 0;
  const rows = users.data?.data ?? [];
  return (
    <>
      <PageHeader title={t('nav.users')} description={t('users.pageText')}>
        <Button leftSection={<IconPlus size={16} />} onClick={create.open}>{t('users.new')}</Button>
      </PageHeader>
      <TextInput
        size="xs"
        type="search"
        mb="sm"
        maw={280}
        leftSection={<IconSearch size={14} />}
        aria-label={t('users.search')}
        placeholder={t('users.search')}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setPage(1);
        }}
      />
      {users.isPending ? (
        <TableSkeleton />
      ) : users.isError ? (
        <ErrorState error={users.error} onRetry={() => void users.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<IconUsers size={32} aria-hidden />} title={t('common.nothingFound')} />
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={680}>
            <Table verticalSpacing="xs" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('user.nickname')}</Table.Th>
                  <Table.Th>{t('user.username')}</Table.Th>
                  <Table.Th>{t('user.email')}</Table.Th>
                  <Table.Th>{t('title.roles')}</Table.Th>
                  <Table.Th>{t('title.createdAt')}</Table.Th>
                  <Table.Th><VisuallyHidden>{t('grid.actions')}</VisuallyHidden></Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((user) => (
                  <UserRow key={user.id} user={user} onEdit={() => setEdited(user)} onReset={() => setReset(user)} onDelete={() => setDoomed(user)} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed" aria-live="polite">{users.isSuccess && t('users.count', { count })}</Text>
        {count > pageSize && <Pagination size="sm" total={Math.ceil(count / pageSize)} value={page} onChange={setPage} />}
      </Group>
      <SideDrawer opened={creating} onClose={create.close} title={t('users.new')}>
        {creating && <UserForm onDone={create.close} onCancel={create.close} />}
      </SideDrawer>
      <SideDrawer opened={edited !== undefined} onClose={() => setEdited(undefined)} title={t('users.edit')}>
        {edited && <UserForm user={edited} onDone={() => setEdited(undefined)} onCancel={() => setEdited(undefined)} />}
      </SideDrawer>
      <ResetPassword user={reset} onClose={() => setReset(undefined)} />
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => {
          destroy.reset();
          setDoomed(undefined);
        }}
        onConfirm={() => doomed && destroy.mutate(doomed)}
        title={t('users.deleteTitle', { name: doomed?.nickname || doomed?.username || doomed?.email || '' })}
        confirmLabel={t('common.delete')}
        busy={destroy.isPending}
        error={destroy.error}
      >
        {t('users.deleteText')}
      </ConfirmDialog>
    </>
  );
}

function UserRow({ user, onEdit, onReset, onDelete }: { user: User; onEdit: () => void; onReset: () => void; onDelete: () => void }) {
  const t = useT();
  const locale = useLocale();
  const self = useQuery(userQuery).data?.id === user.id;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6}>
          <Text size="sm" fw={500}>{user.nickname || user.username || user.email}</Text>
          {self && <Badge variant="light" tt="none" size="sm">{t('users.you')}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>{user.username}</Table.Td>
      <Table.Td>{user.email}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          {(user.roles ?? []).map((role) => <Badge key={role.name} variant="light" color="gray" tt="none" fw={500}>{displayText(role.title) || role.name}</Badge>)}
        </Group>
      </Table.Td>
      <Table.Td>{user.createdAt ? formatInstant(user.createdAt, locale) : ''}</Table.Td>
      <Table.Td ta="end">
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('users.menu', { name: user.nickname || user.username || '' })}><IconDots size={16} /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>{t('common.edit')}</Menu.Item>
            <Menu.Item leftSection={<IconKey size={16} />} onClick={onReset}>{t('users.resetPassword')}</Menu.Item>
            {!self && <Menu.Divider />}
            {!self && <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>{t('common.delete')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
