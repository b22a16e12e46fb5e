// The rows that match, page by page, as one CSV text. Only ever holds one page and the text so far.
import { listRows, resourcePath } from '@/api/records';
import type { Query } from '@/api/query_string';
import type { Field, Row } from '@/api/types';
import { csvLine } from '@/base/csv';
import { fieldTitle } from '@/parts/catalog/catalog';
import { formatValue, type FormatContext } from '@/parts/fields/format_value';
import { kindOf } from '@/parts/fields/kind';

const pageSize = 500;
const byteOrderMark = '\uFEFF';

export interface ExportOrder {
  collection: string;
  columns: readonly Field[];
  query: Query;
  context: FormatContext;
  signal: AbortSignal;
  onProgress: (done: number, total: number | undefined) => void;
}

export async function exportCsv({ collection, columns, query, context, signal, onProgress }: ExportOrder): Promise<Blob> {
  const parts: string[] = [byteOrderMark, csvLine(columns.map(fieldTitle))];
  const { tree: _tree, ...flat } = query;
  let done = 0;
  for (let page = 1; ; page += 1) {
    const { data, meta } = await listRows(resourcePath(collection), { ...flat, page, pageSize }, signal);
    for (const row of data) parts.push(csvLine(columns.map((field) => exportValue(field, row, context))));
    done += data.length;
    onProgress(done, meta.count);
    if (data.length < pageSize || (meta.count !== undefined && done >= meta.count)) break;
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** Numbers keep their digits without grouping, so that a spreadsheet can count with them. */
function exportValue(field: Field, row: Row, context: FormatContext): unknown {
  const value = row[field.name];
  return ['integer', 'float', 'decimal', 'percent'].includes(kindOf(field)) ? value : formatValue(field, value, context);
}

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
