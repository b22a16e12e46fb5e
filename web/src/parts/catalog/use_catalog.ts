import { useSuspenseQuery } from '@tanstack/react-query';
import { catalogQuery, rightsQuery } from '@/api/queries';
import type { Collection, Rights } from '@/api/types';
import { Catalog } from './catalog';
import { Permissions } from './rights';

const toCatalog = (collections: Collection[]) => new Catalog(collections);
const toPermissions = (rights: Rights) => new Permissions(rights);

/** The catalog of this session; the frame has loaded it before any screen is shown. */
export function useCatalog(): Catalog {
  return useSuspenseQuery({ ...catalogQuery, select: toCatalog }).data;
}

export function usePermissions(): Permissions {
  return useSuspenseQuery({ ...rightsQuery, select: toPermissions }).data;
}
