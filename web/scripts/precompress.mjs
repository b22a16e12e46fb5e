// Writes a .br and a .gz file beside every text asset of dist/, so that the server can hand out the
// smaller form without compressing anything at run time. Files that would not shrink get none.
// The list of chunks that Vite writes is for budget.mjs only: it moves out of what the server embeds.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest']);
const forms = [
  ['.br', (data) => promisify(brotliCompress)(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  })],
  ['.gz', (data) => promisify(gzip)(data, { level: 9 })],
];

const cache = fileURLToPath(new URL('../.build/', import.meta.url));
await mkdir(cache, { recursive: true });
await rename(dist + '.vite/manifest.json', cache + 'manifest.json');
await rm(dist + '.vite', { recursive: true });

const totals = { plain: 0, '.br': 0, '.gz': 0 };
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const data = await readFile(path);
  totals.plain += data.length;
  for (const [suffix, compress] of forms) {
    const packed = await compress(data);
    if (packed.length >= data.length) continue;
    await writeFile(path + suffix, packed);
    totals[suffix] += packed.length;
  }
}
const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
console.log(`precompressed: ${kib(totals.plain)} plain, ${kib(totals['.gz'])} gzip, ${kib(totals['.br'])} brotli`);
