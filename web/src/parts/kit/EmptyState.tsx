import { Center, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing here: one sentence, and the first thing to do. */
export function EmptyState({ title, text, icon, children }: { title: string; text?: string | undefined; icon?: ReactNode; children?: ReactNode }) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={420} ta="center">
        {icon}
        <Text fw={600}>{title}</Text>
        {text && <Text size="sm" c="dimmed">{text}</Text>}
        {children}
      </Stack>
    </Center>
  );
}
