import { ActionIcon, Button, Checkbox, Group, Popover, ScrollArea, Stack } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns } from '@tabler/icons-react';
import { useT } from '@/base/i18n';
import { fieldTitle } from '@/parts/catalog/catalog';
import type { Grid } from './use_grid';

/** Chooses and orders the columns; remembered in this browser. */
export function ColumnsButton({ grid }: { grid: Grid }) {
  const t = useT();
  const { columns, choice, setChoice, resetChoice } = grid;
  const names = columns.map((field) => field.name);
  const toggle = (name: string) =>
    setChoice({ ...choice, hidden: choice.hidden.includes(name) ? choice.hidden.filter((other) => other !== name) : [...choice.hidden, name] });
  const move = (from: number, to: number) => {
    const order = [...names];
    order.splice(to, 0, ...order.splice(from, 1));
    setChoice({ ...choice, order });
  };
  return (
    <Popover position="bottom-end" withinPortal trapFocus width={300}>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns size={16} />}>{t('grid.columns')}</Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <ScrollArea.Autosize mah={380} type="auto">
          <Stack gap={4}>
            {columns.map((field, index) => (
              <Group key={field.name} justify="space-between" wrap="nowrap" gap={4}>
                <Checkbox size="xs" label={fieldTitle(field)} checked={!choice.hidden.includes(field.name)} onChange={() => toggle(field.name)} />
                <Group gap={0} wrap="nowrap">
                  <ActionIcon variant="subtle" color="gray" size="sm" disabled={index === 0} aria-label={t('grid.moveUp', { name: fieldTitle(field) })} onClick={() => move(index, index - 1)}>
                    <IconArrowUp size={14} />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="gray" size="sm" disabled={index === columns.length - 1} aria-label={t('grid.moveDown', { name: fieldTitle(field) })} onClick={() => move(index, index + 1)}>
                    <IconArrowDown size={14} />
                  </ActionIcon>
                </Group>
              </Group>
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Button variant="subtle" size="compact-xs" mt="xs" onClick={resetChoice}>{t('grid.resetColumns')}</Button>
      </Popover.Dropdown>
    </Popover>
  );
}
