import { expect, it } from 'vitest';
import { encodeQuery } from './query_string';

it.each([
  [{}, ''],
  [{ page: 2, pageSize: 20, tree: true, paginate: false }, '?page=2&pageSize=20&tree=true&paginate=false'],
  [{ sort: ['-price', 'id'], fields: [] }, '?sort=-price%2Cid'],
  [{ filter: { a: { $eq: 1 } } }, '?filter=%7B%22a%22%3A%7B%22%24eq%22%3A1%7D%7D'],
  [{ filter: {}, schema: undefined }, ''],
  [{ filterByTk: ['1', '2'] }, '?filterByTk=%5B%221%22%2C%222%22%5D'],
  [{ filterByTk: 0 }, '?filterByTk=0'],
])('%j', (query, text) => expect(encodeQuery(query)).toBe(text));
