// Reads every #include of server/ against server/LAYERS, and of web/src against the rule "look down only":
// a floor may include its own folder and lower ones; neighbours on a line do not see each other, but for an arrow.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

function* files(folder, pattern) {
  for (const entry of fs.readdirSync(folder, {withFileTypes: true})) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(full, pattern);
    else if (pattern.test(entry.name)) yield full;
  }
}

export function readLayers(text) {
  const level = new Map();
  const arrows = new Set();
  text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#')).forEach((line, number) => {
    for (const word of line.split(/\s+/)) {
      if (word.includes('>')) arrows.add(word);
      else level.set(word, number);
    }
  });
  return {level, arrows};
}

export function mayInclude({level, arrows}, from, to) {
  if (from === to) return true;
  if (level.get(to) === level.get(from)) return arrows.has(`${from}>${to}`);
  return level.get(to) < level.get(from);
}

const faults = [];
let checked = 0;

const layers = readLayers(fs.readFileSync(path.join(root, 'server/LAYERS'), 'utf8'));
for (const file of files(path.join(root, 'server'), /\.(h|cc)$/)) {
  const relative = path.relative(path.join(root, 'server'), file);
  const floor = relative.split('/')[0];
  if (floor === 'testing') continue;
  const isTest = /_test\.cc$/.test(file);
  if (!layers.level.has(floor)) faults.push(`server/${relative}: the folder ${floor} is not in server/LAYERS`);
  fs.readFileSync(file, 'utf8').split('\n').forEach((line, index) => {
    const included = line.match(/^\s*#\s*include\s+"([^"]+)"/)?.[1];
    if (!included) return;
    checked++;
    const where = `server/${relative}:${index + 1}`;
    const target = included.split('/')[0];
    if (target === 'testing') {
      if (!isTest) faults.push(`${where}: only tests may include ${included}`);
    } else if (!included.includes('/')) {
      faults.push(`${where}: write the path from server/ ("${floor}/${included}")`);
    } else if (!layers.level.has(target)) {
      faults.push(`${where}: ${included} is on no floor of server/LAYERS`);
    } else if (!mayInclude(layers, floor, target)) {
      faults.push(`${where}: ${floor} must not include ${included}`);
    }
  });
}

// Driver headers stay in their driver's folder, Beast in the HTTP files (style 2.5, hot-path 7).
const FENCED = [
  [/<libpq-fe\.h>|<postgresql\/libpq-fe\.h>/, /^db\/postgres\//],
  [/<sqlite3\.h>/, /^db\/sqlite\//],
  [/<boost\/beast/, /^(net\/(http_|asio_impl)|app\/cli\/)/],
];
for (const file of files(path.join(root, 'server'), /\.(h|cc)$/)) {
  const relative = path.relative(path.join(root, 'server'), file);
  if (relative.startsWith('testing/') || /_test\.cc$/.test(relative)) continue;
  fs.readFileSync(file, 'utf8').split('\n').forEach((line, index) => {
    for (const [header, home] of FENCED) {
      if (/^\s*#\s*include/.test(line) && header.test(line) && !home.test(relative)) faults.push(`server/${relative}:${index + 1}: ${line.trim()} belongs to ${home}`);
    }
  });
}

// web/src: base < api < parts < pages < app
const WEB = ['base', 'api', 'parts', 'pages', 'app'];
const web = path.join(root, 'web/src');
if (fs.existsSync(web)) {
  for (const file of files(web, /\.(ts|tsx)$/)) {
    const relative = path.relative(web, file);
    const from = WEB.indexOf(relative.split('/')[0]);
    for (const [, target] of fs.readFileSync(file, 'utf8').matchAll(/from '@\/([^/']+)/g)) {
      checked++;
      if (from >= 0 && WEB.indexOf(target) > from) faults.push(`web/src/${relative}: ${WEB[from]} must not import from ${target}`);
    }
  }
}

for (const fault of faults) console.log(`FAIL  ${fault}`);
console.log(`layering: ${checked} includes read`);
console.log(`${faults.length ? 0 : 1} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
