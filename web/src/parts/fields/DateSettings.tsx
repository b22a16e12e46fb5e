import '@mantine/dates/styles.layer.css';
import { DatesProvider } from '@mantine/dates';
import 'dayjs/locale/ja';
import 'dayjs/locale/zh-cn';
import type { ReactNode } from 'react';
import { useLocale } from '@/base/i18n';

const languages = { 'en-US': 'en', 'ja-JP': 'ja', 'zh-CN': 'zh-cn' } as const;

/** Month names and the first day of the week in the reader's language, for the pickers inside. */
export function DateSettings({ children }: { children: ReactNode }) {
  const locale = useLocale();
  return <DatesProvider settings={{ locale: languages[locale], firstDayOfWeek: locale === 'en-US' ? 0 : 1 }}>{children}</DatesProvider>;
}
