// The checks a form can make before asking the server: missing values and the simple rules of a field. The
// server checks everything again; what only it can know (uniqueness, patterns of its dialect) is left to it.
import type { Field } from '@/api/types';
import type { Translate } from '@/base/i18n';
import { isRequired, kindOf } from '@/parts/fields/kind';

export function checkValue(field: Field, value: unknown, t: Translate): string | undefined {
  const missing = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (missing) return isRequired(field) && kindOf(field) !== 'boolean' ? t('validation.required') : undefined;
  if (kindOf(field) === 'email' && !/^\S+@\S+\.\S+$|^\S+@localhost$/.test(String(value))) return t('validation.email');
  for (const { name, args } of field.validation?.rules ?? []) {
    const problem = broken(name, args ?? {}, value, t);
    if (problem) return problem;
  }
  return undefined;
}

function broken(rule: string, args: Record<string, unknown>, value: unknown, t: Translate): string | undefined {
  const limit = Number(args.limit);
  const isText = typeof value === 'string' && Number.isNaN(Number(value));
  const size = typeof value === 'string' ? [...value].length : 0;
  switch (rule) {
    case 'min': return isText ? (size < limit ? t('validation.minLength', { limit }) : undefined) : Number(value) < limit ? t('validation.min', { limit }) : undefined;
    case 'max': return isText ? (size > limit ? t('validation.maxLength', { limit }) : undefined) : Number(value) > limit ? t('validation.max', { limit }) : undefined;
    case 'greater': return Number(value) <= limit ? t('validation.greater', { limit }) : undefined;
    case 'less': return Number(value) >= limit ? t('validation.less', { limit }) : undefined;
    case 'length': return size !== limit ? t('validation.length', { limit }) : undefined;
    case 'integer': return Number.isInteger(Number(value)) ? undefined : t('validation.integer');
    default: return undefined;
  }
}
