// The query dialect of the API: lists by comma, objects as JSON, several keys as a JSON array.
export interface Query {
  filter?: object;
  filterByTk?: unknown;
  fields?: readonly string[];
  appends?: readonly string[];
  except?: readonly string[];
  sort?: readonly string[];
  page?: number;
  pageSize?: number;
  paginate?: boolean;
  tree?: boolean;
  [name: string]: unknown;
}

export function encodeQuery(query: Query = {}): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    const text = encodeValue(name, value);
    if (text !== undefined) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
  }
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function encodeValue(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return name === 'filterByTk' || value.some((item) => typeof item === 'object') ? JSON.stringify(value) : value.join(',');
  }
  if (typeof value === 'object') return Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
  return String(value);
}
