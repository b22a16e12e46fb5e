// The one door to the server. Every call carries the session cookie, the language, the time zone and, when it
// changes something, the CSRF token. Reads are repeated only when the server says "503, try again later".
import { currentLocale } from '@/base/i18n';
import { readPreference, writePreference } from '@/base/storage';
import { timeZoneOffset } from '@/base/timezones';
import { ApiError, NetworkError, type ErrorEntry } from './errors';
import { encodeQuery, type Query } from './query_string';

export interface Answer<T, M = Meta> {
  data: T;
  meta: M;
}

export interface Meta {
  count?: number;
  page?: number;
  pageSize?: number;
  totalPage?: number;
  hasNext?: boolean;
  allowedActions?: Record<string, unknown[]>;
  [name: string]: unknown;
}

export interface CallOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** A 401 of this call is an ordinary answer, not the end of the session. */
  anonymous?: boolean;
}

const maxAttempts = 3;
const maxWaitSeconds = 10;

let onSessionEnd: () => void = () => {};
/** Called when the server no longer knows the session that this page had. */
export function setSessionEndListener(listener: () => void): void {
  onSessionEnd = listener;
}

const rolePreference = 'role';
let role = readPreference<string | null>(rolePreference, null);

/** The role to act in, remembered in this browser; undefined leaves the choice to the server. */
export function setRole(name: string | undefined): void {
  role = name ?? null;
  writePreference(rolePreference, role);
}

export function chosenRole(): string | undefined {
  return role ?? undefined;
}

export function getCall<T, M = Meta>(path: string, options: CallOptions = {}): Promise<Answer<T, M>> {
  return call<T, M>('GET', path, options);
}

export function postCall<T, M = Meta>(path: string, options: CallOptions = {}): Promise<Answer<T, M>> {
  return call<T, M>('POST', path, options);
}

async function call<T, M>(method: 'GET' | 'POST', path: string, options: CallOptions): Promise<Answer<T, M>> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(method, path, options);
    const wait = retryAfter(response);
    if (method === 'GET' && response.status === 503 && wait !== undefined && attempt < maxAttempts) {
      await pause(wait * 1000, options.signal);
      continue;
    }
    return read<T, M>(response, options);
  }
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'X-Auth-Mode': 'cookie',
    'X-Locale': currentLocale(),
    'X-Timezone': timeZoneOffset(),
    ...options.headers,
  };
  if (role) headers['X-Role'] = role;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  const token = cookie('renkei_csrf');
  if (method !== 'GET' && token) headers['X-CSRF-Token'] = token;
  try {
    return await fetch(`/api/${path}${encodeQuery(options.query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ?? null,
      body: options.body === undefined ? null : JSON.stringify(options.body),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new NetworkError(error);
  }
}

async function read<T, M>(response: Response, options: CallOptions): Promise<Answer<T, M>> {
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  const text = response.status === 204 ? '' : await response.text();
  const body: unknown = isJson && text ? parse(text) : undefined;
  if (response.ok) return { data: undefined as T, meta: {} as M, ...(body as object | undefined) };
  const error = toApiError(response, body, isJson ? '' : text);
  // A role that was taken away while it was in use is dropped; the session itself is sound.
  if (role && error.hasCode('ROLE_NOT_FOUND_FOR_USER')) setRole(undefined);
  else if (response.status === 401 && !options.anonymous) onSessionEnd();
  throw error;
}

function toApiError(response: Response, body: unknown, text: string): ApiError {
  const { errors, error } = (body ?? {}) as { errors?: ErrorEntry[]; error?: ErrorEntry };
  const fallback: ErrorEntry[] = [{ message: text.slice(0, 200) || response.statusText || `HTTP ${response.status}` }];
  const entries = errors?.length ? errors : error ? [error] : fallback;
  const traceId = entries.find((entry) => entry.traceId)?.traceId ?? response.headers.get('X-Request-Id');
  return new ApiError(response.status, entries, traceId ?? undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cookie(name: string): string | undefined {
  const match = new RegExp(`(?:^|; )(?:__Host-|__Secure-)?${name}=([^;]*)`).exec(document.cookie);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}

/** Whether this browser holds a session; the session's own cookie is out of a page's sight. */
export function hasSessionCookie(): boolean {
  return cookie('renkei_csrf') !== undefined;
}

function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('Retry-After');
  const seconds = value === null ? Number.NaN : Number(value);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0.2), maxWaitSeconds) : undefined;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }, { once: true });
  });
}
