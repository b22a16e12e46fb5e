#!/usr/bin/env node
// ./dev bench: Renkei beside a bare server on the same data, in interleaved rounds, so that what counts is the ratio
// within one run. Prints a table for each database and writes bench/RESULTS.md.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {sleep, until} from '../tests/lib/check.mjs';
import {request} from '../tests/lib/http.mjs';
import {Cluster, sql} from '../tests/lib/postgres.mjs';
import {Server, administrator, freePort, program} from '../tests/lib/server.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
process.chdir(root);
const {values: flags} = parseArgs({options: {
  database: {type: 'string', default: 'both'}, rounds: {type: 'string', default: '5'}, seconds: {type: 'string', default: '4'},
  connections: {type: 'string', default: '32'}, orders: {type: 'string', default: '100000'}, only: {type: 'string', default: ''},
  peer: {type: 'string'}, 'peer-token': {type: 'string', default: ''}, dry: {type: 'boolean', default: false}, help: {type: 'boolean', default: false},
}});
if (flags.help) {
  console.log(`./dev bench [FLAGS]
  --database sqlite|postgres|both   [both]
  --rounds N --seconds N            rounds of each scenario, seconds of each round [5, 4]
  --connections N                   [32]
  --only NAME                       scenarios whose name holds NAME
  --peer URL --peer-token TOKEN     measure another server with the same tables beside them
  --dry                             print, but leave bench/RESULTS.md as it is`);
  process.exit(0);
}

const SCENARIOS = ['list', 'list_filter_sort', 'list_append', 'get', 'create'].filter((name) => name.includes(flags.only));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function load(script, base, token) {
  const out = execFileSync('wrk', ['-t2', `-c${flags.connections}`, `-d${flags.seconds}s`, '--latency', '-s', `bench/${script}.lua`, base, '--', token], {encoding: 'utf8'});
  const result = JSON.parse(out.match(/^RESULT (.*)$/m)[1]);
  if (result.refused || result.broken) throw new Error(`${script} on ${base}: ${result.refused} answers were errors, ${result.broken} connections broke`);
  return {rate: result.requests / (result.microseconds / 1e6), p99: result.p99 / 1000};
}

const rss = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

async function startBare(database, place) {
  const port = await freePort();
  const child = spawn(`build/release/bench/bench_bare_${database}`, [place, String(port)], {stdio: ['ignore', 'inherit', 'inherit']});
  process.on('exit', () => child.kill('SIGKILL'));
  const base = `http://127.0.0.1:${port}`;
  await until('the bare server', async () => (await request(base, 'GET', '/__health_check')).text === 'ok');
  return {base, process: child};
}

/** Loads the demonstration data and makes a copy of the same for the bare server. */
async function prepare(database, cluster) {
  const data = fs.mkdtempSync(path.join(root, `build/bench-${database}-`));
  process.on('exit', () => fs.rmSync(data, {recursive: true, force: true}));
  const options = {data: path.join(data, 'renkei'), database: undefined};
  let copy = path.join(data, 'bare.db');
  if (database === 'postgres') {
    const at = (name) => Object.assign(new URL(cluster.url), {pathname: `/${name}`}).href;
    sql(cluster.url, 'create database bench');
    options.database = at('bench');
    copy = at('bench_bare');
  }
  const server = await Server.start(options);
  execFileSync(program, ['demo', '--url', server.base, '--account', administrator.email, '--password', administrator.password, '--orders', flags.orders], {stdio: ['ignore', 'inherit', 'inherit']});
  await server.stop();
  if (database === 'postgres') {
    // A vacuum of the server's own may still be at work on what was loaded.
    sql(cluster.url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'bench'`);
    await until('the database to be left alone', () => sql(cluster.url, `select count(*) from pg_stat_activity where datname = 'bench'`) === '0', {seconds: 30});
    sql(cluster.url, 'create database bench_bare template bench');
    // The bare server counts in its own process: no triggers there.
    const triggers = sql(copy, `select format('drop trigger %I on %s', tgname, tgrelid::regclass) from pg_trigger where not tgisinternal`);
    for (const line of triggers.split('\n').filter(Boolean)) sql(copy, line);
    for (const url of [options.database, copy]) sql(url, 'vacuum analyze');
  } else {
    for (const suffix of ['', '-wal', '-shm']) {
      const from = path.join(options.data, `renkei.db${suffix}`);
      if (fs.existsSync(from)) fs.copyFileSync(from, `${copy}${suffix}`);
    }
  }
  return {options, copy};
}

async function startTimes(options) {
  const times = [];
  let idle;
  for (let i = 0; i < 5; i++) {
    const server = await Server.start(options);
    times.push(server.startTime);
    if (i === 4) {
      await sleep(1000);
      idle = server.memory();
    }
    await server.stop();
  }
  return {start: median(times), idle};
}

async function measure(database, cluster) {
  console.log(`\n=== ${database}: loading data`);
  const {options, copy} = await prepare(database, cluster);
  const {start, idle} = await startTimes(options);
  const server = await Server.start(options);
  const {token} = await server.admin();
  const bare = await startBare(database, copy);
  const targets = [['bare', bare.base, ''], ['renkei', server.base, token]];
  if (flags.peer) targets.push(['peer', flags.peer, flags['peer-token']]);
  let left = 10_000;
  await Promise.all(Array.from({length: 16}, async () => { while (left-- > 0) await request(server.base, 'GET', 'orders:list', {token}); }));
  const after = server.memory();
  const results = [];
  for (const scenario of SCENARIOS) {
    const runs = Object.fromEntries(targets.map(([name]) => [name, []]));
    for (let round = 0; round < Number(flags.rounds); round++) {
      for (const [name, base, word] of round % 2 ? targets.toReversed() : targets) runs[name].push(load(scenario, base, word));
    }
    const row = {scenario};
    for (const [name] of targets) row[name] = {rate: median(runs[name].map(({rate}) => rate)), p99: median(runs[name].map(({p99}) => p99))};
    // Ratios of neighbours in time, then their median: a noisy minute hits both.
    row.ratio = median(runs.renkei.map(({rate}, i) => rate / runs.bare[i].rate));
    row.slower = median(runs.renkei.map(({p99}, i) => p99 / runs.bare[i].p99));
    if (flags.peer) row.times = median(runs.renkei.map(({rate}, i) => rate / runs.peer[i].rate));
    results.push(row);
    console.log(`${scenario.padEnd(18)} bare ${row.bare.rate.toFixed(0).padStart(7)}/s p99 ${row.bare.p99.toFixed(1).padStart(6)} ms   renkei ${row.renkei.rate.toFixed(0).padStart(7)}/s p99 ${row.renkei.p99.toFixed(1).padStart(6)} ms   ratio ${row.ratio.toFixed(2)}   p99 ${row.slower.toFixed(2)} x${row.times ? `   ${row.times.toFixed(0)} x peer` : ''}`);
  }
  const sizes = {start, idle, after, load: server.memory(), bare: rss(bare.process.pid)};
  console.log(`start ${start.toFixed(0)} ms, idle ${idle.toFixed(1)} MiB, after 10 000 lists ${after.toFixed(1)} MiB, after the load ${sizes.load.toFixed(1)} MiB (bare ${sizes.bare.toFixed(1)})`);
  bare.process.kill('SIGTERM');
  await server.stop();
  return {database, results, sizes};
}

function report(all) {
  const git = (...args) => execFileSync('git', args, {encoding: 'utf8'}).trim();
  const lines = ['# Results', '', 'Written by `./dev bench`. Read the ratios, within one table: both servers ran in the same minutes on the same machine,',
    'which also ran the load and the database. The bare servers (`bench/bare`) have hand-written SQL and JSON, no sign-in, no',
    'catalog, no rights, no journal, and count in their own memory. Medians of the rounds; the ratio is the median of the',
    'ratios of neighbouring rounds.', '',
    `Commit ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'server') ? ' with changes' : ''}, ${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} × ${os.cpus()[0].model.trim()}, ${flags.connections} connections, ${flags.rounds} rounds of ${flags.seconds} s, ${flags.orders} orders.`, ''];
  for (const {database, results, sizes} of all) {
    lines.push(`## ${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`, '', '| Scenario | bare, requests/s | p99 ms | Renkei, requests/s | p99 ms | Renkei / bare | p99 × |', '|---|---:|---:|---:|---:|---:|---:|');
    for (const row of results) lines.push(`| ${row.scenario} | ${row.bare.rate.toFixed(0)} | ${row.bare.p99.toFixed(1)} | ${row.renkei.rate.toFixed(0)} | ${row.renkei.p99.toFixed(1)} | **${row.ratio.toFixed(2)}** | ${row.slower.toFixed(2)} |`);
    lines.push('', '| | measured | budget |', '|---|---:|---:|', `| start to first healthy answer | ${sizes.start.toFixed(0)} ms | 100 ms |`, `| resident, idle | ${sizes.idle.toFixed(1)} MiB | 40 MiB |`, `| resident, after 10 000 lists | ${sizes.after.toFixed(1)} MiB | 80 MiB |`, `| resident, after the whole load | ${sizes.load.toFixed(1)} MiB | – |`, '');
  }
  fs.writeFileSync('bench/RESULTS.md', `${lines.join('\n').trimEnd()}\n`);
  console.log('\nwritten to bench/RESULTS.md');
}

const databases = flags.database === 'both' ? ['sqlite', 'postgres'] : [flags.database];
let cluster;
process.on('exit', () => cluster?.stop());
const all = [];
for (const database of databases) {
  if (database === 'postgres') cluster = Cluster.start(`bench-${process.pid}`);
  all.push(await measure(database, cluster));
}
if (!flags.dry) report(all);
process.exit(0);
