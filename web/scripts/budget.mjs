// Fails when a screen's first load is heavier than its budget. Reads .build/manifest.json, follows the
// static imports of index.html and of the named modules, and adds up the gzip size of index.html and of every file so reached.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(await readFile(new URL('../.build/manifest.json', import.meta.url), 'utf8'));

const html = await readFile(dist + 'index.html', 'utf8');
const first = Object.keys(manifest).filter((key) => html.includes(manifest[key].file));
const languages = ['en', 'ja', 'zh'];
const shell = 'src/app/shell/Shell.tsx';
const screens = [
  { name: 'sign-in', limit: 160, areas: ['entry'], modules: first },
  { name: 'first table page', limit: 350, areas: ['entry', 'app'], modules: [...first, shell, 'src/pages/records/RecordsPage.tsx'] },
];

async function gzipSize(file) {
  return gzipSync(await readFile(dist + file), { level: 9 }).length;
}

async function measure(modules, areas) {
  const files = new Set(['index.html']);
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the build; adjust scripts/budget.mjs`);
    if (seen.has(key)) return;
    seen.add(key);
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const dependency of chunk.imports ?? []) visit(dependency);
  };
  modules.forEach(visit);
  // One language is loaded at a time: count the heaviest.
  let bytes = 0;
  for (const area of areas) {
    const sizes = languages.map((code) => gzipSize(manifest[`src/base/messages/${area}/${code}.json`].file));
    bytes += Math.max(...(await Promise.all(sizes)));
  }
  for (const file of files) bytes += await gzipSize(file);
  return { bytes, requests: files.size + areas.length };
}

let failed = false;
for (const { name, limit, areas, modules } of screens) {
  const { bytes, requests } = await measure(modules, areas);
  const size = bytes / 1024;
  const verdict = size <= limit ? 'ok' : 'TOO HEAVY';
  failed ||= size > limit;
  console.log(`${name}: ${size.toFixed(1)} KB gzip in ${requests} files (limit ${limit} KB) ${verdict}`);
}
process.exitCode = failed ? 1 : 0;
