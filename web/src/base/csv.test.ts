import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from './csv';

describe('csvCell', () => {
  it.each([
    [null, ''], [undefined, ''], [0, '0'], ['plain', 'plain'],
    ['a,b', '"a,b"'], ['say "hi"', '"say ""hi"""'], ['two\nlines', '"two\nlines"'],
  ])('writes %j as %j', (value, text) => expect(csvCell(value)).toBe(text));

  it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\tx', '=HYPERLINK("http://x")'])('takes the teeth out of %j', (value) => {
    expect(csvCell(value)).toMatch(/^"?'/);
  });

  it.each(['-12.50', '+3', '-1e5'])('keeps the number %s', (value) => expect(csvCell(value)).toBe(value));
});

it('ends a line as RFC 4180 wants', () => expect(csvLine(['a', 1])).toBe('a,1\r\n'));
