// The kind of a field decides how its values are shown, typed in and filtered. Many types and interfaces of the
// wire share one kind; unknown ones fall back to text, so a field of a newer server is never invisible.
import type { Field } from '@/api/types';
import { isRelation, isToMany } from '@/parts/catalog/catalog';

export type Kind =
  | 'text' | 'longText' | 'email' | 'phone' | 'url' | 'color' | 'password'
  | 'integer' | 'float' | 'decimal' | 'percent'
  | 'boolean' | 'choice' | 'choices' | 'list'
  | 'instant' | 'wallTime' | 'day' | 'time'
  | 'json' | 'one' | 'many';

const byInterface: Record<string, Kind> = {
  textarea: 'longText', markdown: 'longText', vditor: 'longText', richText: 'longText',
  email: 'email', phone: 'phone', url: 'url', color: 'color', password: 'password',
  percent: 'percent', checkbox: 'boolean', switch: 'boolean',
  select: 'choice', radioGroup: 'choice', multipleSelect: 'choices', checkboxGroup: 'choices',
  json: 'json',
};

const byType: Record<string, Kind> = {
  text: 'longText', password: 'password',
  integer: 'integer', bigInt: 'integer', snowflakeId: 'integer', sort: 'integer',
  float: 'float', double: 'float', real: 'float', decimal: 'decimal',
  boolean: 'boolean', radio: 'boolean',
  array: 'list', set: 'list', json: 'json', jsonb: 'json',
  date: 'instant', datetime: 'instant', datetimeTz: 'instant', unixTimestamp: 'instant',
  datetimeNoTz: 'wallTime', dateOnly: 'day', time: 'time',
  point: 'json', lineString: 'json', polygon: 'json', circle: 'json', blob: 'json',
};

export function kindOf(field: Field): Kind {
  if (isRelation(field)) return isToMany(field) ? 'many' : 'one';
  const type = field.type === 'formula' || field.type === 'context' ? (field.dataType ?? 'string') : field.type;
  const byName = byInterface[field.interface ?? ''];
  if (byName === 'percent' && type === 'decimal') return 'percent';
  return byName ?? byType[type] ?? 'text';
}

const written = new Set(['createdAt', 'updatedAt', 'createdBy', 'updatedBy', 'id']);
const made = new Set(['formula', 'sequence', 'snowflakeId', 'context', 'virtual', 'sort', 'nanoid', 'uuid', 'uid']);

/** Values the server makes by itself: never asked for in a form. */
export function isGenerated(field: Field): boolean {
  if (written.has(field.interface ?? '')) return true;
  if (field.autoIncrement || field.readonly) return true;
  if (field.type === 'sequence') return !field.inputable;
  if (field.type === 'uuid' || field.type === 'nanoid') return field.autoFill !== false;
  return made.has(field.type);
}

/** Shown in lists and records: not hidden, not a secret, not the raw column behind a relation. */
export function isShown(field: Field): boolean {
  return !field.hidden && field.type !== 'password' && Boolean(field.interface) && !(field.isForeignKey && field.interface !== 'id');
}

export function isEditable(field: Field): boolean {
  return !field.hidden && Boolean(field.interface) && !field.isForeignKey && !isGenerated(field);
}

export function isRequired(field: Field): boolean {
  return (field.validation?.rules ?? []).some((rule) => rule.name === 'required') || field.uiSchema?.required === true
    || (field.allowNull === false && field.defaultValue === undefined);
}
