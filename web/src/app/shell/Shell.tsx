// The frame of every screen after sign-in: header, menu, content.
import '@mantine/core/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@/base/base.css';
import { AppShell, Box } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { Outlet, useLocation } from '@tanstack/react-router';
import 'dayjs/locale/ja';
import 'dayjs/locale/zh-cn';
import { Suspense, useEffect } from 'react';
import { useLocale, useT } from '@/base/i18n';
import { readPreference, writePreference } from '@/base/storage';
import { ErrorBoundary } from '../ErrorBoundary';
import { ScreenLoading } from '../fallback_screens';
import { Header } from './Header';
import { Navigation } from './Navigation';
import { SignInAgain } from './SignInAgain';
import { useUserLanguage } from './use_user_language';

const dayjsLocales = { 'en-US': 'en', 'ja-JP': 'ja', 'zh-CN': 'zh-cn' } as const;

export function Shell() {
  const t = useT();
  const locale = useLocale();
  const { pathname } = useLocation();
  const [drawerOpen, drawer] = useDisclosure(false);
  const [menuShown, menu] = useDisclosure(readPreference('menu.shown', true), {
    onOpen: () => writePreference('menu.shown', true),
    onClose: () => writePreference('menu.shown', false),
  });
  useUserLanguage();
  useEffect(drawer.close, [pathname, drawer.close]);
  return (
    <DatesProvider settings={{ locale: dayjsLocales[locale], firstDayOfWeek: locale === 'en-US' ? 0 : 1 }}>
      <ModalsProvider labels={{ confirm: t('common.ok'), cancel: t('common.cancel') }}>
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
                  <Outlet />
                </Suspense>
              </ErrorBoundary>
            </Box>
          </AppShell.Main>
        </AppShell>
        <SignInAgain />
        <Notifications position="bottom-right" limit={4} />
      </ModalsProvider>
    </DatesProvider>
  );
}
