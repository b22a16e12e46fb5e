// One role: what it is, what its people may do with data and with the system, and who they are.
import { Alert, Anchor, Breadcrumbs, Card, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { getRole } from '@/api/roles';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorState } from '@/parts/kit/ErrorState';
import { PageHeader } from '@/parts/kit/PageHeader';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { CollectionPermissions } from './CollectionPermissions';
import { RoleForm } from './RoleForm';
import { RoleMembers } from './RoleMembers';
import { SnippetsPanel } from './SnippetsPanel';
import { StrategyPanel } from './StrategyPanel';

export function RolePage({ name }: { name: string }) {
  const t = useT();
  const navigate = useNavigate();
  const role = useQuery({ queryKey: ['roles', name], queryFn: () => getRole(name) });
  if (role.isPending) return <TableSkeleton />;
  if (role.isError) return <ErrorState error={role.error} onRetry={() => void role.refetch()} />;
  if (!role.data) return <EmptyState title={t('roles.missing', { name })} />;
  const everything = name === 'root';
  return (
    <>
      <PageHeader
        title={displayText(role.data.title) || name}
        description={role.data.description}
        above={
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to="/admin/roles" size="sm">{t('nav.roles')}</Anchor>
            <Text size="sm" c="dimmed" ff="monospace">{name}</Text>
          </Breadcrumbs>
        }
      />
      {everything && <Alert variant="light" mb="md">{t('roles.rootText')}</Alert>}
      <Tabs defaultValue={everything ? 'members' : 'data'} keepMounted={false}>
        <Tabs.List mb="md">
          {!everything && <Tabs.Tab value="data">{t('roles.tabData')}</Tabs.Tab>}
          {!everything && <Tabs.Tab value="system">{t('roles.tabSystem')}</Tabs.Tab>}
          <Tabs.Tab value="members">{t('roles.tabMembers')}</Tabs.Tab>
          <Tabs.Tab value="general">{t('roles.tabGeneral')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="data">
          <StrategyPanel role={name} />
          <CollectionPermissions role={name} />
        </Tabs.Panel>
        <Tabs.Panel value="system"><SnippetsPanel role={role.data} /></Tabs.Panel>
        <Tabs.Panel value="members"><RoleMembers role={name} /></Tabs.Panel>
        <Tabs.Panel value="general">
          <Card withBorder>
            <RoleForm role={role.data} onDone={() => undefined} onCancel={() => void navigate({ to: '/admin/roles' })} />
          </Card>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
