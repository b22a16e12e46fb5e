// What a filter may ask about: the collection's own fields, and those of its related rows one step away.
import { useMemo } from 'react';
import type { Field } from '@/api/types';
import { fieldTitle, isRelation, type Catalog } from '@/parts/catalog/catalog';
import type { Permissions } from '@/parts/catalog/rights';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { operatorsOf } from './operators';

export interface FilterField {
  path: string;
  label: string;
  field: Field;
}

export function filterFields(catalog: Catalog, permissions: Permissions, collection: string): FilterField[] {
  const open = (name: string) =>
    catalog.fields(name).filter((field) => field.interface && !field.hidden && operatorsOf(field).length > 0 && permissions.canField(name, 'view', field.name));
  return open(collection).flatMap((field) => {
    if (!isRelation(field)) return [{ path: field.name, label: fieldTitle(field), field }];
    const target = field.target ?? '';
    if (!catalog.find(target)) return [];
    const key = catalog.keyFields(target)[0];
    const own = key ? [{ path: `${field.name}.${key}`, label: fieldTitle(field), field }] : [];
    const related = open(target)
      .filter((inner) => !isRelation(inner) && `${field.name}.${inner.name}` !== own[0]?.path)
      .map((inner) => ({ path: `${field.name}.${inner.name}`, label: `${fieldTitle(field)} › ${fieldTitle(inner)}`, field: inner }));
    return [...own, ...related];
  });
}

export function useFilterFields(collection: string): FilterField[] {
  const catalog = useCatalog();
  const permissions = usePermissions();
  return useMemo(() => filterFields(catalog, permissions, collection), [catalog, permissions, collection]);
}
