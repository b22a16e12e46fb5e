import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { matchLocale } from './i18n';

const folder = fileURLToPath(new URL('./messages/', import.meta.url));
const read = (area: string, code: string) => JSON.parse(readFileSync(`${folder}${area}/${code}.json`, 'utf8')) as Record<string, string>;
const parameters = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].toSorted();
const areas = readdirSync(folder);

describe.each(areas)('messages of %s', (area) => {
  const english = read(area, 'en');

  it.each(['ja', 'zh'])('%s has the keys of English and no others', (code) => {
    expect(Object.keys(read(area, code)).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  it.each(['ja', 'zh'])('%s leaves no text empty and uses only known parameters', (code) => {
    for (const [key, text] of Object.entries(read(area, code))) {
      expect(text.trim(), key).not.toBe('');
      const known = parameters(english[key] ?? '');
      expect(parameters(text).filter((name) => !known.includes(name)), key).toEqual([]);
    }
  });
});

describe('used keys', () => {
  it('are all defined, so that no raw key reaches the screen', () => {
    const source = fileURLToPath(new URL('../', import.meta.url));
    const defined = new Set(areas.flatMap((area) => Object.keys(read(area, 'en'))));
    const missing = new Set<string>();
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || file.includes('.test.')) continue;
      for (const [, key] of readFileSync(source + file, 'utf8').matchAll(/\b(?:t|translate)\('([\w.$ -]+)'/g)) {
        if (key && !defined.has(key)) missing.add(`${file}: ${key}`);
      }
    }
    expect([...missing]).toEqual([]);
  });
});

describe('matchLocale', () => {
  it.each([['ja', 'ja-JP'], ['zh-TW', 'zh-CN'], ['en_GB', 'en-US'], ['fr', undefined], [null, undefined]])('%s → %s', (tag, locale) => {
    expect(matchLocale(tag)).toBe(locale);
  });
});
