// Names on the wire: letters, digits, _ - * $ and no more than 63 of them; a name proposed from a title.
const allowed = /^[A-Za-z0-9_*$-]{1,63}$/;

export function isWireName(name: string): boolean {
  return allowed.test(name);
}

/** `Order lines` → `orderLines`; titles in other scripts get a short random name. */
export function proposeName(title: string, prefix: string): string {
  const words = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').match(/[A-Za-z0-9]+/g) ?? [];
  const letters = words.join('').length;
  const foreign = [...title].filter((char) => /[^\u0000-\u024f\s]/.test(char)).length;
  if (letters === 0 || foreign > 0) return title.trim() === '' ? '' : `${prefix}_${randomName()}`;
  const camel = words.map((word, index) => (index === 0 ? word[0]!.toLowerCase() + word.slice(1) : word[0]!.toUpperCase() + word.slice(1))).join('');
  return (/^\d/.test(camel) ? `${prefix}_${camel}` : camel).slice(0, 63);
}

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => 'abcdefghijkmnpqrstuvwxyz23456789'[byte % 32]).join('');
}
