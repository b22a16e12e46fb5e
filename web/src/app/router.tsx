// Every address of the interface on one screen. Screens are loaded when they are visited; only sign-in comes
// with the first files.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, parseSearchWith, redirect, stringifySearchWith, useNavigate, useRouter } from '@tanstack/react-router';
import { catalogQuery, queryClient, rightsQuery, settingsQuery, setupQuery, userQuery } from '@/api/queries';
import { addMessages } from '@/base/i18n';
import { safeRedirect } from '@/base/redirect';
import { parseGridSearch } from '@/pages/records/grid_search';
import { SignInPage } from '@/pages/signin/SignInPage';
import { ScreenError, ScreenLoading, ScreenMissing } from './fallback_screens';

const root = createRootRoute({ component: Outlet, notFoundComponent: ScreenMissing });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: (search): { redirect?: string } =>
    typeof search.redirect === 'string' ? { redirect: search.redirect } : {},
  loader: async () => {
    void queryClient.prefetchQuery(settingsQuery);
    if (await setupIsNeeded()) throw redirect({ to: '/setup' });
  },
  component: function SignInRoute() {
    const search = signIn.useSearch();
    const enter = useEnter();
    return <SignInPage onDone={() => enter(search.redirect)} />;
  },
});

const SetupPage = lazyRouteComponent(() => import('@/pages/setup/SetupPage'), 'SetupPage');
const SetupClosedPage = lazyRouteComponent(() => import('@/pages/setup/SetupPage'), 'SetupClosedPage');
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search): { token?: string } => (search.token === undefined ? {} : { token: String(search.token) }),
  loader: async () => {
    await addMessages('app');
    return queryClient.fetchQuery(setupQuery);
  },
  component: function SetupRoute() {
    const { token = '' } = setup.useSearch();
    const enter = useEnter();
    if (!setup.useLoaderData()) return <SetupClosedPage />;
    return <SetupPage token={token} onDone={() => enter('/')} />;
  },
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin' });
  },
});

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: async ({ location }) => {
    const user = await queryClient.ensureQueryData(userQuery);
    if (!user) throw redirect({ to: '/signin', search: { redirect: location.href } });
  },
  loader: async () => {
    await Promise.all([
      addMessages('app'),
      queryClient.ensureQueryData(catalogQuery),
      queryClient.ensureQueryData(rightsQuery),
      queryClient.ensureQueryData(settingsQuery),
    ]);
  },
  component: lazyRouteComponent(() => import('./shell/Shell'), 'Shell'),
});

const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  component: lazyRouteComponent(() => import('@/pages/home/HomePage'), 'HomePage'),
});

const collections = createRoute({
  getParentRoute: () => admin,
  path: '/collections',
  component: lazyRouteComponent(() => import('@/pages/collections/CollectionsPage'), 'CollectionsPage'),
});

const FieldsPage = lazyRouteComponent(() => import('@/pages/fields/FieldsPage'), 'FieldsPage');
const fields = createRoute({
  getParentRoute: () => admin,
  path: '/collections/$name',
  component: function FieldsRoute() {
    const { name } = fields.useParams();
    return <FieldsPage key={name} collection={name} />;
  },
});

const RecordsPage = lazyRouteComponent(() => import('@/pages/records/RecordsPage'), 'RecordsPage');
const records = createRoute({
  getParentRoute: () => admin,
  path: '/collections/$name/records',
  validateSearch: parseGridSearch,
  component: function RecordsRoute() {
    const { name } = records.useParams();
    const search = records.useSearch();
    const navigate = records.useNavigate();
    return (
      <RecordsPage
        key={name}
        collection={name}
        search={search}
        onSearch={(next) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true })}
      />
    );
  },
});

const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  component: lazyRouteComponent(() => import('@/pages/users/UsersPage'), 'UsersPage'),
});

const roles = createRoute({
  getParentRoute: () => admin,
  path: '/roles',
  component: lazyRouteComponent(() => import('@/pages/roles/RolesPage'), 'RolesPage'),
});

const RolePage = lazyRouteComponent(() => import('@/pages/roles/RolePage'), 'RolePage');
const role = createRoute({
  getParentRoute: () => admin,
  path: '/roles/$name',
  component: function RoleRoute() {
    const { name } = role.useParams();
    return <RolePage key={name} name={name} />;
  },
});

const settings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/pages/settings/SettingsPage'), 'SettingsPage'),
});

const account = createRoute({
  getParentRoute: () => admin,
  path: '/account',
  component: lazyRouteComponent(() => import('@/pages/account/AccountPage'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn, setup, home,
    admin.addChildren([adminHome, collections, fields, records, users, roles, role, settings, account]),
  ]),
  // Plain words in the address: `?q=12&row=7`, not JSON in quotes. validateSearch gives them their types.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultErrorComponent: ScreenError,
  defaultPendingComponent: ScreenLoading,
  defaultNotFoundComponent: ScreenMissing,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

async function setupIsNeeded(): Promise<boolean> {
  return queryClient.ensureQueryData(setupQuery).catch(() => false);
}

/** Goes on as the user who has just signed in: nothing read before counts any more. */
function useEnter() {
  const navigate = useNavigate();
  const { history } = useRouter();
  return async (target: string | undefined) => {
    queryClient.clear();
    const path = safeRedirect(target);
    if (path === '/') await navigate({ to: '/admin', replace: true });
    else history.replace(path);
  };
}
