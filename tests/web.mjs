// The unit tests of the web interface (Vitest in web/), and its size budgets, counted like every other suite.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const report = path.join(root, 'build/tests/web.json');
fs.rmSync(report, {force: true});
const options = {cwd: path.join(root, 'web'), stdio: ['ignore', 'inherit', 'inherit']};
const tests = spawnSync('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${report}`], options);
const budget = spawnSync('npm', ['run', '--silent', 'budget'], options);

let [passed, failed] = [0, 0];
if (fs.existsSync(report)) {
  const {numPassedTests, numFailedTests} = JSON.parse(fs.readFileSync(report, 'utf8'));
  [passed, failed] = [numPassedTests, numFailedTests];
}
if (tests.status !== 0 && failed === 0) failed = 1;
if (budget.status === 0) passed++;
else failed++;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
