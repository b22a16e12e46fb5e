// NocoBase's own npm client, unmodified, signs in and works with rows and relations.
import {APIClient} from '@nocobase/sdk';
import {expect, run, test} from '../lib/check.mjs';
import {makeLibrary} from '../lib/library.mjs';
import {freshDatabase} from '../lib/postgres.mjs';
import {Server, administrator} from '../lib/server.mjs';

const database = process.argv[2] ?? 'sqlite';
const server = await Server.start({database: database === 'postgres' ? freshDatabase() : undefined});
await makeLibrary(await server.admin());

/** What the client keeps in a browser's storage. */
class Memory {
  items = new Map();
  getItem(key) { return this.items.get(key) ?? null; }
  setItem(key, value) { this.items.set(key, String(value)); }
  removeItem(key) { this.items.delete(key); }
  clear() { this.items.clear(); }
}

const client = () => new APIClient({baseURL: `${server.base}/api`, storageClass: Memory});
const api = client();

const refused = async (promise, status) => {
  const fault = await promise.then((answer) => { throw new Error(`was not refused: ${JSON.stringify(answer.data)}`); }, (error) => error);
  expect.equal(fault.response?.status, status, `status of ${fault.config?.url}`);
  return fault.response.data.errors;
};

test('API-101 the client signs in, is known, and is told when the password is wrong', async () => {
  const errors = await refused(client().auth.signIn({account: administrator.email, password: 'wrong'}), 401);
  expect.match(errors[0].message, /incorrect/);
  const {data} = await api.auth.signIn({account: administrator.email, password: administrator.password});
  expect.true(typeof data.data.token === 'string' && data.data.token.length > 20, 'a token');
  expect.equal(api.auth.token, data.data.token, 'the token the client keeps');
  const check = await api.request({url: 'auth:check'});
  expect.equal(check.data.data.email, administrator.email, 'auth:check');
});

test('API-101 create, read, change and delete rows', async () => {
  const books = api.resource('books');
  const made = (await books.create({values: {title: 'Sanshiro', price: 11, author: 1, genres: [1, 3]}})).data.data;
  expect.equal([made.title, made.price, made.authorId], ['Sanshiro', '11.00', 1], 'what create answers');
  const got = (await books.get({filterByTk: made.id, appends: ['author', 'genres']})).data.data;
  expect.equal([got.author.name, got.genres.map(({label}) => label)], ['Soseki', ['novel', 'travel']], 'relations');
  const updated = (await books.update({filterByTk: made.id, values: {price: '12.5', author: {id: 2}}})).data.data;
  expect.equal([updated.length, updated[0].price, updated[0].authorId], [1, '12.50', 2], 'what update answers');
  expect.equal((await books.destroy({filterByTk: made.id})).data.data, 1, 'what destroy answers');
  expect.equal((await books.get({filterByTk: made.id})).data.data, null, 'a row that is gone');
});

test('API-101 list with filter, sort, fields and pages', async () => {
  const answer = (await api.resource('books').list({filter: {$or: [{'author.name': {$includes: 'SOSE'}}, {pages: {$gt: 300}}]}, sort: ['-pages'], fields: ['id', 'title'], page: 1, pageSize: 2})).data;
  expect.equal(answer.data, [{id: 3, title: 'Indiana'}, {id: 1, title: 'Kokoro'}], 'rows');
  expect.equal([answer.meta.count, answer.meta.totalPage], [3, 2], 'meta');
});

test('API-101 relations of one row', async () => {
  const genres = api.resource('books.genres', 3);
  await genres.add({filterByTks: [1, 2]});
  await genres.remove({filterByTk: 1});
  expect.equal((await genres.list({fields: ['id']})).data.data.map((row) => row.id), [2], 'after add and remove');
  await genres.set({values: [3]});
  expect.equal((await genres.list()).data.data.map((row) => row.label), ['travel'], 'after set');
  await genres.toggle({values: {tk: 3}});
  expect.equal((await genres.list()).data.data, [], 'after toggle');
  const made = (await genres.create({values: {label: 'letters'}})).data.data;
  expect.equal((await genres.list({filter: {id: made.id}})).data.meta.count, 1, 'a row made through the relation');
  expect.equal((await api.resource('books.author', 3).get()).data.data.name, 'Sand', 'a to-one relation');
  expect.equal((await genres.destroy({filterByTk: made.id})).data.data, true, 'destroy through the relation');
});

test('API-101 several keys, firstOrCreate, updateOrCreate, a collection of its own', async () => {
  const genres = api.resource('genres');
  const first = (await genres.firstOrCreate({filterKeys: ['label'], values: {label: 'epic'}})).data.data;
  expect.equal((await genres.firstOrCreate({filterKeys: ['label'], values: {label: 'epic'}})).data.data.id, first.id, 'firstOrCreate twice');
  const again = (await genres.updateOrCreate({filterKeys: ['label'], values: {label: 'epic'}})).data.data;
  expect.true(Array.isArray(again) && again[0].id === first.id, 'updateOrCreate of a row that exists answers an array');
  const other = (await genres.create({values: {label: 'lyric'}})).data.data;
  expect.equal((await genres.destroy({filterByTk: [first.id, other.id]})).data.data, 2, 'destroy of two keys');
  await api.resource('collections').create({values: {name: 'made', autoGenId: true, fields: [{name: 'word', type: 'string', interface: 'input'}]}});
  await api.resource('collections.fields', 'made').create({values: {name: 'size', type: 'integer', interface: 'integer'}});
  expect.equal((await api.resource('made').create({values: {word: 'x', size: 3}})).data.data.size, 3, 'a row in a new collection');
  await api.resource('collections').destroy({filterByTk: 'made'});
  const gone = await api.resource('made').list().catch((error) => error.response);
  expect.equal([gone.status, gone.data], [404, 'Not Found'], 'a dropped collection');
});

test('API-101 errors reach the client as it reads them; sign-out ends the token', async () => {
  expect.match((await refused(api.resource('books').create({values: {pages: 1}}), 400))[0].message, /Title cannot be null/);
  expect.match((await refused(api.resource('books').list({fields: ['nosuch']}), 400))[0].message, /Invalid SQL column/);
  const token = api.auth.token;
  await api.auth.signOut();
  const errors = await refused(client().axios.get('auth:check', {headers: {authorization: `Bearer ${token}`}}), 401);
  expect.equal(errors[0].code, 'BLOCKED_TOKEN', 'code');
});

await run(`sdk-${database}`);
