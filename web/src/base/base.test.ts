import { describe, expect, it } from 'vitest';
import { isComposing, isKey } from './keyboard';
import { passwordStrength } from './password_strength';
import { safeRedirect } from './redirect';
import { timeZoneOffset } from './timezones';

describe('safeRedirect', () => {
  it.each([
    ['/admin/users?page=2', '/admin/users?page=2'],
    ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], ['javascript:alert(1)', '/'],
    ['/\n/evil', '/'], ['/signin?redirect=/x', '/'], [undefined, '/'],
  ])('%j → %s', (target, path) => expect(safeRedirect(target)).toBe(path));
});

describe('passwordStrength', () => {
  it.each([['', 0], ['short', 1], ['password123', 1], ['aaaaaaaaaaaa', 1], ['wonderous', 1], ['Correct-horse7', 3], ['a Long sentence, with 9 words', 4]])('%s → %i', (password, strength) => {
    expect(passwordStrength(password as string)).toBe(strength);
  });
});

describe('keys during input composition', () => {
  it('belong to the input method', () => {
    expect(isComposing({ key: 'Enter', isComposing: true })).toBe(true);
    expect(isComposing({ key: 'Enter', keyCode: 229 })).toBe(true);
    expect(isKey({ key: 'Enter', nativeEvent: { isComposing: true } }, 'Enter')).toBe(false);
    expect(isKey({ key: 'Enter' }, 'Enter')).toBe(true);
  });
});

it('writes the offset with sign and minutes', () => {
  const at = (minutes: number) => timeZoneOffset({ getTimezoneOffset: () => minutes } as Date);
  expect([at(-540), at(330), at(0)]).toEqual(['+09:00', '-05:30', '+00:00']);
});
