import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { Catalog, displayText } from './catalog';
import { groupByCategory } from './group_by_category';
import { isWireName, proposeName } from './naming';
import { Permissions } from './rights';

const field = (name: string, more: Partial<Field> = {}): Field => ({ key: name, name, type: 'string', interface: 'input', ...more });
const catalog = new Catalog([
  { name: 'people', title: 'People', fields: [field('id', { type: 'bigInt', primaryKey: true }), field('name')] },
  { name: 'students', inherits: ['people'], fields: [field('grade')] },
  { name: 'pairs', filterTargetKey: ['a', 'b'], fields: [field('a'), field('b')] },
  { name: 'links', isThrough: true },
  { name: 'report', sql: 'select 1', fields: [field('n')] },
]);

describe('Catalog', () => {
  it('shows what people work with', () => expect(catalog.visible.map(({ name }) => name)).toEqual(['people', 'students', 'pairs', 'report']));
  it('adds the fields of parents', () => expect(catalog.fields('students').map(({ name }) => name)).toEqual(['grade', 'id', 'name']));
  it('knows single, composite and missing keys', () => {
    expect(catalog.keyOf('people', { id: 7 })).toBe(7);
    expect(catalog.keyOf('pairs', { a: 'x', b: 2 })).toEqual({ a: 'x', b: 2 });
    expect(catalog.keyOf('pairs', { a: 'x', b: null })).toBeUndefined();
    expect(catalog.keyOf('report', { n: 1 })).toBeUndefined();
  });
  it('names rows by the best field', () => expect([catalog.titleField('students'), catalog.titleField('report')]).toEqual(['name', 'n']));
});

describe('Permissions', () => {
  const member = new Permissions({
    strategy: { actions: ['view:own', 'create'] }, resources: ['books'], actions: { 'books:view': { fields: ['title'] } },
    snippets: ['!ui.*', 'pm', 'pm.*', '!pm.users'],
  });
  it('asks the strategy unless the collection has rules of its own', () => {
    expect([member.can('x', 'view'), member.can('x', 'update'), member.can('books', 'view'), member.can('books', 'create')]).toEqual([true, false, true, false]);
  });
  it('limits fields only where the rules name them', () => {
    expect([member.canField('books', 'view', 'price'), member.canField('x', 'view', 'price')]).toEqual([false, true]);
  });
  it('lets a refusal beat a glob', () => {
    expect([member.mayConfigure('pm.acl.roles'), member.mayConfigure('pm.users')]).toEqual([true, false]);
  });
  it('lets root do everything', () => expect(new Permissions({ allowAll: true }).can('x', 'destroy')).toBe(true));
});

describe('names', () => {
  it.each([['Order lines', 'orderLines'], ['Café menu', 'cafeMenu'], ['2nd try', 't_2ndTry'], ['', '']])('%s → %s', (title, name) => {
    expect(proposeName(title, 't')).toBe(name);
  });
  it('gives other scripts a random name', () => expect(proposeName('注文', 't')).toMatch(/^t_[a-z0-9]{8}$/));
  it('knows what the wire takes', () => expect([isWireName('a_b-c$1'), isWireName('a b'), isWireName('x'.repeat(64))]).toEqual([true, false, false]));
});

it('puts collections under their categories, the rest last', () => {
  const groups = groupByCategory([{ name: 'a', category: [{ id: 1, name: 'One' }] }, { name: 'b' }], [{ id: '1', name: 'One' }, { id: 2, name: 'Empty' }], 'Other');
  expect(groups.map(({ title, collections }) => [title, collections.length])).toEqual([['One', 1], ['Other', 1]]);
});

it('unwraps titles written for translation', () => expect(displayText('{{t("Order date")}} 1')).toBe('Order date 1'));
