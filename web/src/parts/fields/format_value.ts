// Values as people read them, in their language and time zone. Pure: screens and the CSV export share it.
import type { EnumOption, Field, Row } from '@/api/types';
import { displayText } from '@/parts/catalog/catalog';
import { kindOf } from './kind';

export interface FormatContext {
  locale: string;
  yes: string;
  no: string;
  /** The field that names a row of a related collection. */
  titleField: (collection: string) => string | undefined;
}

export function formatValue(field: Field, value: unknown, context: FormatContext): string {
  if (value === null || value === undefined || value === '') return '';
  switch (kindOf(field)) {
    case 'boolean': return value ? context.yes : context.no;
    case 'choice': return optionLabel(field, value);
    case 'choices':
    case 'list': return Array.isArray(value) ? value.map((item) => optionLabel(field, item)).join(', ') : String(value);
    case 'integer': return field.type === 'integer' || field.interface === 'integer' ? formatNumber(value, context.locale) : String(value);
    case 'float':
    case 'decimal': return formatNumber(value, context.locale, field);
    case 'percent': return formatPercent(value, context.locale);
    case 'instant': return formatInstant(value, context.locale);
    case 'wallTime': return formatWallTime(String(value), context.locale);
    case 'day': return formatDay(String(value), context.locale);
    case 'time': return String(value).slice(0, 8);
    case 'json': return typeof value === 'string' ? value : JSON.stringify(value);
    case 'one': return rowTitle(field, value, context);
    case 'many': return Array.isArray(value) ? value.map((row) => rowTitle(field, row, context)).join(', ') : '';
    default: return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

export function optionsOf(field: Field): EnumOption[] {
  const options = field.uiSchema?.enum;
  return Array.isArray(options) ? options.map((option) => (typeof option === 'object' ? option : { value: option, label: String(option) })) : [];
}

export function findOption(field: Field, value: unknown): EnumOption | undefined {
  return optionsOf(field).find((option) => String(option.value) === String(value));
}

export function optionLabel(field: Field, value: unknown): string {
  const option = findOption(field, value);
  return option ? displayText(option.label) || String(option.value) : String(value);
}

export function rowTitle(field: Field, value: unknown, context: Pick<FormatContext, 'titleField'>): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const name = context.titleField(field.target ?? '');
  const title = name === undefined ? undefined : (value as Row)[name];
  return title === null || title === undefined || title === '' ? `#${String((value as Row).id ?? Object.values(value)[0] ?? '')}` : String(title);
}

/** A number in the reader's form; the digits of big decimals are kept exactly as they came. */
export function formatNumber(value: unknown, locale: string, field?: Field): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const fraction = text.split('.')[1]?.length ?? 0;
  const props = field?.uiSchema?.['x-component-props'];
  const currency = typeof props?.currency === 'string' ? props.currency : undefined;
  const digits = Math.min(fraction, 100);
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: currency ? undefined : digits,
    maximumFractionDigits: currency ? Math.max(digits, 2) : digits,
    ...(currency ? { style: 'currency', currency } : {}),
  } as Intl.NumberFormatOptions);
  return format.format(text as unknown as number);
}

function formatPercent(value: unknown, locale: string): string {
  const number = Number(value);
  return Number.isFinite(number) ? new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 6 }).format(number) : String(value);
}

export function formatInstant(value: unknown, locale: string): string {
  const date = new Date(value as string);
  if (Number.isNaN(date.getTime())) return String(value);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** A date and time without a zone: the same digits for every reader. */
function formatWallTime(value: string, locale: string): string {
  const date = new Date(`${value.replace(' ', 'T').slice(0, 19)}Z`);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(date);
}

function formatDay(value: string, locale: string): string {
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}
