import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { settingsQuery, userQuery } from '@/api/queries';
import { currentLocale, deviceLocale, matchLocale, setLocale } from '@/base/i18n';

/** Shows the interface in the user's own language; without one in that of this device, then of the system. */
export function useUserLanguage(): void {
  const user = useQuery(userQuery);
  const settings = useQuery(settingsQuery);
  const own = user.data?.appLang;
  const system = settings.data?.appLang;
  useEffect(() => {
    const wanted = matchLocale(own) ?? (deviceLocale() ? undefined : matchLocale(system));
    if (wanted && wanted !== currentLocale()) void setLocale(wanted);
  }, [own, system]);
}
