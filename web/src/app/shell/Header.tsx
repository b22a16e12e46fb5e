import { ActionIcon, Anchor, Burger, Group, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLayoutSidebar, IconMoon, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { settingsQuery } from '@/api/queries';
import { useT } from '@/base/i18n';
import { Logo } from '@/parts/kit/Logo';
import { LanguageMenu } from './LanguageMenu';
import { UserMenu } from './UserMenu';

interface HeaderProps {
  drawerOpen: boolean;
  onDrawer: () => void;
  menuShown: boolean;
  onMenu: () => void;
}

export function Header({ drawerOpen, onDrawer, menuShown, onMenu }: HeaderProps) {
  const t = useT();
  const settings = useQuery(settingsQuery);
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <Burger opened={drawerOpen} onClick={onDrawer} hiddenFrom="sm" size="sm" aria-label={t('shell.menu')} aria-expanded={drawerOpen} />
        <Tooltip label={menuShown ? t('shell.hideMenu') : t('shell.showMenu')}>
          <ActionIcon variant="subtle" color="gray" onClick={onMenu} visibleFrom="sm" aria-label={t('shell.menu')} aria-expanded={menuShown}>
            <IconLayoutSidebar size={20} />
          </ActionIcon>
        </Tooltip>
        <Anchor component={Link} to="/admin" underline="never" c="inherit" miw={0}>
          <Logo title={settings.data?.title || 'Renkei'} />
        </Anchor>
      </Group>
      <Group gap={4} wrap="nowrap">
        <LanguageMenu />
        <ThemeSwitch />
        <UserMenu />
      </Group>
    </Group>
  );
}

function ThemeSwitch() {
  const t = useT();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? t('shell.lightTheme') : t('shell.darkTheme');
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        {dark ? <IconSun size={20} /> : <IconMoon size={20} />}
      </ActionIcon>
    </Tooltip>
  );
}
