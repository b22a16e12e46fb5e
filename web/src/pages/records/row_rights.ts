// What may be done with each row of the page: the role's rights, narrowed by the answer's allowedActions.
import type { Meta } from '@/api/http';
import { keyText } from '@/api/records';
import type { Collection, Row } from '@/api/types';
import type { Catalog } from '@/parts/catalog/catalog';
import type { DataAction, Permissions } from '@/parts/catalog/rights';

export interface CollectionRights {
  create: boolean;
  update: boolean;
  destroy: boolean;
  export: boolean;
  mayUpdate: (row: Row) => boolean;
  mayDestroy: (row: Row) => boolean;
}

export function collectionRights(collection: Collection, catalog: Catalog, permissions: Permissions, meta: Meta | undefined): CollectionRights {
  const closed = new Set(collection.unavailableActions ?? []);
  const may = (action: DataAction) => !closed.has(action) && permissions.can(collection.name, action);
  const hasKey = catalog.keyFields(collection.name).length > 0;
  const create = may('create');
  const update = may('update') && hasKey;
  const destroy = may('destroy') && hasKey;
  const listed = (action: string) => {
    const keys = meta?.allowedActions?.[action];
    return keys ? new Set(keys.map(keyText)) : undefined;
  };
  const updatable = listed('update');
  const destroyable = listed('destroy');
  const allowed = (set: Set<string> | undefined, row: Row) => set === undefined || set.has(keyText(catalog.keyOf(collection.name, row)));
  return {
    create,
    update,
    destroy,
    export: permissions.can(collection.name, 'export') || permissions.can(collection.name, 'view'),
    mayUpdate: (row) => update && allowed(updatable, row),
    mayDestroy: (row) => destroy && allowed(destroyable, row),
  };
}
