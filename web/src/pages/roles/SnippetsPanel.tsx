import { Button, Card, Checkbox, Group, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '@/api/queries';
import { updateRole } from '@/api/roles';
import type { Role } from '@/api/types';
import { useT } from '@/base/i18n';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { notifyDone } from '@/parts/kit/notify';
import { everySetting, hasSnippet, interfaceDesign, setSnippet, snippetAreas } from './snippets';

/** Which settings the role may open and change. */
export function SnippetsPanel({ role }: { role: Role }) {
  const t = useT();
  const [snippets, setSnippets] = useState<string[]>(role.snippets ?? []);
  const set = (name: string, allowed: boolean) => setSnippets(setSnippet(snippets, name, allowed));
  const changed = snippets.toSorted().join() !== (role.snippets ?? []).toSorted().join();
  const save = useMutation({
    mutationFn: () => updateRole(role.name, { snippets }),
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['roles'] }), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
      notifyDone(t('common.saved'));
    },
  });
  return (
    <Card withBorder>
      <Stack>
        <div>
          <Title order={2} mb={4}>{t('snippet.title')}</Title>
          <Text size="sm" c="dimmed">{t('snippet.text')}</Text>
        </div>
        <Switch label={t('snippet.design')} checked={hasSnippet(snippets, interfaceDesign)} onChange={(event) => set(interfaceDesign, event.currentTarget.checked)} />
        <Switch label={t('snippet.all')} description={t('snippet.allText')} checked={hasSnippet(snippets, everySetting)} onChange={(event) => set(everySetting, event.currentTarget.checked)} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
          {snippetAreas.map((name) => (
            <Checkbox key={name} label={t(`snippet.${name}`)} description={<Text span size="xs" ff="monospace">{name}</Text>} checked={hasSnippet(snippets, name)} onChange={(event) => set(name, event.currentTarget.checked)} />
          ))}
        </SimpleGrid>
        <ErrorAlert error={save.error} />
        <Group><Button onClick={() => save.mutate()} loading={save.isPending} disabled={!changed}>{t('common.save')}</Button></Group>
      </Stack>
    </Card>
  );
}
