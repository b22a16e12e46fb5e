// The program as its operator meets it: help, flags, and starts that cannot work end at once with one clear sentence.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {expect, run, test} from '../lib/check.mjs';
import {freshDatabase} from '../lib/postgres.mjs';
import {Server, administrator, freePort, once, temporaryFolder} from '../lib/server.mjs';

const commands = [['serve'], ['migrate'], ['doctor'], ['config', 'explain'], ['user', 'create'], ['user', 'reset-password'], ['backup'], ['restore'], ['demo']];

test('help names every command and shows examples', async () => {
  const {code, stdout} = once(['--help']);
  expect.equal(code, 0, 'exit code');
  for (const [word] of commands) expect.match(stdout, new RegExp(`\\b${word}\\b`), `help names ${word}`);
  expect.match(stdout, /[Ee]xamples?/, 'examples');
  expect.match(once(['--version']).stdout, /^renkei \d+\.\d+\.\d+/, 'version');
});

test('each command has help with an example', async () => {
  for (const words of commands) {
    const {code, stdout} = once([...words, '--help']);
    expect.equal(code, 0, `${words.join(' ')} --help`);
    expect.match(stdout, /[Ee]xample/, `${words.join(' ')} --help shows an example`);
  }
});

/** A start that cannot work: ends at once, not with success, and says why in one sentence (and a remedy). */
function refused(result, pattern, what) {
  expect.true(result.code !== 0 && result.code !== null, `${what}: exit code ${result.code} (${result.signal ?? 'no signal'})\n${result.out}`);
  expect.below(result.ms, 8000, `${what}: milliseconds until it ended`);
  expect.match(result.out, pattern, what);
  const lines = result.stderr.trim().split('\n').filter((line) => !line.startsWith('{'));
  expect.below(lines.length, 4, `${what}: lines of the message\n${result.stderr}`);
  expect.true(!/terminate called|Assertion|core dumped|what\(\)/.test(result.out), `${what}: a crash\n${result.out}`);
}

const serve = (args, options) => once(['serve', '--data', temporaryFolder(), ...(args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']), ...args], options);

test('a wrong flag, a wrong command and no command are refused', async () => {
  refused(once(['serve', '--lissten', '127.0.0.1:1']), /lissten/, 'wrong flag');
  refused(once(['sserve']), /sserve|subcommand/i, 'wrong command');
  refused(once([]), /subcommand|--help/i, 'no command');
  refused(serve(['--listen', 'nowhere']), /nowhere|listen/, 'bad address');
  refused(serve(['--listen', '127.0.0.1:99999']), /99999|port/, 'bad port');
});

test('a busy port is named', async () => {
  const port = await freePort();
  const holder = net.createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  refused(once(['serve', '--listen', `127.0.0.1:${port}`, '--data', temporaryFolder()]), new RegExp(`${port}.*(in use|busy|taken)|(in use|busy|taken).*${port}`, 'is'), 'busy port');
  holder.close();
});

test('an unwritable data folder is named', async () => {
  refused(once(['serve', '--listen', '127.0.0.1:0', '--data', '/proc/renkei']), /\/proc\/renkei/, 'folder that cannot be made');
  const file = path.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, 'x');
  refused(once(['serve', '--listen', '127.0.0.1:0', '--data', file]), new RegExp(file), 'a file where the folder should be');
});

test('SEC-42 an unreachable database is named without its password', async () => {
  const port = await freePort();
  const result = serve([], {env: {RENKEI_DATABASE_URL: `postgres://me:s3cret-word@127.0.0.1:${port}/none`}});
  refused(result, /127\.0\.0\.1|database|PostgreSQL/i, 'unreachable database');
  expect.true(!result.out.includes('s3cret-word'), `the password is shown\n${result.out}`);
  refused(serve([], {env: {RENKEI_DATABASE_URL: 'mysql://x/y'}}), /postgres:\/\//, 'another kind of database');
  const missing = new URL(freshDatabase());
  missing.pathname = '/does_not_exist';
  refused(serve([], {env: {RENKEI_DATABASE_URL: missing.href}}), /does_not_exist/, 'a database that does not exist');
});

test('SEC-40 a wrong key is refused, and the right one is taken again', async () => {
  const data = temporaryFolder();
  const server = await Server.start({data});
  await server.stop();
  const file = path.join(data, 'secret.key');
  expect.equal((fs.statSync(file).mode & 0o777).toString(8), '600', 'mode of secret.key');
  const right = fs.readFileSync(file);
  const other = temporaryFolder();
  await (await Server.start({data: other})).stop();
  fs.copyFileSync(path.join(other, 'secret.key'), file);
  refused(once(['serve', '--listen', '127.0.0.1:0', '--data', data]), /secret\.key/, 'a key that belongs to other data');
  fs.writeFileSync(file, 'rubbish');
  refused(once(['serve', '--listen', '127.0.0.1:0', '--data', data]), /secret\.key/, 'a key that is none');
  fs.rmSync(file);
  refused(once(['serve', '--listen', '127.0.0.1:0', '--data', data]), /secret\.key/, 'a lost key');
  fs.writeFileSync(file, right, {mode: 0o600});
  await (await Server.start({data})).stop();
});

test('SEC-27 limits are lifted on loopback only', async () => {
  refused(once(['serve', '--listen', '0.0.0.0:0', '--data', temporaryFolder()], {env: {RENKEI_RATE_LIMIT: 'off'}}), /rate.limit/i, 'RENKEI_RATE_LIMIT=off off loopback');
});

test('a second server on the same SQLite data is refused or harmless', async () => {
  const data = temporaryFolder();
  const first = await Server.start({data});
  const second = once(['serve', '--listen', `127.0.0.1:${await freePort()}`, '--data', data], {seconds: 6});
  refused(second, /in use|already|another/i, 'second process on one data folder');
  await first.admin();
  await first.stop();
});

test('AUTH-052 SEC-34 first start without an account prints a one-time link and has no default credential', async () => {
  const server = await Server.start({env: {RENKEI_ADMIN_EMAIL: undefined, RENKEI_ADMIN_PASSWORD: undefined}});
  expect.match(server.log, new RegExp(`http://127\\.0\\.0\\.1:${server.port}/setup\\?\\S+`), 'the link');
  for (const [account, password] of [['nocobase', 'admin123'], ['admin@nocobase.com', 'admin123'], ['admin', 'admin']]) {
    expect.status(await server.nobody().post('auth:signIn', {account, password}), 401);
  }
  await server.stop();
});

test('UI-001 SEC-60 set-up works once, with the token of the link only, and is then gone', async () => {
  const server = await Server.start({env: {RENKEI_ADMIN_EMAIL: undefined, RENKEI_ADMIN_PASSWORD: undefined}});
  const token = new URL(server.log.match(/http:\/\/\S+\/setup\?\S+/)[0]).searchParams.get('token');
  const values = {email: 'first@example.com', username: 'first', nickname: 'First', password: 'Long-Enough-77', language: 'en-US', timezone: 'Asia/Tokyo'};
  const nobody = server.nobody();
  expect.equal((await nobody.get('setup:status')).data, {needed: true}, 'setup:status');
  const wrong = await nobody.post('setup:run', {...values, token: 'guess'});
  expect.true(wrong.status >= 400 && wrong.status < 500, `a wrong token: ${wrong.status}`);
  expect.status(await nobody.post('setup:run', {...values, token}), 200);
  const again = await nobody.post('setup:run', {...values, email: 'b@example.com', username: 'b', token});
  expect.true(again.status === 404 || again.status === 403 || again.status === 409 || again.status === 410, `set-up a second time: ${again.status} ${again.text}`);
  expect.equal((await nobody.get('setup:status')).data?.needed ?? false, false, 'setup:status afterwards');
  const admin = await nobody.signIn('first@example.com', values.password);
  expect.equal((await admin.get('roles:check')).data.role, 'root', 'role of the first user');
  await server.stop();
});

test('config explain says where a value comes from', async () => {
  const data = temporaryFolder();
  const result = once(['config', 'explain', 'listen', '--data', data], {env: {RENKEI_LISTEN: '127.0.0.1:4711'}});
  expect.equal(result.code, 0, `exit code\n${result.out}`);
  expect.match(result.stdout, /127\.0\.0\.1:4711/);
  expect.match(result.stdout, /RENKEI_LISTEN/);
  const all = once(['config', 'explain', '--data', data], {env: {RENKEI_DATABASE_URL: 'postgres://u:hidden-word@h/d'}});
  expect.true(!all.out.includes('hidden-word'), `a secret is printed\n${all.out}`);
});

for (const database of ['sqlite', 'postgres']) {
  test(`doctor, migrate --dry-run, user create and reset-password on ${database}`, async () => {
    const data = temporaryFolder();
    const env = database === 'postgres' ? {RENKEI_DATABASE_URL: freshDatabase()} : {};
    const plan = once(['migrate', '--dry-run', '--data', data], {env});
    expect.equal(plan.code, 0, `migrate --dry-run\n${plan.out}`);
    expect.match(plan.out, /\d{4}|0001/, 'the plan names migrations');
    const done = once(['migrate', '--data', data], {env});
    expect.equal(done.code, 0, `migrate\n${done.out}`);
    const made = once(['user', 'create', 'second@example.com', '--password', 'Second-Pass-2026', '--role', 'root', '--data', data], {env});
    expect.equal(made.code, 0, `user create\n${made.out}`);
    const server = await Server.start({data, env});
    await server.nobody().signIn('second@example.com', 'Second-Pass-2026');
    await server.stop();
    const reset = once(['user', 'reset-password', 'second@example.com', '--password', 'Third-Pass-2026', '--data', data], {env});
    expect.equal(reset.code, 0, `user reset-password\n${reset.out}`);
    const doctor = once(['doctor', '--data', data], {env});
    expect.equal(doctor.code, 0, `doctor\n${doctor.out}`);
    expect.match(doctor.out, /\bok\b/i);
    const later = await Server.start({data, env});
    expect.status(await later.nobody().post('auth:signIn', {account: 'second@example.com', password: 'Second-Pass-2026'}), 401);
    await later.nobody().signIn('second@example.com', 'Third-Pass-2026');
    await later.stop();
  });

  test(`a newer schema refuses to start on ${database}`, async () => {
    const data = temporaryFolder();
    const url = database === 'postgres' ? freshDatabase() : undefined;
    await (await Server.start({data, database: url})).stop();
    const {sql} = await import('../lib/postgres.mjs');
    const {execFileSync} = await import('node:child_process');
    const ask = (text) => (url ? sql(url, text) : execFileSync('python3', ['-c', 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nprint("\\n".join("|".join(map(str,r)) for r in c.execute(sys.argv[2])))\nc.commit()', path.join(data, 'renkei.db'), text], {encoding: 'utf8'}).trim());
    const columns = (url ? ask("select column_name from information_schema.columns where table_name='schema_migrations' order by ordinal_position") : ask("select name from pragma_table_info('schema_migrations')")).split('\n');
    const number = columns.find((name) => /version|number|id/.test(name)) ?? columns[0];
    const others = columns.filter((name) => name !== number);
    ask(`insert into schema_migrations (${[number, ...others].map((name) => `"${name}"`)}) select 9999${others.map((name) => `, "${name}"`).join('')} from schema_migrations limit 1`);
    refused(once(['serve', '--listen', '127.0.0.1:0', '--data', data], {env: url ? {RENKEI_DATABASE_URL: url} : {}}), /newer|9999/, 'a newer schema');
  });
}

test('backup while serving, restore into an empty folder', async () => {
  const data = temporaryFolder();
  const server = await Server.start({data});
  const admin = await server.admin();
  await admin.must(admin.post('collections:create', {name: 'kept', autoGenId: true, fields: [{name: 'word', type: 'string', interface: 'input'}]}));
  await admin.must(admin.post('kept:create', {word: 'here'}));
  const archive = path.join(temporaryFolder('backup'), 'b.tar');
  const saved = once(['backup', archive, '--data', data]);
  expect.equal(saved.code, 0, `backup\n${saved.out}`);
  await server.stop();
  const target = path.join(temporaryFolder(), 'restored');
  const restored = once(['restore', archive, '--data', target]);
  expect.equal(restored.code, 0, `restore\n${restored.out}`);
  const again = await Server.start({data: target});
  const client = await again.nobody().signIn(administrator.email, administrator.password);
  expect.equal((await client.get('kept:list')).data.map(({word}) => word), ['here'], 'rows after restore');
  refused(once(['restore', archive, '--data', target]), /running|in use/i, 'restore under a running server');
  await again.stop();
  refused(once(['restore', archive, '--data', target]), /force|empty/i, 'restore over data');
});

await run('process-cli');
