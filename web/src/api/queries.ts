// Names and freshness of everything the screens read, so that a write knows what to invalidate.
import { QueryClient, queryOptions } from '@tanstack/react-query';
import { readCatalog, listCategories } from './catalog';
import { ApiError } from './errors';
import { chosenRole, hasSessionCookie, setRole } from './http';
import { listRoles } from './roles';
import { checkSession, readRights, readSettings, setupNeeded } from './session';

const minute = 60_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: false, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: readSettings, staleTime: 5 * minute });
export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: setupNeeded, staleTime: Infinity });
export const rightsQuery = queryOptions({ queryKey: ['rights'], queryFn: readRights, staleTime: minute });
export const catalogQuery = queryOptions({ queryKey: ['catalog'], queryFn: readCatalog, staleTime: minute });
export const categoriesQuery = queryOptions({ queryKey: ['categories'], queryFn: listCategories, staleTime: minute });
export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: listRoles, staleTime: minute });

/** The signed-in user, or null when nobody is. Without a session cookie there is nothing to ask. */
export const userQuery = queryOptions({
  queryKey: ['user'],
  staleTime: minute,
  queryFn: async ({ signal }) => {
    if (!hasSessionCookie()) return null;
    try {
      return await checkSession(signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      // The role remembered here has been taken from the person: go on with whatever is left.
      if (chosenRole() === undefined) return null;
      setRole(undefined);
      return checkSession(signal).catch(() => null);
    }
  },
});

/** After a change of collections or fields. */
export async function catalogChanged(): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['catalog'] }),
    queryClient.invalidateQueries({ queryKey: ['collections'] }),
    queryClient.invalidateQueries({ queryKey: ['fields'] }),
    queryClient.invalidateQueries({ queryKey: ['rows'] }),
    queryClient.invalidateQueries({ queryKey: ['rights'] }),
  ]);
}
