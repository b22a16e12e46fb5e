import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: string;
  description?: string | null | undefined;
  above?: ReactNode;
  children?: ReactNode;
}

/** Title of a screen on the left, its actions on the right; also the title of the browser tab. */
export function PageHeader({ title, description, above, children }: PageHeaderProps) {
  useDocumentTitle(`${title} · Renkei`);
  return (
    <Group justify="space-between" align="flex-end" gap="sm" mb="md">
      <Stack gap={2} miw={0}>
        {above}
        <Title order={1}>{title}</Title>
        {description && <Text size="sm" c="dimmed">{description}</Text>}
      </Stack>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
