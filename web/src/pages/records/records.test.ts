import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import type { Translate } from '@/base/i18n';
import { Catalog } from '@/parts/catalog/catalog';
import { Permissions } from '@/parts/catalog/rights';
import { checkValue } from './check_value';
import { orderFields } from './columns';
import { parseGridSearch } from './grid_search';
import { initialValues, valuesToSend } from './record_values';
import { collectionRights } from './row_rights';
import { formatSort, parseSort, toggleSort } from './sort_terms';

const field = (name: string, type = 'string', more: Partial<Field> = {}): Field => ({ key: name, name, type, interface: 'input', ...more });
const catalog = new Catalog([
  { name: 'authors', fields: [field('id', 'bigInt', { primaryKey: true }), field('name')] },
  { name: 'books', fields: [field('id', 'bigInt', { primaryKey: true })] },
]);
const fields = [field('title'), field('price', 'decimal'), field('author', 'belongsTo', { target: 'authors' }), field('tags', 'belongsToMany', { target: 'authors' }), field('pin', 'password')];

describe('valuesToSend', () => {
  const row = { title: 'Kokoro', price: '12.50', author: { id: 1, name: 'S' }, tags: [{ id: 1 }, { id: 2 }] };
  it('sends only what changed', () => {
    const before = initialValues(fields, row);
    expect(valuesToSend(fields, before, { ...before, title: 'Botchan' }, catalog, false)).toEqual({ title: 'Botchan' });
    expect(valuesToSend(fields, before, { ...before, author: { id: 1, name: 'renamed' } }, catalog, false)).toEqual({});
  });
  it('writes links as keys and an emptied value as null', () => {
    const before = initialValues(fields, row);
    expect(valuesToSend(fields, before, { ...before, title: '', author: { id: 2, name: 'x' }, tags: [] }, catalog, false)).toEqual({ title: null, author: { id: 2 }, tags: [] });
  });
  it('leaves blanks and unchanged passwords out of a new row', () => {
    const before = initialValues(fields, undefined);
    expect(valuesToSend(fields, before, { ...before, title: 'x' }, catalog, true)).toEqual({ title: 'x' });
  });
});

describe('sorting', () => {
  it('reads and writes the wire form', () => expect(formatSort(parseSort('-price,id,'))).toBe('-price,id'));
  it('goes up, down, off', () => {
    const up = toggleSort([], 'a', false);
    const down = toggleSort(up, 'a', false);
    expect([formatSort(up), formatSort(down), formatSort(toggleSort(down, 'a', false))]).toEqual(['a', '-a', undefined]);
  });
  it('adds beside the others with Shift', () => expect(formatSort(toggleSort(parseSort('-a'), 'b', true))).toBe('-a,b'));
});

it('takes only sensible things from the address', () => {
  expect(parseGridSearch({ page: '3', size: 33, sort: '', q: 7, filter: { a: 1 }, row: 12, junk: 1 })).toEqual({ page: 3, q: '7', filter: '{"a":1}', row: '12' });
});

it('keeps unknown columns after the ordered ones', () => {
  expect(orderFields([field('a'), field('b'), field('c')], ['c', 'a']).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});

describe('collectionRights', () => {
  const root = new Permissions({ allowAll: true });
  it('follows the keys the server allows', () => {
    const rights = collectionRights(catalog.find('books')!, catalog, root, { allowedActions: { update: [1], destroy: [] } });
    expect([rights.mayUpdate({ id: 1 }), rights.mayUpdate({ id: 2 }), rights.mayDestroy({ id: 1 })]).toEqual([true, false, false]);
  });
  it('never offers what the collection cannot do', () => {
    expect(collectionRights({ name: 'books', unavailableActions: ['create', 'update', 'destroy'] }, catalog, root, undefined).create).toBe(false);
  });
});

describe('checkValue', () => {
  const t: Translate = (key) => key;
  const rules = (...names: [string, number?][]) => ({ validation: { rules: names.map(([name, limit]) => ({ name, ...(limit === undefined ? {} : { args: { limit } }) })) } });
  it.each([
    [field('a', 'string', rules(['required'])), '', 'validation.required'],
    [field('a', 'boolean', rules(['required'])), false, undefined],
    [field('a', 'string', rules(['min', 3])), 'ab', 'validation.minLength'],
    [field('a', 'integer', rules(['max', 9])), 10, 'validation.max'],
    [field('a', 'decimal', rules(['min', 5])), '4.50', 'validation.min'],
    [field('a', 'string', { interface: 'email' }), 'nobody', 'validation.email'],
    [field('a', 'string', rules(['min', 3])), null, undefined],
  ])('%#', (target, value, problem) => expect(checkValue(target, value, t)).toBe(problem));
});
