// One rule for the whole product: while an input method is composing (Japanese, Chinese), Enter and Escape
// belong to it and must not submit, close or move anything.
interface KeyLike {
  key: string;
  keyCode?: number;
  isComposing?: boolean;
  nativeEvent?: { isComposing?: boolean };
}

export function isComposing(event: KeyLike): boolean {
  return Boolean(event.isComposing ?? event.nativeEvent?.isComposing) || event.keyCode === 229;
}

export function isKey(event: KeyLike, ...keys: string[]): boolean {
  return !isComposing(event) && keys.includes(event.key);
}
