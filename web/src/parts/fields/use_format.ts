import { useMemo } from 'react';
import { useLocale, useT } from '@/base/i18n';
import { useCatalog } from '@/parts/catalog/use_catalog';
import type { FormatContext } from './format_value';

/** What formatValue needs to know about the reader. */
export function useFormatContext(): FormatContext {
  const t = useT();
  const locale = useLocale();
  const catalog = useCatalog();
  return useMemo(
    () => ({ locale, yes: t('common.yes'), no: t('common.no'), titleField: (name: string) => catalog.titleField(name) }),
    [t, locale, catalog],
  );
}
