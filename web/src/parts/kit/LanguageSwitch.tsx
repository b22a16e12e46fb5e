import { NativeSelect } from '@mantine/core';
import { locales, setLocale, useLocale, useT, type Locale } from '@/base/i18n';

/** The language of this device, for pages before sign-in. */
export function LanguageSwitch({ onChange }: { onChange?: (locale: Locale) => void }) {
  const t = useT();
  const locale = useLocale();
  return (
    <NativeSelect
      size="xs"
      variant="unstyled"
      aria-label={t('common.language')}
      data={locales.map(({ value, label }) => ({ value, label }))}
      value={locale}
      onChange={(event) => {
        const next = event.currentTarget.value as Locale;
        void setLocale(next, { remember: true });
        onChange?.(next);
      }}
    />
  );
}
