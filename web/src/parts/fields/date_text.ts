// Between the wire's date texts and the pickers', which speak "YYYY-MM-DD HH:mm:ss" in the reader's zone.
const pad = (value: number, size = 2) => String(value).padStart(size, '0');

/** `2026-01-02T03:04:05.678Z` → local `2026-01-02 12:04:05`. */
export function instantToPicker(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  const date = new Date(value as string);
  if (Number.isNaN(date.getTime())) return null;
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} `
    + `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Local `2026-01-02 12:04:05` → `2026-01-02T03:04:05.000Z`. */
export function pickerToInstant(value: string | null): string | null {
  if (!value) return null;
  const date = new Date(value.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function wallTimeToPicker(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replace('T', ' ').slice(0, 19) : '';
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? text : null;
}
