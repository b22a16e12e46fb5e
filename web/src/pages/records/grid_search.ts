// The state of a grid that lives in the address, so that a view can be shared and survives a reload.
export interface GridSearch {
  page?: number;
  size?: number;
  sort?: string;
  q?: string;
  /** A filter in the wire form of the API, as JSON. */
  filter?: string;
  /** Key of the row shown in the drawer. */
  row?: string;
}

export const pageSizes = [10, 20, 50, 100, 200] as const;
export const defaultPageSize = 20;

export function parseGridSearch(search: Record<string, unknown>): GridSearch {
  const out: GridSearch = {};
  const page = Number(search.page);
  const size = Number(search.size);
  if (Number.isInteger(page) && page > 1) out.page = page;
  if (pageSizes.includes(size as (typeof pageSizes)[number])) out.size = size;
  if (typeof search.sort === 'string' && search.sort) out.sort = search.sort;
  if (search.q !== undefined && search.q !== '') out.q = String(search.q);
  if (search.row !== undefined && search.row !== '') out.row = typeof search.row === 'object' ? JSON.stringify(search.row) : String(search.row);
  if (typeof search.filter === 'string' && search.filter) out.filter = search.filter;
  else if (typeof search.filter === 'object' && search.filter !== null) out.filter = JSON.stringify(search.filter);
  return out;
}
