// Between a row and the form that edits it: what the form starts with, and the smallest body that says the change.
import type { Field, Row } from '@/api/types';
import { isRelation, isToMany, type Catalog } from '@/parts/catalog/catalog';

export function initialValues(fields: readonly Field[], row: Row | undefined): Row {
  const values: Row = {};
  for (const field of fields) {
    if (row) values[field.name] = field.type === 'password' ? '' : (row[field.name] ?? null);
    else if (field.defaultValue !== undefined && field.defaultValue !== null) values[field.name] = field.defaultValue;
    else values[field.name] = isRelation(field) && isToMany(field) ? [] : null;
  }
  return values;
}

/** Only what differs from the start; a new record sends everything that was filled in. */
export function valuesToSend(fields: readonly Field[], before: Row, after: Row, catalog: Catalog, creating: boolean): Row {
  const body: Row = {};
  for (const field of fields) {
    const value = emptyToNull(field, after[field.name]);
    if (field.type === 'password' && !value) continue;
    const linked = isRelation(field) ? toLinks(field, value, catalog) : value;
    if (creating ? isBlank(linked) : isSame(linked, isRelation(field) ? toLinks(field, before[field.name], catalog) : before[field.name])) continue;
    body[field.name] = linked;
  }
  return body;
}

/** A relation is written as keys only: linking must never change the row at the other end. */
export function toLinks(field: Field, value: unknown, catalog: Catalog): unknown {
  const target = field.target ?? '';
  const link = (row: Row) => {
    const key = catalog.keyOf(target, row);
    const names = catalog.keyFields(target);
    return typeof key === 'object' ? key : { [names[0] ?? 'id']: key ?? row.id };
  };
  if (isToMany(field)) return Array.isArray(value) ? value.map((row) => link(row as Row)) : [];
  return value ? link(value as Row) : null;
}

function emptyToNull(field: Field, value: unknown): unknown {
  if (value === undefined || (value === '' && field.type !== 'password')) return null;
  return value;
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
