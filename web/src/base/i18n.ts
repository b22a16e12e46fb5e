// The words of the interface: for each language one file an area, loaded on demand. `entry` is what the pages before
// sign-in need, `app` is everything else. Keys are checked by the compiler against the English files, and
// i18n.test.ts keeps the other languages complete.
import { useSyncExternalStore } from 'react';
import { formatMessage, type MessageParams } from './message_format';

type EntryKey = keyof typeof import('./messages/entry/en.json');
type AppKey = keyof typeof import('./messages/app/en.json');
export type MessageKey = EntryKey | AppKey;
export type Translate = (key: MessageKey, params?: MessageParams) => string;
export type Locale = 'en-US' | 'ja-JP' | 'zh-CN';
export type MessageArea = 'entry' | 'app';

type Dictionary = Record<string, string>;
type Loader = () => Promise<{ default: Dictionary }>;

export const locales: readonly { value: Locale; label: string; lang: string }[] = [
  { value: 'en-US', label: 'English', lang: 'en' },
  { value: 'ja-JP', label: '日本語', lang: 'ja' },
  { value: 'zh-CN', label: '简体中文', lang: 'zh-Hans' },
];

const loaders: Record<Locale, Record<MessageArea, Loader>> = {
  'en-US': { entry: () => import('./messages/entry/en.json'), app: () => import('./messages/app/en.json') },
  'ja-JP': { entry: () => import('./messages/entry/ja.json'), app: () => import('./messages/app/ja.json') },
  'zh-CN': { entry: () => import('./messages/entry/zh.json'), app: () => import('./messages/app/zh.json') },
};
const areas = new Set<MessageArea>(['entry']);

const storageKey = 'renkei.locale';

interface Snapshot {
  readonly locale: Locale;
  readonly t: Translate;
}

const untranslated: Translate = (key) => key;
let snapshot: Snapshot = { locale: 'en-US', t: untranslated };
const listeners = new Set<() => void>();

/** The supported locale nearest to a language tag, or undefined. */
export function matchLocale(tag: string | null | undefined): Locale | undefined {
  const primary = tag?.toLowerCase().split(/[-_]/)[0];
  return locales.find((entry) => entry.value.slice(0, 2) === primary)?.value;
}

/** The last choice on this device, else the browser's language; undefined when neither is one of ours. */
export function deviceLocale(): Locale | undefined {
  return matchLocale(localStorage.getItem(storageKey)) ?? navigator.languages.map(matchLocale).find((locale) => locale !== undefined);
}

export function initialLocale(): Locale {
  return deviceLocale() ?? 'en-US';
}

/** Loads a language and shows it everywhere. Resolves when the words are on screen. */
export async function setLocale(locale: Locale, options: { remember?: boolean } = {}): Promise<void> {
  const parts = await Promise.all([...areas].map((area) => loaders[locale][area]()));
  const dictionary: Dictionary = Object.assign({}, ...parts.map((part) => part.default));
  const t: Translate = (key, params) => formatMessage(dictionary[key] ?? key, locale, params);
  snapshot = { locale, t };
  document.documentElement.lang = locales.find((entry) => entry.value === locale)?.lang ?? 'en';
  if (options.remember) localStorage.setItem(storageKey, locale);
  listeners.forEach((notify) => notify());
}

/** Adds the words of an area in the current language; from then on it follows every change of language. */
export async function addMessages(area: MessageArea): Promise<void> {
  if (areas.has(area)) return;
  areas.add(area);
  await setLocale(snapshot.locale);
}

export function currentLocale(): Locale {
  return snapshot.locale;
}

/** For code outside components; inside one, useT() re-renders on a change of language. */
export const translate: Translate = (key, params) => snapshot.t(key, params);

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useT(): Translate {
  return useSyncExternalStore(subscribe, () => snapshot.t);
}

export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, () => snapshot.locale);
}
