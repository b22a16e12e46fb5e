// Documents are checked like code: every relative link leads somewhere; every setting and every error code of the
// sources is in the reference, and the reference names none that are gone. `--write` brings the error list up to date.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const faults = [];
let checked = 0;

function* files(folder, pattern) {
  for (const entry of fs.readdirSync(path.join(root, folder), {withFileTypes: true})) {
    if (['node_modules', 'dist', 'build', '.git', 'data'].includes(entry.name)) continue;
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(relative, pattern);
    else if (pattern.test(entry.name)) yield relative;
  }
}
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

const anchor = (heading) => heading.trim().toLowerCase().replace(/[`*]/g, '').replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
for (const file of files('.', /\.md$/)) {
  const text = read(file).replace(/```[\s\S]*?```/g, '');
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|mailto:)/.test(target)) continue;
    checked++;
    const [place, fragment] = target.split('#');
    const full = place ? path.join(path.dirname(file), place) : file;
    if (!fs.existsSync(path.join(root, full))) faults.push(`${file}: the link ${target} leads nowhere`);
    else if (fragment && full.endsWith('.md') && ![...read(full).matchAll(/^#+ (.*)$/gm)].some(([, heading]) => anchor(heading) === fragment)) {
      faults.push(`${file}: ${full} has no heading #${fragment}`);
    }
  }
}

// Settings: the table in server/app/config.cc against docs/reference/config.md.
const settings = [...read('server/app/config.cc').matchAll(/^\s*\{"([a-z-]+)",/gm)].map(([, name]) => name);
const config = read('docs/reference/config.md');
for (const name of settings) {
  checked++;
  if (!config.includes(`--${name}`)) faults.push(`docs/reference/config.md does not name --${name}`);
  if (!config.includes(`RENKEI_${name.toUpperCase().replaceAll('-', '_')}`)) faults.push(`docs/reference/config.md does not name the variable of --${name}`);
}
for (const [, name] of config.matchAll(/`--([a-z-]+)`/g)) if (!settings.includes(name)) faults.push(`docs/reference/config.md names --${name}, which does not exist`);

// Error codes: literals in the sources against docs/reference/errors.md.
const codes = new Map();
for (const file of files('server', /\.(h|cc)$/)) {
  if (/_test\.cc$/.test(file) || file.startsWith('server/testing')) continue;
  const text = read(file);
  const put = (code) => codes.set(code, (codes.get(code) ?? new Set()).add(file));
  // The code is the first argument of the makers, or the second member of an Error.
  for (const [, code] of text.matchAll(/\b(?:InvalidArgument|NotFound|Unavailable|Conflict|Unprocessable|Unauthenticated|Unsupported|TooLarge|ResourceExhausted|MethodNotAllowed|DeadlineExceeded|Invalid|Refuse\w*)\(\s*"([A-Z][A-Z0-9_]{2,})"/g)) put(code);
  for (const [, code] of text.matchAll(/ErrorKind::k\w+\s*,\s*"([A-Z][A-Z0-9_]{2,})"/g)) put(code);
  for (const [, code] of text.matchAll(/\bcode\s*=\s*"([A-Z][A-Z0-9_]{2,})"/g)) put(code);
}
const REFERENCE = 'docs/reference/errors.md';
const LIST = /(<!-- codes -->\n)([\s\S]*?)(<!-- end of codes -->)/;
const written = read(REFERENCE);
if (!process.argv.includes('--write')) {
  for (const [code, where] of codes) {
    checked++;
    if (!written.includes(`\`${code}\``)) faults.push(`${REFERENCE} does not name ${code} (${[...where].join(', ')}); run node tests/docs/docs.mjs --write`);
  }
  for (const [, code] of (written.match(LIST)?.[2] ?? '').matchAll(/^\| `([A-Z0-9_]+)`/gm)) if (!codes.has(code)) faults.push(`${REFERENCE} names ${code}, which no source has`);
} else {
  const rows = [...codes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, where]) => `| \`${code}\` | ${[...new Set([...where].map((file) => file.split('/')[1]))].join(', ')} |`);
  fs.writeFileSync(path.join(root, REFERENCE), written.replace(LIST, `$1| Code | Made in |\n|---|---|\n${rows.join('\n')}\n$3`));
}

for (const fault of faults) console.log(`FAIL  ${fault}`);
console.log(`docs: ${checked} links, settings and codes checked`);
console.log(`${faults.length ? 0 : 1} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
