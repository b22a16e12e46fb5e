// Runs the C++ unit tests of one preset by ctest and counts the cases in them (a floor's program holds many).
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const preset = process.argv[2] ?? 'release';
const folder = fileURLToPath(new URL(`../build/${preset}`, import.meta.url));
const reports = path.join(folder, 'test-reports');
fs.rmSync(reports, {recursive: true, force: true});
fs.mkdirSync(reports, {recursive: true});

const done = spawnSync('ctest', ['--test-dir', folder, '--output-on-failure', '--no-tests=error'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {...process.env, GTEST_OUTPUT: `json:${reports}/`, GTEST_BRIEF: '1', ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1'},
});

let passed = 0;
let failed = 0;
for (const file of fs.readdirSync(reports)) {
  const report = JSON.parse(fs.readFileSync(path.join(reports, file), 'utf8'));
  failed += report.failures + report.errors;
  passed += report.tests - report.failures - report.errors - report.disabled;
}
if (done.status !== 0 && failed === 0) failed = 1;  // a program that died, or did not start, left no report
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
