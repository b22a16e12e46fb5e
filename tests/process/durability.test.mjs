// Nothing that was answered is lost: kill -9 under write load, SIGTERM with requests under way.
import {expect, run, sleep, test} from '../lib/check.mjs';
import {notes} from '../lib/library.mjs';
import {freshDatabase} from '../lib/postgres.mjs';
import {Server, temporaryFolder} from '../lib/server.mjs';

const ROUNDS = 3;
const WRITERS = 16;

for (const kind of ['sqlite', 'postgres']) {
  test(`kill -9 under write load loses no answered write and needs no repair (${kind})`, async () => {
    const data = temporaryFolder();
    const database = kind === 'postgres' ? freshDatabase() : undefined;
    const answered = new Set();
    const updated = new Map();
    let next = 1;
    let token;
    for (let round = 0; round < ROUNDS; round++) {
      const server = await Server.start({data, database});
      const admin = await server.admin();
      token = admin.token;
      if (round === 0) {
        await admin.must(admin.post('collections:create', notes));
        await admin.must(admin.post('notes:create', Array.from({length: WRITERS}, (_, i) => ({id: i + 1, n: -1, kind: 'changed'}))));
      }
      let alive = true;
      const writers = Array.from({length: WRITERS}, async (_, writer) => {
        while (alive) {
          const n = next++;
          const answer = await (writer % 4 === 0
            ? admin.post(`notes:update?filterByTk=${writer + 1}`, {n})
            : admin.post('notes:create', writer % 4 === 1 ? [{n, kind: 'pair'}, {n: -n, kind: 'pair'}] : {n, kind: 'one'})).catch(() => undefined);
          if (answer?.status !== 200) continue;
          if (writer % 4 === 0) updated.set(writer + 1, n);
          else answered.add(n);
        }
      });
      await sleep(1200 + round * 137);
      await server.kill();
      alive = false;
      await Promise.all(writers);
    }
    expect.true(answered.size > 100, `the load was too small to prove anything: ${answered.size} writes`);
    const server = await Server.start({data, database});
    const admin = await server.admin();
    const rows = (await admin.must(admin.get('notes:list', {paginate: 'false', fields: 'id,n,kind'}))).data;
    const stored = new Set(rows.map(({n}) => n));
    const lost = [...answered].filter((n) => !stored.has(n));
    expect.equal(lost.slice(0, 10), [], `${lost.length} of ${answered.size} answered creates are lost`);
    const halves = rows.filter(({n, kind}) => kind === 'pair' && !stored.has(-n));
    expect.equal(halves.slice(0, 10), [], `${halves.length} writes of two rows are there by half`);
    for (const [key, n] of updated) {
      const row = rows.find(({id}) => id === key);
      expect.true(row.n >= n, `row ${key}: the answered update to ${n} is lost, it holds ${row.n}`);
    }
    expect.equal((await admin.get('notes:list', {pageSize: 1})).meta.count, rows.length, 'the count after all that');
    expect.equal(new Set(rows.map(({id}) => id)).size, rows.length, 'keys are unique');
    expect.true(token.length > 20, 'token');
    await server.stop();
  }, {seconds: 120});

  test(`SIGTERM ends within 5 s and cuts no request (${kind})`, async () => {
    const data = temporaryFolder();
    const database = kind === 'postgres' ? freshDatabase() : undefined;
    const server = await Server.start({data, database});
    const admin = await server.admin();
    await admin.must(admin.post('collections:create', notes));
    const batch = (writer) => Array.from({length: 500}, (_, i) => ({n: writer * 10_000 + i, kind: 'batch'}));
    // Warm connections, so that all of these have reached the server when the signal comes.
    await Promise.all(Array.from({length: 8}, () => admin.get('notes:list')));
    const under = Array.from({length: 8}, (_, writer) => admin.post('notes:create', batch(writer)).then((answer) => answer.status, (fault) => fault.message));
    await sleep(30);
    const stopped = server.stop();
    const statuses = await Promise.all(under);
    expect.equal([...new Set(statuses)], [200], `answers to requests that were under way: ${statuses}`);
    const {code, signal, ms} = await stopped;
    expect.equal([code, signal], [0, null], 'exit code after SIGTERM');
    expect.below(ms, 5000, 'milliseconds from SIGTERM to the end');
    const again = await Server.start({data, database});
    expect.equal((await (await again.admin()).get('notes:list', {pageSize: 1})).meta.count, 8 * 500, 'rows after restart');
    // Idle keep-alive connections do not hold it up.
    await Promise.all(Array.from({length: 20}, () => again.nobody().get('app:getInfo')));
    expect.below((await again.stop()).ms, 5000, 'milliseconds with idle connections');
  });

  test(`sessions and sign-ins survive a restart (${kind})`, async () => {
    const data = temporaryFolder();
    const database = kind === 'postgres' ? freshDatabase() : undefined;
    const server = await Server.start({data, database});
    const {token} = await server.admin();
    await server.stop();
    const again = await Server.start({data, database, port: server.port});
    expect.status(await again.nobody().get('auth:check', undefined, {token}), 200);
    await again.stop();
  });
}

await run('process-durability');
