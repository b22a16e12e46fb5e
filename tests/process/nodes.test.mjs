// Two nodes on one PostgreSQL: what one changes, the other knows within a second. Counts are exact under writers on
// both, at every moment: never below what was finished before the question, never above what was begun before the answer.
import {expect, run, sleep, test, until} from '../lib/check.mjs';
import {id, notes} from '../lib/library.mjs';
import {freshDatabase} from '../lib/postgres.mjs';
import {Server, temporaryFolder} from '../lib/server.mjs';

/** Two servers on one database share the key, as two machines of one installation do. */
async function twoNodes() {
  const database = freshDatabase();
  const data = temporaryFolder();
  const first = await Server.start({data, database});
  const {default: fs} = await import('node:fs');
  const other = temporaryFolder();
  fs.copyFileSync(`${data}/secret.key`, `${other}/secret.key`);
  const second = await Server.start({data: other, database});
  const admin = await first.admin();
  const far = second.nobody();
  far.token = admin.token;
  return {first, second, admin, far};
}

const within = async (what, probe) => {
  const started = performance.now();
  await until(what, probe, {seconds: 5, every: 10});
  const ms = performance.now() - started;
  expect.below(ms, 1000, `milliseconds until the other node sees ${what}`);
};

test('API-061 a changed schema is seen by the other node within a second', async () => {
  const {admin, far} = await twoNodes();
  await admin.must(admin.post('collections:create', {name: 'shared', autoGenId: false, fields: [id, {name: 'word', type: 'string', interface: 'input'}]}));
  await within('a new collection', async () => (await far.get('shared:list')).status === 200);
  await admin.must(admin.post('collections/shared/fields:create', {name: 'extra', type: 'integer', interface: 'integer'}));
  await within('a new field', async () => (await far.get('shared:list', {fields: 'extra'})).status === 200);
  await far.must(far.post('shared:create', {word: 'x', extra: 5}));
  expect.equal((await admin.get('shared:get', {filter: {extra: 5}})).data.word, 'x', 'the row seen from the first node');
  await far.must(far.post('collections/shared/fields:destroy?filterByTk=extra'));
  await within('a dropped field', async () => (await admin.get('shared:list', {fields: 'extra'})).status === 400);
  await far.must(far.post('collections:destroy?filterByTk=shared'));
  await within('a dropped collection', async () => (await admin.get('shared:list')).status === 404);
});

test('SEC-04 a revoked session and a changed right reach the other node within a second', async () => {
  const {first, second, admin, far} = await twoNodes();
  await admin.must(admin.post('collections:create', notes));
  const user = await first.user(admin, {name: 'hana'});
  const there = second.nobody();
  there.token = user.token;
  expect.status(await there.get('auth:check'), 200);
  await user.must(user.post('auth:signOut', {}));
  await within('the sign-out', async () => (await there.get('auth:check')).status === 401);
  there.token = (await first.nobody().signIn('hana', 'Member-Pass-2026')).token;
  await until('the new session', async () => (await there.get('auth:check')).status === 200);
  expect.status(await there.post('notes:create', {n: 1}), 403);
  await admin.must(admin.post('dataSources/main/roles:update?filterByTk=member', {strategy: {actions: ['view', 'create']}}));
  await within('a granted right', async () => (await there.post('notes:create', {n: 1})).status === 200);
  await far.must(far.post(`users:destroy?filterByTk=${user.id}`));
  await within('a deleted user', async () => (await there.get('auth:check')).status === 401);
});

/** Writers on each node, readers on each node; returns the answers that cannot be true. */
async function race(nodes, admin, seconds) {
  const state = {begun: 0, finished: 0, begunA: 0, finishedA: 0};
  const wrong = [];
  let alive = true;
  let asked = 0;
  const writers = nodes.flatMap((node) => Array.from({length: 3}, async (_, writer) => {
    for (let i = 0; alive; i++) {
      const size = writer === 0 && i % 5 === 0 ? 7 : 1;
      const kind = i % 2 ? 'a' : 'b';
      state.begun += size;
      if (kind === 'a') state.begunA += size;
      const rows = Array.from({length: size}, () => ({n: i, kind}));
      const answer = await node.post('notes:create', size === 1 ? rows[0] : rows);
      expect.status(answer, 200);
      state.finished += size;
      if (kind === 'a') state.finishedA += size;
      if (i % 7 === 0) {
        // A write that fails as a whole must not be counted.
        expect.status(await node.post('notes:create', [{n: 1, kind: 'a'}, {n: 'no number', kind: 'a'}]), 400);
      }
      if (writer === 2) await sleep(3);
    }
  }));
  const readers = nodes.flatMap((node) => [undefined, {kind: 'a'}].map(async (filter) => {
    while (alive) {
      const low = filter ? state.finishedA : state.finished;
      const answer = await node.get('notes:list', {pageSize: 1, ...(filter ? {filter} : {})});
      const high = filter ? state.begunA : state.begun;
      expect.status(answer, 200);
      asked++;
      const {count} = answer.meta;
      if (count < low || count > high) wrong.push(`${filter ? 'filtered ' : ''}count ${count}, but ${low} were finished before and ${high} begun after`);
    }
  }));
  await sleep(seconds * 1000);
  alive = false;
  await Promise.all([...writers, ...readers]);
  expect.true(asked > 100, `only ${asked} counts were asked`);
  expect.equal(wrong.slice(0, 5), [], `${wrong.length} of ${asked} counts are wrong`);
  const stored = (await admin.get('notes:list', {paginate: 'false', fields: 'id'})).data.length;
  expect.equal((await admin.get('notes:list', {pageSize: 1})).meta.count, stored, 'the count when all is quiet');
  expect.equal(stored, state.finished, 'rows stored');
}

test('API-014 counts are exact under several writers (sqlite)', async () => {
  const server = await Server.start();
  const admin = await server.admin();
  await admin.must(admin.post('collections:create', notes));
  await race([admin], admin, 5);
  await server.stop();
}, {seconds: 60});

test('API-014 counts are exact under several writers on two nodes (postgres)', async () => {
  const {admin, far} = await twoNodes();
  await admin.must(admin.post('collections:create', notes));
  await until('the collection on both nodes', async () => (await far.get('notes:list')).status === 200);
  await race([admin, far], admin, 6);
}, {seconds: 60});

test('API-014 counts follow destroys, cascades and writers that are not ours (postgres)', async () => {
  const database = freshDatabase();
  const server = await Server.start({database});
  const admin = await server.admin();
  await admin.must(admin.post('collections:create', notes));
  await admin.must(admin.post('notes:create', Array.from({length: 50}, (_, i) => ({n: i, kind: 'x'}))));
  const count = async (filter) => (await admin.get('notes:list', {pageSize: 1, ...(filter ? {filter} : {})})).meta.count;
  expect.equal([await count(), await count({kind: 'x'})], [50, 50], 'after create');
  const {sql} = await import('../lib/postgres.mjs');
  sql(database, `insert into notes (n, kind) select 1, 'x' from generate_series(1, 25)`);
  expect.equal([await count(), await count({kind: 'x'})], [75, 75], 'after an insert by psql');
  sql(database, 'begin; delete from notes where n = 1; rollback');
  expect.equal(await count(), 75, 'after a delete that was rolled back');
  sql(database, `delete from notes where id in (select id from notes limit 5)`);
  expect.equal([await count(), await count({kind: 'x'})], [70, 70], 'after a delete by psql');
  sql(database, `update notes set kind = 'y' where id in (select id from notes limit 10)`);
  expect.equal([await count(), await count({kind: 'x'})], [70, 60], 'after an update by psql');
  sql(database, 'truncate notes');
  expect.equal([await count(), await count({kind: 'x'})], [0, 0], 'after truncate');
  await server.stop();
});

await run('process-nodes');
