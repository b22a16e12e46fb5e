import { localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queryClient } from '@/api/queries';
import { useT } from '@/base/i18n';
import { theme } from '@/base/theme';
import { router } from './router';

const colorSchemes = localStorageColorSchemeManager({ key: 'renkei.colorScheme' });

export function App() {
  const t = useT();
  const worded = useMemo(
    () => mergeThemeOverrides(theme, { components: { CloseButton: { defaultProps: { 'aria-label': t('common.close') } } } }),
    [t],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={worded} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
