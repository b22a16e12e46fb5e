import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { instantToPicker, pickerToInstant, wallTimeToPicker } from './date_text';
import { formatNumber, formatValue, type FormatContext } from './format_value';
import { isEditable, isGenerated, isRequired, kindOf } from './kind';

const field = (type: string, more: Partial<Field> = {}): Field => ({ key: 'f', name: 'f', type, interface: 'input', ...more });
const context: FormatContext = { locale: 'en-US', yes: 'Yes', no: 'No', titleField: () => 'name' };
const format = (target: Field, value: unknown) => formatValue(target, value, context);

describe('formatValue', () => {
  it.each([
    [field('boolean'), false, 'No'],
    [field('decimal'), '1234567890123456789.50', '1,234,567,890,123,456,789.50'],
    [field('float', { interface: 'percent' }), 0.125, '12.5%'],
    [field('dateOnly'), '2026-03-10', 'Mar 10, 2026'],
    [field('time'), '03:04:05', '03:04:05'],
    [field('array', { interface: 'multipleSelect', uiSchema: { enum: [{ value: 'a', label: 'A!' }] } }), ['a', 'z'], 'A!, z'],
    [field('belongsTo', { target: 't' }), { id: 3, name: 'Soseki' }, 'Soseki'],
    [field('belongsTo', { target: 't' }), { id: 3, name: null }, '#3'],
    [field('belongsToMany', { target: 't' }), [{ id: 1, name: 'x' }, { id: 2, name: 'y' }], 'x, y'],
    [field('json', { interface: 'json' }), { a: 1 }, '{"a":1}'],
    [field('string'), null, ''],
    [field('date', { interface: 'datetime' }), 'not a date', 'not a date'],
  ])('%#', (target, value, text) => expect(format(target, value)).toBe(text));

  it('shows zone-less times with the same digits everywhere', () => {
    expect(format(field('datetimeNoTz', { interface: 'datetimeNoTz' }), '2026-01-02 03:04:05')).toMatch(/Jan 2, 2026, 3:04:05\sAM/);
  });
  it('leaves text that is no number alone', () => expect(formatNumber('1e5', 'en-US')).toBe('1e5'));
});

describe('kindOf', () => {
  it.each([
    [field('string', { interface: 'select' }), 'choice'], [field('hasOne'), 'one'], [field('hasMany'), 'many'],
    [field('formula', { dataType: 'double', interface: 'formula' }), 'float'], [field('someday', { interface: 'unheardOf' }), 'text'],
  ])('%#', (target, kind) => expect(kindOf(target)).toBe(kind));
});

it('asks in forms only for what people may fill in', () => {
  expect([isGenerated(field('formula')), isGenerated(field('date', { interface: 'createdAt' })), isEditable(field('bigInt', { isForeignKey: true })), isEditable(field('string'))])
    .toEqual([true, true, false, true]);
  expect(isRequired(field('string', { validation: { rules: [{ name: 'required' }] } }))).toBe(true);
});

it('takes dates to the picker and back', () => {
  const instant = '2026-01-02T03:04:05.000Z';
  expect(pickerToInstant(instantToPicker(instant))).toBe(instant);
  expect([instantToPicker(null), pickerToInstant('rubbish'), wallTimeToPicker('2026-01-02T03:04:05')]).toEqual([null, null, '2026-01-02 03:04:05']);
});
