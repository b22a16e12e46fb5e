import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from '@/api/queries';
import { theme } from '@/base/theme';
import { router } from './router';

const colorSchemes = localStorageColorSchemeManager({ key: 'renkei.colorScheme' });

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
