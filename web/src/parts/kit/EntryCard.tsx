import { Box, Center, Group, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageSwitch } from './LanguageSwitch';
import { Mark } from './Logo';

interface EntryCardProps {
  title: string;
  width?: number;
  withLanguage?: boolean;
  children: ReactNode;
}

/** The frame of the pages before sign-in: one card in the middle, the language switch beneath. */
export function EntryCard({ title, width = 400, withLanguage = true, children }: EntryCardProps) {
  return (
    <Center mih="100dvh" p="md">
      <Box w="100%" maw={width}>
        <Stack gap="md" component="main">
          <Group gap="sm" wrap="nowrap">
            <Mark size={36} />
            <Title order={1}>{title}</Title>
          </Group>
          <Paper withBorder p={{ base: 'md', xs: 'xl' }} radius="lg">
            {children}
          </Paper>
          {withLanguage && (
            <Group justify="flex-end">
              <LanguageSwitch />
            </Group>
          )}
        </Stack>
      </Box>
    </Center>
  );
}
