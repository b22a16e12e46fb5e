// Everything a grid knows: its fields, the person's column choice, the question in the address, the answer.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { listRows, resourcePath } from '@/api/records';
import type { Query } from '@/api/query_string';
import type { Field } from '@/api/types';
import { readPreference, writePreference } from '@/base/storage';
import { isRelation } from '@/parts/catalog/catalog';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { joinFilters, type WireFilter } from '@/parts/filter/filter_model';
import { quickSearch } from '@/parts/filter/quick_search';
import { defaultChoice, gridFields, orderFields, type ColumnChoice } from './columns';
import { defaultPageSize, type GridSearch } from './grid_search';
import { formatSort, parseSort, toggleSort, type SortTerm } from './sort_terms';

export function useGrid(collection: string, search: GridSearch, onSearch: (next: GridSearch) => void) {
  const catalog = useCatalog();
  const permissions = usePermissions();
  const definition = catalog.find(collection);
  const all = useMemo(
    () => gridFields(catalog.fields(collection)).filter((field) => permissions.canField(collection, 'view', field.name)),
    [catalog, permissions, collection],
  );
  const isTree = Boolean(definition?.tree) || definition?.template === 'tree';
  const start = () => defaultChoice(all, isTree ? catalog.titleField(collection) : undefined);
  const [choice, setChoice] = useState<ColumnChoice>(() => readPreference(`columns.${collection}`, start()));
  const columns = useMemo(() => orderFields(all, choice.order), [all, choice.order]);
  const visible = useMemo(() => columns.filter((field) => !choice.hidden.includes(field.name)), [columns, choice.hidden]);

  const filter = useMemo(() => parseFilter(search.filter), [search.filter]);
  const known = new Set(catalog.fields(collection).map((field) => field.name));
  const sort = parseSort(search.sort).filter((term) => known.has(term.field));
  const asTree = isTree && sort.length === 0;
  const query: Query = {
    page: search.page ?? 1,
    pageSize: search.size ?? defaultPageSize,
    sort: sort.map((term) => (term.descending ? `-${term.field}` : term.field)),
    filter: joinFilters(filter, search.q ? quickSearch(all, search.q) : undefined),
    appends: visible.filter(isRelation).map((field) => field.name),
    ...(asTree ? { tree: true } : {}),
  };
  const rows = useQuery({
    queryKey: ['rows', collection, 'grid', query],
    queryFn: ({ signal }) => listRows(resourcePath(collection), query, signal),
    placeholderData: keepPreviousData,
    enabled: definition !== undefined,
  });

  const changeChoice = (next: ColumnChoice) => {
    setChoice(next);
    writePreference(`columns.${collection}`, next);
  };
  return {
    definition,
    fields: all,
    columns,
    visible,
    choice,
    setChoice: changeChoice,
    resetChoice: () => changeChoice(start()),
    filter,
    sort,
    asTree,
    query,
    rows,
    setSort: (terms: readonly SortTerm[]) => onSearch({ sort: formatSort(terms), page: undefined }),
    toggleSort: (field: Field, add: boolean) => onSearch({ sort: formatSort(toggleSort(sort, field.name, add)), page: undefined }),
    setFilter: (next: WireFilter | undefined) => onSearch({ filter: next && JSON.stringify(next), page: undefined }),
  };
}

export type Grid = ReturnType<typeof useGrid>;

function parseFilter(text: string | undefined): WireFilter | undefined {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as WireFilter;
  } catch {
    return undefined;
  }
}
