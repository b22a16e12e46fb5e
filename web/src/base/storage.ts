// Small preferences kept in this browser. A full or forbidden storage never breaks a screen.
export function readPreference<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`renkei.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function writePreference(key: string, value: unknown): void {
  try {
    localStorage.setItem(`renkei.${key}`, JSON.stringify(value));
  } catch {
    // The preference is then simply not remembered.
  }
}
