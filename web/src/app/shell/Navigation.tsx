// The menu: collections by category, then the settings this role may open.
import { AppShell, Divider, NavLink, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconBinaryTree, IconDatabase, IconEye, IconSearch, IconSettings, IconShieldLock, IconTable, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { categoriesQuery } from '@/api/queries';
import type { Collection } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { groupByCategory } from '@/parts/catalog/group_by_category';
import { area } from '@/parts/catalog/rights';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';

const searchFrom = 8;

export function Navigation() {
  const t = useT();
  const catalog = useCatalog();
  const permissions = usePermissions();
  const categories = useQuery(categoriesQuery);
  const [search, setSearch] = useState('');
  const mine = catalog.own.filter((collection) => permissions.can(collection.name, 'view'));
  const word = search.trim().toLowerCase();
  const shown = mine.filter((collection) => `${collection.name} ${displayText(collection.title)}`.toLowerCase().includes(word));
  const groups = groupByCategory(shown, categories.data ?? [], t('nav.otherCollections'));
  return (
    <>
      {mine.length >= searchFrom && (
        <AppShell.Section p="xs">
          <TextInput
            size="xs"
            aria-label={t('nav.searchCollections')}
            placeholder={t('nav.searchCollections')}
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </AppShell.Section>
      )}
      <AppShell.Section grow component={ScrollArea} p="xs">
        {groups.map((group) => (
          <MenuGroup key={group.key} title={groups.length > 1 || group.key !== 'other' ? group.title : t('nav.collections')}>
            {group.collections.map((collection) => (
              <CollectionLink key={collection.name} collection={collection} />
            ))}
          </MenuGroup>
        ))}
        {shown.length === 0 && <Text size="sm" c="dimmed" p="xs">{word ? t('common.nothingFound') : t('nav.noCollections')}</Text>}
      </AppShell.Section>
      <SettingsLinks />
    </>
  );
}

function MenuGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <nav aria-label={title} style={{ marginBottom: 12 }}>
      <Text size="xs" fw={600} c="dimmed" px="xs" pb={4}>{title}</Text>
      {children}
    </nav>
  );
}

function CollectionLink({ collection }: { collection: Collection }) {
  const { pathname } = useLocation();
  const active = pathname === `/admin/collections/${encodeURIComponent(collection.name)}/records`;
  const Icon = collection.tree ? IconBinaryTree : collection.view || collection.sql ? IconEye : IconTable;
  return (
    <NavLink
      component={Link}
      activeOptions={{ exact: true }}
      to="/admin/collections/$name/records"
      params={{ name: collection.name } as never}
      label={displayText(collection.title) || collection.name}
      leftSection={<Icon size={18} stroke={1.6} />}
      active={active}
      aria-current={active ? 'page' : undefined}
      px="xs"
      py={6}
      style={{ borderRadius: 6 }}
    />
  );
}

function SettingsLinks() {
  const t = useT();
  const permissions = usePermissions();
  const { pathname } = useLocation();
  const links = [
    { to: '/admin/collections', label: t('nav.design'), icon: IconDatabase, snippet: area.collections },
    { to: '/admin/users', label: t('nav.users'), icon: IconUsers, snippet: area.users },
    { to: '/admin/roles', label: t('nav.roles'), icon: IconShieldLock, snippet: area.roles },
    { to: '/admin/settings', label: t('nav.settings'), icon: IconSettings, snippet: area.settings },
  ].filter((link) => permissions.mayConfigure(link.snippet));
  if (links.length === 0) return null;
  return (
    <AppShell.Section p="xs">
      <Divider mb="xs" />
      <MenuGroup title={t('nav.administration')}>
        {links.map(({ to, label, icon: Icon }) => {
          const active = pathname.startsWith(to) && !pathname.endsWith('/records');
          return (
            <NavLink
              key={to}
              component={Link}
              activeOptions={{ exact: true }}
              to={to}
              label={label}
              leftSection={<Icon size={18} stroke={1.6} />}
              active={active}
              aria-current={active ? 'page' : undefined}
              px="xs"
              py={6}
              style={{ borderRadius: 6 }}
            />
          );
        })}
      </MenuGroup>
    </AppShell.Section>
  );
}
