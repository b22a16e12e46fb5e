// Quick search: the typed word in any of the readable text columns.
import type { Field } from '@/api/types';
import { kindOf } from '@/parts/fields/kind';
import type { WireFilter } from './filter_model';

const searchable = new Set(['text', 'longText', 'email', 'phone', 'url', 'choice']);
const maxFields = 12;

export function quickSearch(fields: readonly Field[], word: string): WireFilter | undefined {
  const needle = word.trim();
  if (!needle) return undefined;
  const parts: WireFilter[] = fields
    .filter((field) => !field.hidden && field.type !== 'uuid' && searchable.has(kindOf(field)))
    .slice(0, maxFields)
    .map((field) => ({ [field.name]: { $includes: needle } }));
  const key = fields.find((field) => field.primaryKey && kindOf(field) === 'integer');
  if (key && /^\d{1,15}$/.test(needle)) parts.push({ [key.name]: { $eq: Number(needle) } });
  return parts.length > 0 ? { $or: parts } : undefined;
}
