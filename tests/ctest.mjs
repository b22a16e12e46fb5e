// Runs the C++ unit tests of one preset by ctest and counts the cases in them (a floor's program holds many). Each
// program gets a PostgreSQL database of its own; the one whose fixture takes either database is run on both.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {freshDatabase} from './lib/postgres.mjs';

const EITHER_DATABASE = ['records'];  // PostgreSQL when there is one, else SQLite

const preset = process.argv[2] ?? 'release';
const folder = fileURLToPath(new URL(`../build/${preset}`, import.meta.url));
const listed = spawnSync('ctest', ['--test-dir', folder, '--show-only=json-v1'], {encoding: 'utf8'});
const programs = JSON.parse(listed.stdout).tests.map(({name}) => name);

let passed = 0;
let failed = 0;
let skipped = 0;  // said aloud: a test that did not run has not passed

function run(program, database) {
  const reports = path.join(folder, 'test-reports', `${program}-${database ? 'postgres' : 'sqlite'}`);
  fs.rmSync(reports, {recursive: true, force: true});
  fs.mkdirSync(reports, {recursive: true});
  const env = {...process.env, GTEST_OUTPUT: `json:${reports}/`, GTEST_BRIEF: '1', ASAN_OPTIONS: 'detect_leaks=1',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1'};
  delete env.RENKEI_TEST_POSTGRES;
  if (database) env.RENKEI_TEST_POSTGRES = database;
  const done = spawnSync('ctest', ['--test-dir', folder, '--output-on-failure', '--no-tests=error', '-R', `^${program}$`], {stdio: ['ignore', 'inherit', 'inherit'], env});
  let bad = 0;
  for (const file of fs.readdirSync(reports)) {
    const report = JSON.parse(fs.readFileSync(path.join(reports, file), 'utf8'));
    bad += report.failures + report.errors;
    const skips = report.testsuites.flatMap((suite) => suite.testsuite).filter(({result}) => result === 'SKIPPED').length;
    skipped += skips;
    passed += report.tests - report.failures - report.errors - report.disabled - skips;
  }
  if (done.status !== 0 && bad === 0) bad = 1;  // a program that died, or did not start, left no report
  failed += bad;
}

for (const program of programs) {
  run(program, freshDatabase());
  if (EITHER_DATABASE.includes(program)) run(program);
}
if (programs.length === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
