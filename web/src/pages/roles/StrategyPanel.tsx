import { Button, Card, Group, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '@/api/queries';
import { getStrategy, updateStrategy } from '@/api/roles';
import { useT } from '@/base/i18n';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { notifyDone } from '@/parts/kit/notify';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { hasReach, knownActions, readStrategy, writeStrategy, type Reach, type Strategy } from './strategy';

/** What the role may do with every collection that has no rules of its own. */
export function StrategyPanel({ role }: { role: string }) {
  const t = useT();
  const stored = useQuery({ queryKey: ['roles', role, 'strategy'], queryFn: () => getStrategy(role) });
  return (
    <Card withBorder mb="md">
      <Title order={2} mb={4}>{t('strategy.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('strategy.text')}</Text>
      {stored.isPending && <TableSkeleton rows={4} />}
      <ErrorAlert error={stored.error} />
      {stored.isSuccess && <StrategyForm key={stored.data.join()} role={role} stored={stored.data} />}
    </Card>
  );
}

function StrategyForm({ role, stored }: { role: string; stored: string[] }) {
  const t = useT();
  const [strategy, setStrategy] = useState<Strategy>(() => readStrategy(stored));
  const changed = writeStrategy(strategy).toSorted().join() !== writeStrategy(readStrategy(stored)).toSorted().join();
  const save = useMutation({
    mutationFn: () => updateStrategy(role, writeStrategy(strategy)),
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['roles', role] }), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
      notifyDone(t('common.saved'));
    },
  });
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {knownActions.map((action) => (
              <Table.Tr key={action}>
                <Table.Td>
                  <Text size="sm" fw={500}>{t(`action.${action}`)}</Text>
                </Table.Td>
                <Table.Td>
                  <SegmentedControl
                    size="xs"
                    aria-label={t(`action.${action}`)}
                    value={strategy[action] ?? 'none'}
                    onChange={(reach) => setStrategy({ ...strategy, [action]: reach as Reach })}
                    data={[
                      { value: 'none', label: t('reach.none') },
                      ...(hasReach(action) ? [{ value: 'own', label: t('reach.own') }, { value: 'all', label: t('reach.all') }] : [{ value: 'all', label: t('reach.yes') }]),
                    ]}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ErrorAlert error={save.error} />
      <Group>
        <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!changed}>{t('common.save')}</Button>
      </Group>
    </Stack>
  );
}
