// The frame of every screen after sign-in: header, menu, content.
import './shell_styles';
import { AppShell, Box } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { useT } from '@/base/i18n';
import { readPreference, writePreference } from '@/base/storage';
import { areaOf } from '@/parts/catalog/rights';
import { usePermissions } from '@/parts/catalog/use_catalog';
import { EmptyState } from '@/parts/kit/EmptyState';
import { ErrorBoundary } from '../ErrorBoundary';
import { ScreenLoading } from '../fallback_screens';
import { Header } from './Header';
import { Navigation } from './Navigation';
import { SignInAgain } from './SignInAgain';
import { useUserLanguage } from './use_user_language';

export function Shell() {
  const t = useT();
  const { pathname } = useLocation();
  const [drawerOpen, drawer] = useDisclosure(false);
  const [menuShown, menu] = useDisclosure(readPreference('menu.shown', true), {
    onOpen: () => writePreference('menu.shown', true),
    onClose: () => writePreference('menu.shown', false),
  });
  useUserLanguage();
  useEffect(drawer.close, [pathname, drawer.close]);
  return (
    <>
      <a className="renkei-skip" href="#content">{t('shell.skipToContent')}</a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 256, breakpoint: 'sm', collapsed: { mobile: !drawerOpen, desktop: !menuShown } }}
        padding="md"
      >
        <AppShell.Header>
          <Header drawerOpen={drawerOpen} onDrawer={drawer.toggle} menuShown={menuShown} onMenu={menu.toggle} />
        </AppShell.Header>
        <AppShell.Navbar aria-label={t('shell.menu')}>
          <Navigation />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
          <Box maw={1800} mx="auto">
            <ErrorBoundary resetKey={pathname}>
              <Suspense fallback={<ScreenLoading />}>
                <PermittedScreen pathname={pathname} />
              </Suspense>
            </ErrorBoundary>
          </Box>
        </AppShell.Main>
      </AppShell>
      <SignInAgain />
      <Notifications position="top-center" limit={4} />
    </>
  );
}

/** An address typed by hand leads to a settings screen only where the role has it; the server refuses in any case. */
function PermittedScreen({ pathname }: { pathname: string }) {
  const t = useT();
  const permissions = usePermissions();
  const needed = areaOf(pathname);
  if (needed !== undefined && !permissions.mayConfigure(needed)) {
    return <EmptyState title={t('shell.noAccess')} text={t('shell.noAccessText')} />;
  }
  return <Outlet />;
}
