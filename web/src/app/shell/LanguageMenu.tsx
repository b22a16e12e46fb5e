import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { queryClient, userQuery } from '@/api/queries';
import { updateLanguage } from '@/api/session';
import { locales, setLocale, useLocale, useT, type Locale } from '@/base/i18n';
import { notifyError } from '@/parts/kit/notify';

/** Changes the language at once and remembers it for the account. */
export async function chooseLanguage(locale: Locale): Promise<void> {
  await setLocale(locale, { remember: true });
  queryClient.setQueryData(userQuery.queryKey, (user) => user && { ...user, appLang: locale });
  await updateLanguage(locale).catch(notifyError);
}

export function LanguageMenu() {
  const t = useT();
  const current = useLocale();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={t('common.language')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('common.language')}>
            <IconLanguage size={20} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {locales.map(({ value, label, lang }) => (
          <Menu.Item
            key={value}
            lang={lang}
            aria-current={value === current}
            rightSection={value === current ? <IconCheck size={16} /> : null}
            onClick={() => void chooseLanguage(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
