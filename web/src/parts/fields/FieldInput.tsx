// One value of a record, typed in: the write side of every field. The value is the wire's; what the person
// types on the way to it (half a number, broken JSON) stays inside the input.
import {
  Checkbox, ColorInput, MultiSelect, NumberInput, PasswordInput, Radio, Group, Select, Switch, TagsInput, Textarea, TextInput,
} from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { Field, Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText, fieldTitle } from '@/parts/catalog/catalog';
import { optionsOf } from './format_value';
import { JsonInput } from './JsonInput';
import { isRequired, kindOf } from './kind';

const DateField = lazy(() => import('./DateField').then((module) => ({ default: module.DateField })));
const RelationInput = lazy(() => import('@/parts/relation/RelationInput').then((module) => ({ default: module.RelationInput })));

export interface FieldInputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: ReactNode;
  /** Without a visible label, as in a grid cell; the name is still told to screen readers. */
  bare?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  /** A filter asks for values freely: nothing is required, long text is one line. */
  forFilter?: boolean;
  onBlur?: () => void;
}

export function FieldInput(props: FieldInputProps) {
  const { field, value, onChange, bare, error, autoFocus, disabled, forFilter, onBlur } = props;
  const t = useT();
  const title = fieldTitle(field);
  const frame = {
    ...(bare ? { 'aria-label': title } : { label: title, description: field.description || undefined }),
    error,
    disabled: disabled ?? false,
    required: !bare && !forFilter && isRequired(field),
    'data-autofocus': autoFocus || undefined,
    autoFocus: autoFocus ?? false,
    ...(onBlur ? { onBlur } : {}),
    ...(bare ? { size: 'xs' as const } : {}),
  };
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const options = () => withUnknown(optionsOf(field).map((option) => ({ value: String(option.value), label: displayText(option.label) || String(option.value) })), value);
  const toOption = (chosen: string | null) => optionsOf(field).find((option) => String(option.value) === chosen)?.value ?? chosen;
  switch (kindOf(field)) {
    case 'longText':
      if (forFilter) return <TextInput {...frame} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
      return <Textarea {...frame} autosize minRows={bare ? 1 : 3} maxRows={16} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'password':
      return <PasswordInput {...frame} autoComplete="new-password" value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'integer':
    case 'float':
    case 'decimal':
      return <NumberField field={field} frame={frame} value={value} onChange={onChange} />;
    case 'percent':
      return (
        <NumberInput
          {...frame}
          suffix=" %"
          value={value === null || value === undefined || value === '' ? '' : roundPercent(Number(value) * 100)}
          onChange={(next) => onChange(next === '' ? null : roundPercent(Number(next) / 100))}
        />
      );
    case 'boolean': {
      const Box = field.interface === 'switch' ? Switch : Checkbox;
      const { required: _, ...rest } = frame;
      return <Box {...rest} checked={Boolean(value)} onChange={(event) => onChange(event.currentTarget.checked)} />;
    }
    case 'choice':
      if (field.interface === 'radioGroup' && !bare && !forFilter) {
        return (
          <Radio.Group {...frame} value={text} onChange={(next) => onChange(toOption(next))}>
            <Group gap="md" mt={4}>{options().map((option) => <Radio key={option.value} {...option} />)}</Group>
          </Radio.Group>
        );
      }
      return <Select {...frame} data={options()} searchable clearable value={text || null} onChange={(next) => onChange(toOption(next))} comboboxProps={{ withinPortal: true }} />;
    case 'choices':
    case 'list': {
      const list = (Array.isArray(value) ? value : []).map(String);
      if (optionsOf(field).length === 0) return <TagsInput {...frame} value={list} onChange={onChange} />;
      if (field.interface === 'checkboxGroup' && !bare && !forFilter) {
        return (
          <Checkbox.Group {...frame} value={list} onChange={(next) => onChange(next.map(toOption))}>
            <Group gap="md" mt={4}>{options().map((option) => <Checkbox key={option.value} {...option} />)}</Group>
          </Checkbox.Group>
        );
      }
      return <MultiSelect {...frame} data={options()} searchable clearable value={list} onChange={(next) => onChange(next.map(toOption))} />;
    }
    case 'instant':
    case 'wallTime':
    case 'day':
    case 'time':
      return (
        <Suspense fallback={<TextInput {...frame} disabled />}>
          <DateField field={field} frame={frame} value={value} onChange={onChange} />
        </Suspense>
      );
    case 'json':
      return <JsonInput {...frame} value={value} onChange={onChange} invalid={t('validation.json')} />;
    case 'color':
      return <ColorInput {...frame} value={text} onChange={onChange} />;
    case 'one':
    case 'many':
      return (
        <Suspense fallback={<TextInput {...frame} disabled />}>
          <RelationInput field={field} frame={frame} value={value as Row | Row[] | null} onChange={onChange} />
        </Suspense>
      );
    default:
      return (
        <TextInput
          {...frame}
          type={kindOf(field) === 'email' && !forFilter ? 'email' : 'text'}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

interface NumberFieldProps {
  field: Field;
  frame: object;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** Numbers beyond what JavaScript counts exactly, and decimals, travel as the text that was typed. */
function NumberField({ field, frame, value, onChange }: NumberFieldProps) {
  const whole = kindOf(field) === 'integer';
  const exact = kindOf(field) === 'decimal' || field.type === 'bigInt';
  return (
    <NumberInput
      {...frame}
      allowDecimal={!whole}
      {...(whole ? {} : { decimalScale: field.type === 'decimal' ? (field.scale ?? 10) : 15 })}
      value={value === null || value === undefined ? '' : (value as number | string)}
      onChange={(next) => {
        if (next === '') onChange(null);
        else if (exact && (typeof next === 'string' || !Number.isSafeInteger(next))) onChange(String(next));
        else onChange(typeof next === 'string' ? Number(next) : next);
      }}
    />
  );
}

function roundPercent(value: number): number {
  return Number(value.toPrecision(12));
}

/** A current value that is no longer among the choices is still shown. */
function withUnknown(options: { value: string; label: string }[], value: unknown) {
  const current = (Array.isArray(value) ? value : [value]).filter((item) => item !== null && item !== undefined && item !== '').map(String);
  const missing = current.filter((item) => !options.some((option) => option.value === item));
  return [...options, ...missing.map((item) => ({ value: item, label: item }))];
}
