import type { Category, Collection } from '@/api/types';

export interface CollectionGroup {
  key: string;
  title: string;
  color?: string | undefined;
  collections: Collection[];
}

/** Collections under each of their categories; those without one come last, under `other`. */
export function groupByCategory(collections: readonly Collection[], categories: readonly Category[], other: string): CollectionGroup[] {
  const groups: CollectionGroup[] = categories.map(({ id, name, color }) => ({ key: String(id), title: name, color, collections: [] }));
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const rest: Collection[] = [];
  for (const collection of collections) {
    const homes = (collection.category ?? []).map(({ id }) => byKey.get(String(id))).filter((group) => group !== undefined);
    if (homes.length === 0) rest.push(collection);
    for (const group of homes) group.collections.push(collection);
  }
  if (rest.length > 0) groups.push({ key: 'other', title: other, collections: rest });
  return groups.filter((group) => group.collections.length > 0);
}
