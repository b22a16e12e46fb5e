import { Textarea, type TextareaProps } from '@mantine/core';
import { useState } from 'react';

interface JsonInputProps extends Omit<TextareaProps, 'value' | 'onChange'> {
  value: unknown;
  onChange: (value: unknown) => void;
  /** What to say while the text is not JSON. */
  invalid: string;
}

/** JSON as text. The value changes only while the text is valid; an empty text is null. */
export function JsonInput({ value, onChange, invalid, error, ...rest }: JsonInputProps) {
  const [text, setText] = useState(() => (value === undefined || value === null ? '' : JSON.stringify(value, null, 2)));
  const [broken, setBroken] = useState(false);
  return (
    <Textarea
      {...rest}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      error={broken ? invalid : error}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const parsed = parse(next);
        setBroken(!parsed.ok);
        if (parsed.ok) onChange(parsed.value);
      }}
    />
  );
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}
