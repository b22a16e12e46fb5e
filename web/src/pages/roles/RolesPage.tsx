// The roles, and how the roles of one person combine.
import { ActionIcon, Anchor, Badge, Button, Card, Radio, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { queryClient, rolesQuery, settingsQuery } from '@/api/queries';
import { destroyRole, setRoleMode } from '@/api/roles';
import type { Role } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { ErrorState } from '@/parts/kit/ErrorState';
import { notifyDone, notifyError } from '@/parts/kit/notify';
import { PageHeader } from '@/parts/kit/PageHeader';
import { SideDrawer } from '@/parts/kit/SideDrawer';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { RoleForm } from './RoleForm';

const builtIn = new Set(['root', 'admin', 'member']);
const modes = ['default', 'allow-use-union', 'only-use-union'] as const;

export function RolesPage() {
  const t = useT();
  const navigate = useNavigate();
  const roles = useQuery(rolesQuery);
  const [creating, create] = useDisclosure(false);
  const [doomed, setDoomed] = useState<Role>();
  const destroy = useMutation({
    mutationFn: (role: Role) => destroyRole(role.name),
    onSuccess: async () => {
      setDoomed(undefined);
      await queryClient.invalidateQueries({ queryKey: ['roles'] });
      notifyDone(t('roles.deleted'));
    },
  });
  return (
    <>
      <PageHeader title={t('nav.roles')} description={t('roles.pageText')}>
        <Button leftSection={<IconPlus size={16} />} onClick={create.open}>{t('roles.new')}</Button>
      </PageHeader>
      <Stack gap="lg">
        {roles.isPending ? (
          <TableSkeleton rows={4} />
        ) : roles.isError ? (
          <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />
        ) : (
          <Card withBorder padding={0}>
            <Table.ScrollContainer minWidth={520}>
              <Table verticalSpacing="xs" highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('roles.title')}</Table.Th>
                    <Table.Th>{t('collection.name')}</Table.Th>
                    <Table.Th>{t('common.description')}</Table.Th>
                    <Table.Th><VisuallyHidden>{t('grid.actions')}</VisuallyHidden></Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {roles.data.map((role) => (
                    <Table.Tr key={role.name}>
                      <Table.Td>
                        <Anchor component={Link} to="/admin/roles/$name" params={{ name: role.name } as never} size="sm" fw={500}>{displayText(role.title) || role.name}</Anchor>
                        {role.default && <Badge ml="xs" size="sm" variant="light" tt="none">{t('roles.default')}</Badge>}
                      </Table.Td>
                      <Table.Td><Text size="sm" ff="monospace">{role.name}</Text></Table.Td>
                      <Table.Td><Text size="sm" c="dimmed" lineClamp={1}>{role.description}</Text></Table.Td>
                      <Table.Td ta="end">
                        {!builtIn.has(role.name) && (
                          <ActionIcon variant="subtle" color="red" aria-label={t('roles.deleteTitle', { name: role.name })} onClick={() => setDoomed(role)}><IconTrash size={16} /></ActionIcon>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Card>
        )}
        <RoleMode />
      </Stack>
      <SideDrawer opened={creating} onClose={create.close} title={t('roles.new')}>
        {creating && (
          <RoleForm
            onCancel={create.close}
            onDone={(name) => {
              create.close();
              void navigate({ to: '/admin/roles/$name', params: { name } });
            }}
          />
        )}
      </SideDrawer>
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => {
          destroy.reset();
          setDoomed(undefined);
        }}
        onConfirm={() => doomed && destroy.mutate(doomed)}
        title={t('roles.deleteTitle', { name: displayText(doomed?.title) || doomed?.name || '' })}
        confirmLabel={t('common.delete')}
        typed={doomed?.name}
        busy={destroy.isPending}
        error={destroy.error}
      >
        {t('roles.deleteText')}
      </ConfirmDialog>
    </>
  );
}

/** What holds for people with several roles. */
function RoleMode() {
  const t = useT();
  const settings = useQuery(settingsQuery);
  const save = useMutation({
    mutationFn: setRoleMode,
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['settings'] }), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
      notifyDone(t('common.saved'));
    },
    onError: notifyError,
  });
  return (
    <Card withBorder>
      <ErrorAlert error={settings.error} />
      <Radio.Group
        label={t('roles.mode')}
        description={t('roles.modeText')}
        value={save.isPending ? save.variables : (settings.data?.roleMode ?? 'default')}
        onChange={(mode) => save.mutate(mode)}
      >
        <Stack gap="xs" mt="sm">
          {modes.map((mode) => <Radio key={mode} value={mode} label={t(`roleMode.${mode}`)} description={t(`roleModeText.${mode}`)} disabled={save.isPending} />)}
        </Stack>
      </Radio.Group>
    </Card>
  );
}
