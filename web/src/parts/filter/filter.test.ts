import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { countConditions, fromWire, joinFilters, newCondition, newGroup, replaceNode, toWire } from './filter_model';
import { operatorsOf } from './operators';
import { quickSearch } from './quick_search';

describe('toWire', () => {
  it('leaves out what is not finished', () => {
    expect(toWire(newGroup('$and', [newCondition(), newCondition('title', '$includes', ''), newGroup('$or', [])]))).toBeUndefined();
  });
  it('writes conditions and nested groups', () => {
    const group = newGroup('$and', [
      newCondition('title', '$includes', 'x'),
      newCondition('done', '$isTruly'),
      newGroup('$or', [newCondition('author.name', '$eq', 'Soseki'), newCondition('price', '$gt', 0)]),
    ]);
    expect(toWire(group)).toEqual({
      $and: [{ title: { $includes: 'x' } }, { done: { $isTruly: true } }, { $or: [{ 'author.name': { $eq: 'Soseki' } }, { price: { $gt: 0 } }] }],
    });
    expect(countConditions(group)).toBe(4);
  });
  it('wants both ends of a span', () => {
    expect(toWire(newCondition('day', '$dateBetween', ['2026-01-01', null]))).toBeUndefined();
    expect(toWire(newCondition('day', '$dateBetween', ['2026-01-01', '2026-02-01']))).toBeDefined();
  });
});

describe('fromWire', () => {
  it.each([
    { $and: [{ title: { $includes: 'x' } }, { $or: [{ a: { $empty: true } }, { b: { $in: [1, 2] } }] }] },
    { $and: [{ day: { $dateOn: { type: 'lastMonth' } } }] },
  ])('brings back what toWire wrote %#', (wire) => expect(toWire(fromWire(wire)!)).toEqual(wire));
  it.each([{ title: 'x' }, { $not: { a: { $eq: 1 } } }, { a: { $gt: 1, $lt: 5 } }, { $and: [{ a: 1 }] }, 'text', null])('refuses other forms %#', (wire) => {
    expect(fromWire(wire)).toBeUndefined();
  });
});

it('replaces and removes nodes at any depth', () => {
  const inner = newCondition('a', '$eq', 1);
  const group = newGroup('$and', [newGroup('$or', [inner])]);
  expect(toWire(replaceNode(group, inner.id, (node) => ({ ...node, value: 2 }) as typeof inner))).toEqual({ $and: [{ $or: [{ a: { $eq: 2 } }] }] });
  expect(toWire(replaceNode(group, inner.id, () => undefined))).toBeUndefined();
});

it('joins filters without needless nesting', () => {
  expect([joinFilters(), joinFilters(undefined, { a: 1 }), joinFilters({ a: 1 }, { b: 2 })]).toEqual([undefined, { a: 1 }, { $and: [{ a: 1 }, { b: 2 }] }]);
});

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({ key: name, name, type, interface: 'input', ...more });

it('searches text columns, and the key when the word is a number', () => {
  const fields = [field('id', 'bigInt', { primaryKey: true, interface: 'id' }), field('title', 'string'), field('secret', 'string', { hidden: true }), field('price', 'decimal')];
  expect(quickSearch(fields, ' 12 ')).toEqual({ $or: [{ title: { $includes: '12' } }, { id: { $eq: 12 } }] });
  expect(quickSearch(fields, '  ')).toBeUndefined();
});

it('offers each kind its own operators', () => {
  const names = (target: Field) => operatorsOf(target).map(({ name }) => name);
  expect(names(field('a', 'boolean'))).toContain('$isTruly');
  expect(names(field('a', 'dateOnly'))).toContain('$dateBetween');
  expect(names(field('a', 'password'))).toEqual([]);
});
