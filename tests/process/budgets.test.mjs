// The budgets of size hold as written; those of time with three times as much, since this is no idle machine.
// The exact figures are printed by ./dev bench.
import {expect, run, test} from '../lib/check.mjs';
import {id, makeLibrary, notes} from '../lib/library.mjs';
import {Server, temporaryFolder} from '../lib/server.mjs';

const TIME_TOLERANCE = 3;

const data = temporaryFolder();
{
  const server = await Server.start({data});
  const admin = await server.admin();
  await makeLibrary(admin);
  await admin.must(admin.post('collections:create', notes));
  for (let from = 0; from < 20_000; from += 1000) await admin.must(admin.post('notes:create', Array.from({length: 1000}, (_, i) => ({n: from + i, kind: `k${i % 7}`}))));
  await server.stop();
}

test('start to first healthy answer with existing data', async () => {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const server = await Server.start({data});
    times.push(server.startTime);
    await server.stop();
  }
  const median = times.sort((a, b) => a - b)[2];
  console.log(`      median ${median.toFixed(0)} ms`);
  expect.below(median, 100 * TIME_TOLERANCE, 'milliseconds');
});

test('resident memory, idle and after 10 000 lists', async () => {
  const server = await Server.start({data});
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idle = server.memory();
  const admin = await server.admin();
  let left = 10_000;
  await Promise.all(Array.from({length: 32}, async () => {
    while (left-- > 0) expect.status(await admin.get(`notes:list?page=${1 + (left % 50)}`), 200);
  }));
  const after = server.memory();
  console.log(`      idle ${idle.toFixed(1)} MiB, after 10 000 lists ${after.toFixed(1)} MiB`);
  expect.below(idle, 40, 'MiB idle');
  expect.below(after, 80, 'MiB after 10 000 lists');
  await server.stop();
}, {seconds: 120});

test('a page by key costs the same at the beginning and at the end', async () => {
  const server = await Server.start({data});
  const admin = await server.admin();
  const median = async (key) => {
    const times = [];
    for (let i = 0; i < 60; i++) times.push((await admin.get('notes:list', {filter: {id: {$gt: key}}, pageSize: 20, fields: 'id,n'})).ms);
    return times.sort((a, b) => a - b)[30];
  };
  await median(0);
  const [first, last] = [await median(0), await median(19_900)];
  expect.below(last, Math.max(first, 0.5) * TIME_TOLERANCE, `milliseconds at the end (${first.toFixed(2)} at the beginning)`);
  await server.stop();
});

test('1 000 collections of 20 fields: start, and a field added', async () => {
  const folder = temporaryFolder();
  const server = await Server.start({data: folder});
  const admin = await server.admin();
  const fields = [id, ...Array.from({length: 19}, (_, i) => ({name: `f${i}`, type: i % 2 ? 'string' : 'integer', interface: i % 2 ? 'input' : 'integer'}))];
  for (let i = 0; i < 1000; i++) await admin.must(admin.post('collections:create', {name: `c${i}`, autoGenId: false, fields}));
  const times = [];
  for (let i = 0; i < 9; i++) times.push((await admin.must(admin.post(`collections/c${i * 100}/fields:create`, {name: 'added', type: 'string', interface: 'input'}))).ms);
  const added = times.sort((a, b) => a - b)[4];
  await server.stop();
  const again = await Server.start({data: folder});
  console.log(`      start ${again.startTime.toFixed(0)} ms, field added in ${added.toFixed(0)} ms`);
  expect.below(again.startTime, 1000 * TIME_TOLERANCE, 'milliseconds to start');
  expect.below(added, 50 * TIME_TOLERANCE, 'milliseconds to add a field');
  await again.stop();
}, {seconds: 240});

await run('process-budgets');
