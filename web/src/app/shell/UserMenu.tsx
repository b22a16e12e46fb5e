import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconLogout, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { setRole } from '@/api/http';
import { queryClient, userQuery } from '@/api/queries';
import { signOut } from '@/api/session';
import type { User } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { usePermissions } from '@/parts/catalog/use_catalog';
import { notifyError } from '@/parts/kit/notify';

export function userName(user: User | null | undefined): string {
  return user?.nickname || user?.username || user?.email || '';
}

export function UserMenu() {
  const t = useT();
  const user = useQuery(userQuery).data;
  const navigate = useNavigate();
  const leave = async () => {
    await signOut().catch(notifyError);
    setRole(undefined);
    // Leave the frame first: what it shows would otherwise be asked for again, by nobody.
    await navigate({ to: '/signin' });
    queryClient.clear();
  };
  return (
    <Menu position="bottom-end" withinPortal width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.userMenu', { name: userName(user) })} ml={4} style={{ borderRadius: '50%' }}>
          <Avatar size={34} name={userName(user)} color="tide" radius="xl" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>{userName(user)}</Text>
          {user?.email && <Text size="xs" truncate>{user.email}</Text>}
        </Menu.Label>
        <Menu.Item component={Link} to="/admin/account" leftSection={<IconUser size={16} />}>{t('account.title')}</Menu.Item>
        <RoleItems user={user} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>{t('shell.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const together = '__union__';

/** One item a role, for people who have several; and all of them together where the system allows it. */
function RoleItems({ user }: { user: User | null | undefined }) {
  const t = useT();
  const permissions = usePermissions();
  const roles = user?.roles ?? [];
  if (roles.length < 2 || permissions.roleMode === 'only-use-union') return null;
  const choices = roles.map((role) => ({ name: role.name, title: displayText(role.title) || role.name }));
  if (permissions.roleMode === 'allow-use-union') choices.unshift({ name: together, title: t('shell.allRoles') });
  const act = async (name: string) => {
    setRole(name);
    await queryClient.invalidateQueries();
  };
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{t('shell.actAs')}</Menu.Label>
      {choices.map(({ name, title }) => (
        <Menu.Item
          key={name}
          closeMenuOnClick={false}
          aria-current={name === permissions.role}
          rightSection={name === permissions.role ? <IconCheck size={16} /> : null}
          onClick={() => void act(name)}
        >
          {title}
        </Menu.Item>
      ))}
    </>
  );
}
