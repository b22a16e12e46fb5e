// Bad luck: the database goes away, the file is locked, the disk is full. 503 with Retry-After, and recovery by itself.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {expect, run, sleep, test, until} from '../lib/check.mjs';
import {makeLibrary, notes} from '../lib/library.mjs';
import {Cluster, freshDatabase} from '../lib/postgres.mjs';
import {Server, temporaryFolder} from '../lib/server.mjs';

const unavailable = (answer, what) => {
  expect.equal(answer.status, 503, `${what}: status (${answer.text.slice(0, 200)})`);
  expect.match(answer.headers['retry-after'], /^\d+$/, `${what}: Retry-After`);
  expect.true(Array.isArray(answer.errors) && /^[A-Z_]+$/.test(answer.errors[0].code), `${what}: envelope ${answer.text}`);
};

test('PostgreSQL restarted: 503 with Retry-After, then all by itself again', async () => {
  const cluster = Cluster.start(`outage-${process.pid}`);
  try {
    const server = await Server.start({database: freshDatabase(cluster.url)});
    const admin = await server.admin();
    await makeLibrary(admin);
    expect.equal((await admin.get('books:list')).meta.count, 3, 'before');
    cluster.halt();
    for (const [what, answer] of [['list', await admin.get('books:list')], ['create', await admin.post('books:create', {title: 'x'})], ['filtered list', await admin.get('books:list', {filter: {pages: {$gt: 1}}})]]) unavailable(answer, what);
    expect.true(!server.exit, 'the server lives');
    cluster.resume();
    await until('reads again', async () => (await admin.get('books:list')).status === 200, {seconds: 10});
    await until('writes again', async () => (await admin.post('books:create', {title: 'after'})).status === 200, {seconds: 10});
    expect.equal((await admin.get('books:list')).meta.count, 4, 'count after the restart');
    // Notifications work again too: a second node's change arrives.
    await admin.must(admin.post('collections:create', notes));
    await until('the new collection', async () => (await admin.get('notes:list')).status === 200);
    await server.stop();
  } finally {
    cluster.stop();
  }
}, {seconds: 90});

test('PostgreSQL restarted under load: no 500, nothing answered is lost', async () => {
  const cluster = Cluster.start(`load-${process.pid}`);
  try {
    const server = await Server.start({database: freshDatabase(cluster.url)});
    const admin = await server.admin();
    await admin.must(admin.post('collections:create', notes));
    let alive = true;
    const seen = new Set();
    const answered = new Set();
    let n = 0;
    const clients = Array.from({length: 12}, async (_, i) => {
      while (alive) {
        const mine = ++n;
        const answer = await (i % 2 ? admin.get('notes:list', {pageSize: 5}) : admin.post('notes:create', {n: mine}));
        seen.add(answer.status);
        if (answer.status === 200 && i % 2 === 0) answered.add(mine);
        if (answer.status !== 200) await sleep(20);
      }
    });
    await sleep(500);
    cluster.halt();
    await sleep(700);
    cluster.resume();
    await sleep(2500);
    alive = false;
    await Promise.all(clients);
    expect.equal([...seen].sort().filter((status) => ![200, 503].includes(status)), [], 'statuses other than 200 and 503');
    await until('reads again', async () => (await admin.get('notes:list')).status === 200);
    const stored = new Set((await admin.get('notes:list', {paginate: 'false', fields: 'n'})).data.map((row) => row.n));
    expect.equal([...answered].filter((mine) => !stored.has(mine)), [], 'answered writes that are lost');
    await server.stop();
  } finally {
    cluster.stop();
  }
}, {seconds: 90});

test('a locked SQLite file: writes wait or are 503, reads go on', async () => {
  const server = await Server.start();
  const admin = await server.admin();
  await makeLibrary(admin);
  const holder = spawn('python3', ['-c', `
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("begin immediate")
print("held", flush=True)
sys.stdin.readline()
c.execute("rollback")
print("released", flush=True)`, path.join(server.data, 'renkei.db')], {stdio: ['pipe', 'pipe', 'inherit']});
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const write = admin.post('books:create', {title: 'waiting'});
  const read = await admin.get('books:list');
  expect.status(read, 200);
  const answer = await write;
  unavailable(answer, 'a write while another process holds the file');
  holder.stdin.write('\n');
  await new Promise((resolve) => holder.once('exit', resolve));
  await until('writes again', async () => (await admin.post('books:create', {title: 'after'})).status === 200);
  expect.equal((await admin.get('books:list', {filter: {title: 'after'}})).meta.count, 1, 'rows');
  await server.stop();
}, {seconds: 60});

/** A small file system of our own, where the machine lets us have one. */
function smallDisk(megabytes) {
  const folder = temporaryFolder('disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {stdio: 'ignore'});
  } catch {
    return undefined;
  }
  return {folder, close: () => execFileSync('umount', ['-l', folder])};
}

test('a full disk: 503, nothing half written, recovery when there is space', async () => {
  const disk = smallDisk(24);
  if (!disk) {
    console.log('      no right to mount: not tried');
    return;
  }
  try {
    const server = await Server.start({data: disk.folder});
    const admin = await server.admin();
    await makeLibrary(admin);
    const filler = path.join(disk.folder, 'filler');
    fs.writeFileSync(filler, '');
    try {
      for (;;) fs.appendFileSync(filler, Buffer.alloc(65536));
    } catch {
      // full
    }
    let refusedOnce;
    for (let i = 0; i < 40 && !refusedOnce; i++) {
      const answer = await admin.post('books:create', Array.from({length: 100}, (_, k) => ({title: `${'x'.repeat(200)} ${i} ${k}`})));
      if (answer.status !== 200) refusedOnce = answer;
    }
    expect.true(refusedOnce !== undefined, 'the disk was never full');
    unavailable(refusedOnce, 'a write on a full disk');
    expect.status(await admin.get('books:list'), 200);
    const before = (await admin.get('books:list', {pageSize: 1})).meta.count;
    expect.equal(before % 100, 3, 'only whole batches are stored');
    fs.rmSync(filler);
    await until('writes again', async () => (await admin.post('books:create', {title: 'after'})).status === 200);
    expect.equal((await admin.get('books:list', {pageSize: 1})).meta.count, before + 1, 'count afterwards');
    await server.stop();
  } finally {
    disk.close();
  }
}, {seconds: 90});

await run('process-outage');
