// The part of ICU message syntax the interface needs: {name}, and {count, plural, one {# row} other {# rows}}.
// A plural branch may hold {name} again; "#" is the number in the reader's format.
export type MessageParams = Record<string, string | number>;

export function formatMessage(message: string, locale: string, params: MessageParams = {}): string {
  let out = '';
  for (let at = 0; at < message.length; ) {
    if (message[at] !== '{') {
      out += message[at];
      at += 1;
      continue;
    }
    const end = closingBrace(message, at);
    out += expand(message.slice(at + 1, end), locale, params);
    at = end + 1;
  }
  return out;
}

function expand(body: string, locale: string, params: MessageParams): string {
  const plural = /^\s*(\w+)\s*,\s*plural\s*,/.exec(body);
  if (!plural) {
    const name = body.trim();
    const value = params[name];
    return value === undefined ? `{${body}}` : typeof value === 'number' ? number(value, locale) : value;
  }
  const count = Number(params[plural[1] ?? ''] ?? 0);
  const branches = pluralBranches(body.slice(plural[0].length));
  const rule = new Intl.PluralRules(locale).select(count);
  const branch = branches[`=${count}`] ?? branches[rule] ?? branches.other ?? '';
  return formatMessage(branch.replaceAll('#', number(count, locale)), locale, params);
}

function pluralBranches(text: string): Record<string, string> {
  const branches: Record<string, string> = {};
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const name = /(\S+)\s*$/.exec(text.slice(0, at))?.[1] ?? 'other';
    const end = closingBrace(text, at);
    branches[name] = text.slice(at + 1, end);
    text = text.slice(end + 1);
    at = 0;
  }
  return branches;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return text.length;
}

function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}
