import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useT } from '@/base/i18n';

/** Searches while typing, after a short rest; a half-composed Japanese or Chinese word is not searched for. */
export function QuickSearch({ value, onSearch }: { value: string; onSearch: (word: string) => void }) {
  const t = useT();
  const [text, setText] = useState(value);
  const asked = useRef(value);
  const ask = useDebouncedCallback((word: string) => {
    asked.current = word;
    onSearch(word);
  }, 300);
  // The word was changed elsewhere: by "clear", or by going back.
  useEffect(() => {
    if (value !== asked.current) {
      asked.current = value;
      setText(value);
    }
  }, [value]);
  return (
    <TextInput
      size="xs"
      type="search"
      w={{ base: '100%', xs: 240 }}
      leftSection={<IconSearch size={14} />}
      placeholder={t('grid.quickSearch')}
      aria-label={t('grid.quickSearch')}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        if (!(event.nativeEvent as InputEvent).isComposing) ask(event.currentTarget.value);
      }}
      onCompositionEnd={(event) => ask(event.currentTarget.value)}
    />
  );
}
