// The shape of the data: collections, fields, categories, and what they can be made from.
import { getCall, postCall } from './http';
import type { Category, Collection, Field, Row } from './types';

/** Every collection with its fields and categories. */
export async function readCatalog(): Promise<Collection[]> {
  const categorised = { paginate: false, appends: ['category'] };
  const [whole, listed] = await Promise.all([
    getCall<Collection[]>('collections:listMeta'),
    getCall<Collection[]>('collections:list', { query: categorised }),
  ]);
  const categories = new Map((listed.data ?? []).map(({ name, category }) => [name, category]));
  return (whole.data ?? []).map((collection) => ({ ...collection, category: collection.category ?? categories.get(collection.name) ?? [] }));
}

export async function listCollections(): Promise<Collection[]> {
  const query = { paginate: false, appends: ['category'], filter: { hidden: { $isFalsy: true } } };
  return (await getCall<Collection[]>('collections:list', { query })).data ?? [];
}

export async function createCollection(values: Row): Promise<Collection> {
  return (await postCall<Collection>('collections:create', { body: values })).data;
}

export async function updateCollection(name: string, values: Row): Promise<void> {
  await postCall('collections:update', { query: { filterByTk: name }, body: values });
}

export async function destroyCollection(name: string, cascade: boolean): Promise<void> {
  await postCall('collections:destroy', { query: { filterByTk: name, cascade: cascade || undefined } });
}

const fieldsOf = (collection: string) => `collections/${encodeURIComponent(collection)}/fields`;

export async function listFields(collection: string): Promise<Field[]> {
  return (await getCall<Field[]>(`${fieldsOf(collection)}:list`, { query: { paginate: false, sort: ['sort'] } })).data ?? [];
}

export async function createField(collection: string, values: Row): Promise<Field> {
  return (await postCall<Field>(`${fieldsOf(collection)}:create`, { body: values })).data;
}

export async function updateField(collection: string, name: string, values: Row): Promise<void> {
  await postCall(`${fieldsOf(collection)}:update`, { query: { filterByTk: name }, body: values });
}

export async function destroyField(collection: string, name: string): Promise<void> {
  await postCall(`${fieldsOf(collection)}:destroy`, { query: { filterByTk: name } });
}

export async function moveField(collection: string, sourceId: string, targetId: string): Promise<void> {
  await postCall(`${fieldsOf(collection)}:move`, { query: { sourceId, targetId } });
}

export async function listCategories(): Promise<Category[]> {
  return (await getCall<Category[]>('collectionCategories:list', { query: { paginate: false, sort: ['sort'] } })).data ?? [];
}

export async function createCategory(values: { name: string; color?: string }): Promise<Category> {
  return (await postCall<Category>('collectionCategories:create', { body: values })).data;
}

export async function updateCategory(id: Category['id'], values: { name: string; color?: string }): Promise<void> {
  await postCall('collectionCategories:update', { query: { filterByTk: id }, body: values });
}

export async function destroyCategory(id: Category['id']): Promise<void> {
  await postCall('collectionCategories:destroy', { query: { filterByTk: id } });
}

export interface DbView {
  name: string;
  schema?: string;
  definition?: string;
}

export async function listViews(): Promise<DbView[]> {
  return (await getCall<DbView[]>('dbViews:list', { query: { paginate: false } })).data ?? [];
}

/** A view's columns as field definitions, by column name. */
export async function readView(name: string, schema?: string): Promise<Record<string, Partial<Field>>> {
  const answer = await getCall<{ fields: Record<string, Partial<Field>> }>(`dbViews:get/${encodeURIComponent(name)}`, {
    query: { schema },
  });
  return answer.data?.fields ?? {};
}

export interface SqlPreview {
  data: Row[];
  fields: Record<string, Partial<Field>>;
  sources?: string[];
}

export async function previewSql(sql: string): Promise<SqlPreview> {
  return (await postCall<SqlPreview>('sqlCollection:execute', { body: { sql } })).data;
}
