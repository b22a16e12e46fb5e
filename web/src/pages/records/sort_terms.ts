// The order of a grid as the wire writes it: `-price,id`.
export interface SortTerm {
  field: string;
  descending: boolean;
}

export function parseSort(text: string | undefined): SortTerm[] {
  return (text ?? '')
    .split(',')
    .filter((part) => part !== '' && part !== '-')
    .map((part) => (part.startsWith('-') ? { field: part.slice(1), descending: true } : { field: part, descending: false }));
}

export function formatSort(terms: readonly SortTerm[]): string | undefined {
  return terms.length === 0 ? undefined : terms.map(({ field, descending }) => (descending ? `-${field}` : field)).join(',');
}

/** What a click on a heading does: ascending, then descending, then not at all. With `add`, beside the others. */
export function toggleSort(terms: readonly SortTerm[], field: string, add: boolean): SortTerm[] {
  const current = terms.find((term) => term.field === field);
  const next: SortTerm | undefined = !current ? { field, descending: false } : !current.descending ? { field, descending: true } : undefined;
  if (!add) return next ? [next] : [];
  if (!current) return next ? [...terms, next] : [...terms];
  return terms.flatMap((term) => (term.field !== field ? [term] : next ? [next] : []));
}
