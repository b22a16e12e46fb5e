// The black-box conformance suite of the HTTP API, when it lies beside this checkout (../shared/conformance): copied
// to build/conformance, given the official npm client, and run on both databases.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL, fileURLToPath} from 'node:url';

// Sections that belong to "The door for other systems", which is not built yet. Remove a name to have it judged.
const EXCLUDED_SECTIONS = ['api-keys', 'openapi', 'files', 'export'];

const SOURCE = '../shared/conformance';

/** The suites for tests/run.mjs; none when the folder is not there. */
export function conformance(root) {
  const source = path.join(root, SOURCE);
  if (!fs.existsSync(path.join(source, 'run.mjs'))) return [];
  const program = fileURLToPath(import.meta.url);
  return ['sqlite', 'postgres'].map((database) => ({name: `conformance-${database}`, command: [process.execPath, program, database], seconds: 1500, postgres: database === 'postgres'}));
}

function prepare(root) {
  const target = path.join(root, 'build/conformance');
  fs.mkdirSync(target, {recursive: true});
  for (const name of fs.readdirSync(path.join(root, SOURCE))) {
    if (name === 'node_modules') continue;
    fs.rmSync(path.join(target, name), {recursive: true, force: true});
    fs.cpSync(path.join(root, SOURCE, name), path.join(target, name), {recursive: true});
  }
  // The copy may come from a folder that is read-only; ours has to be writable for the next run.
  execFileSync('chmod', ['-R', 'u+w', target]);
  const {dependencies} = JSON.parse(fs.readFileSync(path.join(target, 'package.json'), 'utf8'));
  const there = Object.keys(dependencies).every((name) => fs.existsSync(path.join(target, 'node_modules', name, 'package.json')));
  if (!there) execFileSync('npm', ['install', '--no-package-lock', '--no-fund', '--no-audit', '--loglevel=error'], {cwd: target, stdio: ['ignore', 'inherit', 'inherit']});
  return target;
}

async function main(database) {
  const {Server, administrator} = await import('./lib/server.mjs');
  const {freshDatabase} = await import('./lib/postgres.mjs');
  const root = fileURLToPath(new URL('../', import.meta.url));
  const folder = prepare(root);
  const sections = fs.readdirSync(path.join(folder, 'cases')).filter((name) => name.endsWith('.mjs') && name !== 'fixtures.mjs')
    .map((name) => name.replace(/\.mjs$/, '')).filter((name) => !EXCLUDED_SECTIONS.includes(name));
  console.log(`without the sections ${EXCLUDED_SECTIONS.join(', ')}`);
  fs.mkdirSync(path.join(root, 'build/tests'), {recursive: true});
  const server = await Server.start({database: database === 'postgres' ? freshDatabase() : undefined});
  const {main: runCases} = await import(pathToFileURL(path.join(folder, 'runner.mjs')).href);
  const only = process.env.RENKEI_TEST_ONLY ?? sections.join(',');
  const code = await runCases(path.join(folder, 'cases/'), ['--base', server.base, '--account', administrator.email, '--password', administrator.password,
    '--only', only, '--json', path.join(root, `build/tests/conformance-${database}.json`)]);
  fs.writeFileSync(path.join(root, `build/tests/conformance-${database}-server.log`), server.log);
  process.exit(code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2] ?? 'sqlite');
