import { expect, it } from 'vitest';
import { formatMessage } from './message_format';

const rows = '{count, plural, one {# row of {name}} other {# rows of {name}}}!';

it.each([
  ['Hello {name}', { name: 'Hana' }, 'Hello Hana'],
  ['{missing} stays', {}, '{missing} stays'],
  [rows, { count: 1, name: 'x' }, '1 row of x!'],
  [rows, { count: 1200, name: 'x' }, '1,200 rows of x!'],
  ['{n, plural, =0 {none} other {#}}', { n: 0 }, 'none'],
  ['Fields: {example}', { example: '{{price}}' }, 'Fields: {{price}}'],
])('%s', (message, params, text) => {
  expect(formatMessage(message, 'en-US', params as Record<string, string | number>)).toBe(text);
});
