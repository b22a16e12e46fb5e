// Which columns a grid shows, in which order: the person's choice kept in this browser, over sensible defaults.
import type { Field } from '@/api/types';
import { isRelation } from '@/parts/catalog/catalog';
import { isShown, kindOf } from '@/parts/fields/kind';

export interface ColumnChoice {
  hidden: string[];
  order: string[];
  sizes: Record<string, number>;
}

const seldomRead = new Set(['createdBy', 'updatedAt', 'updatedBy']);
const plumbing = new Set(['sort', 'parentId']);

export function gridFields(fields: readonly Field[]): Field[] {
  return fields.filter((field) => isShown(field) && !field.treeChildren && !(plumbing.has(field.name) && field.isForeignKey));
}

const stamps = new Set(['createdAt', 'createdBy', 'updatedAt', 'updatedBy']);

export function stampsLast(fields: readonly Field[]): Field[] {
  const isStamp = (field: Field) => stamps.has(field.interface ?? '');
  return [...fields.filter((field) => !isStamp(field)), ...fields.filter(isStamp)];
}

/** Times and authors last, what is seldom read hidden. `first` leads the row: in a tree it carries the branches. */
export function defaultChoice(fields: readonly Field[], first?: string): ColumnChoice {
  const ordered = stampsLast(fields).map((field) => field.name);
  return {
    order: first ? [first, ...ordered.filter((name) => name !== first)] : ordered,
    sizes: {},
    hidden: fields
      .filter((field) => seldomRead.has(field.interface ?? '') || field.treeParent || kindOf(field) === 'json')
      .map((field) => field.name),
  };
}

/** The fields in the chosen order; ones the choice does not know yet keep their place at the end. */
export function orderFields(fields: readonly Field[], order: readonly string[]): Field[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  return fields
    .map((field, index) => ({ field, at: rank.get(field.name) ?? order.length + index }))
    .sort((a, b) => a.at - b.at)
    .map(({ field }) => field);
}

const widths: Partial<Record<ReturnType<typeof kindOf>, number>> = {
  boolean: 90, integer: 120, float: 120, decimal: 130, percent: 110, day: 140, time: 110, instant: 190, wallTime: 200,
  longText: 260, many: 220, choices: 200, email: 210, url: 220,
};

export function defaultWidth(field: Field): number {
  if (field.primaryKey) return field.type === 'snowflakeId' ? 180 : 110;
  if (field.type === 'bigInt' || field.type === 'snowflakeId') return 180;
  return widths[kindOf(field)] ?? 180;
}

export function isSortable(field: Field): boolean {
  return !isRelation(field) && !['json', 'list', 'choices', 'password'].includes(kindOf(field));
}

export function isNumeric(field: Field): boolean {
  return !field.primaryKey && ['integer', 'float', 'decimal', 'percent'].includes(kindOf(field));
}
