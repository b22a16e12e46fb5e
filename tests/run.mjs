#!/usr/bin/env node
// Runs every suite, one after the other, and adds up their last lines. `./dev test [NAME …]` ends here.
//
// A suite is a program whose last line is "N passed, N failed[, N skipped]". One that ends otherwise counts as one
// failure, whatever it printed before. Output is passed on as it comes and kept in build/tests/<suite>.log.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {conformance} from './conformance.mjs';
import {Cluster} from './lib/postgres.mjs';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = path.resolve(here, '..');
const logs = path.join(root, 'build/tests');
process.chdir(root);

const node = (name, file, options = {}) => ({name, command: [process.execPath, path.join(here, file), ...(options.args ?? [])], ...options});
const suites = [
  {name: 'unit', command: [process.execPath, path.join(here, 'ctest.mjs'), 'release'], seconds: 900, postgres: true},
  {name: 'asan', command: [process.execPath, path.join(here, 'ctest.mjs'), 'asan'], seconds: 1200, postgres: true},
  node('web', 'web.mjs'),
  node('layering', 'layering/layering.mjs'),
  node('docs', 'docs/docs.mjs'),
  node('api-sqlite', 'run-scenarios.mjs', {args: ['sqlite'], seconds: 600}),
  node('api-postgres', 'run-scenarios.mjs', {args: ['postgres'], seconds: 600, postgres: true}),
  node('sdk-sqlite', 'sdk/sdk.mjs', {args: ['sqlite']}),
  node('sdk-postgres', 'sdk/sdk.mjs', {args: ['postgres'], postgres: true}),
  ...conformance(root),
  ...fs.readdirSync(path.join(here, 'process')).filter((file) => file.endsWith('.test.mjs')).sort()
    .map((file) => node(`process-${file.replace('.test.mjs', '')}`, `process/${file}`, {seconds: 600, postgres: true})),
  node('e2e', 'e2e/journey.mjs', {seconds: 600}),
];

const wanted = process.argv.slice(2);
const chosen = suites.filter(({name}) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`no suite is called like ${wanted.join(', ')}; there are ${suites.map(({name}) => name).join(', ')}`);
  console.log('0 passed, 1 failed');
  process.exit(2);
}

let cluster;
const stop = () => {
  cluster?.stop();
  cluster = undefined;
};
process.on('exit', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

const LAST_LINE = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

function runSuite({name, command, cwd, env = {}, seconds = 300, postgres}) {
  if (postgres && !cluster) cluster = Cluster.start(`run-${process.pid}`);
  fs.mkdirSync(logs, {recursive: true});
  const log = fs.createWriteStream(path.join(logs, `${name}.log`));
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {cwd: cwd ?? root, stdio: ['ignore', 'pipe', 'pipe'],
      env: {...process.env, ...(cluster ? {RENKEI_TEST_POSTGRES: cluster.url, RENKEI_TEST_POSTGRES_FOLDER: cluster.folder} : {}), ...env}});
    let tail = '';
    const timer = setTimeout(() => {
      tail += `\n${name} was stopped after ${seconds} s\n`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    }, seconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        process.stdout.write(chunk);
        log.write(chunk);
        tail = (tail + chunk).slice(-4000);
      });
    }
    child.on('close', (code) => {
      clearTimeout(timer);
      log.end();
      const last = tail.trimEnd().split('\n').at(-1)?.match(LAST_LINE);
      const result = {name, passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0), skipped: Number(last?.[3] ?? 0), seconds: (Date.now() - started) / 1000};
      if (!last || (code !== 0 && result.failed === 0)) {
        result.failed++;
        result.remark = last ? `ended with code ${code}` : 'ended without a result';
      } else if (result.passed + result.failed === 0) {
        result.failed = 1;
        result.remark = 'ran nothing';
      }
      resolve(result);
    });
  });
}

const results = [];
for (const suite of chosen) {
  console.log(`\n=== ${suite.name}`);
  if (suite.skip) {
    console.log(`skipped: ${suite.skip}`);
    continue;
  }
  results.push(await runSuite(suite));
}

console.log(`\n${'suite'.padEnd(26)} passed  failed  skipped  seconds`);
const total = {passed: 0, failed: 0};
for (const result of results) {
  total.passed += result.passed;
  total.failed += result.failed;
  console.log(`${result.name.padEnd(26)} ${String(result.passed).padStart(6)}  ${String(result.failed).padStart(6)}  ${String(result.skipped).padStart(7)}  ${result.seconds.toFixed(1).padStart(7)}${result.remark ? `  ${result.remark}` : ''}`);
}
console.log(`logs are in ${path.relative(process.cwd(), logs) || logs}`);
stop();
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;
