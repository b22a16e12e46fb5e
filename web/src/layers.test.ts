import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// Each floor may use those below it: base ← api ← parts ← pages ← app.
const floors = ['base', 'api', 'parts', 'pages', 'app'];
const root = fileURLToPath(new URL('.', import.meta.url));

it('lets every folder look down only', () => {
  const upward: string[] = [];
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const own = floors.indexOf(file.split(/[\\/]/)[0] ?? '');
    if (own < 0 || !/\.tsx?$/.test(file)) continue;
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)) {
      const target = path.startsWith('@/') ? path.slice(2) : path.startsWith('.') ? relative(root, join(root, dirname(file), path)) : '';
      if (floors.indexOf(target.split(/[\\/]/)[0] ?? '') > own) upward.push(`${file} uses ${path}`);
    }
  }
  expect(upward).toEqual([]);
});
