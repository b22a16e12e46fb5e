// Rows of any collection, and rows behind a relation of one row ("books/2/genres").
import { getCall, postCall, type Answer } from './http';
import type { Query } from './query_string';
import type { Row } from './types';

const withRights = { 'X-With-ACL-Meta': 'true' };

/** The address part of a collection, or of a relation of one of its rows. */
export function resourcePath(collection: string, sourceKey?: unknown, relation?: string): string {
  const name = encodeURIComponent(collection);
  if (relation === undefined) return name;
  return `${name}/${encodeURIComponent(keyText(sourceKey))}/${encodeURIComponent(relation)}`;
}

export function keyText(key: unknown): string {
  return typeof key === 'object' && key !== null ? JSON.stringify(key) : String(key);
}

export function listRows(path: string, query: Query, signal?: AbortSignal): Promise<Answer<Row[]>> {
  return getCall<Row[]>(`${path}:list`, { query, headers: withRights, ...(signal ? { signal } : {}) });
}

export function getRow(path: string, query: Query, signal?: AbortSignal): Promise<Answer<Row | null>> {
  return getCall<Row | null>(`${path}:get`, { query, headers: withRights, ...(signal ? { signal } : {}) });
}

export async function createRow(path: string, values: Row, query: Query = {}): Promise<Row> {
  return (await postCall<Row>(`${path}:create`, { query, body: values })).data;
}

export async function updateRow(path: string, key: unknown, values: Row, query: Query = {}): Promise<Row | undefined> {
  const answer = await postCall<Row[]>(`${path}:update`, { query: { ...query, filterByTk: key }, body: values });
  return answer.data?.[0];
}

/** Deletes the rows and answers how many went. */
export async function destroyRows(path: string, keys: readonly unknown[]): Promise<number> {
  const filterByTk = keys.length === 1 ? keys[0] : keys;
  const { data } = await postCall<number | boolean>(`${path}:destroy`, { query: { filterByTk } });
  return typeof data === 'number' ? data : data ? keys.length : 0;
}

export async function linkRows(path: string, action: 'add' | 'remove' | 'set', keys: readonly unknown[]): Promise<void> {
  await postCall(`${path}:${action}`, { body: keys });
}
