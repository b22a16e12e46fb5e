import { ActionIcon, Button, Group, Popover, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconArrowsSort, IconArrowUp, IconX } from '@tabler/icons-react';
import { useT } from '@/base/i18n';
import { fieldTitle } from '@/parts/catalog/catalog';
import { isSortable } from './columns';
import type { SortTerm } from './sort_terms';
import type { Grid } from './use_grid';

/** The order of the rows by several columns, the first one first. */
export function SortButton({ grid }: { grid: Grid }) {
  const t = useT();
  const { sort, setSort } = grid;
  const choices = grid.columns.filter(isSortable);
  const free = choices.filter((field) => !sort.some((term) => term.field === field.name));
  const titleOf = (term: SortTerm) => {
    const field = grid.columns.find((candidate) => candidate.name === term.field);
    return field ? fieldTitle(field) : term.field;
  };
  const replace = (index: number, ...terms: SortTerm[]) => setSort(sort.toSpliced(index, 1, ...terms));
  return (
    <Popover position="bottom-end" withinPortal trapFocus width={340}>
      <Popover.Target>
        <Button variant={sort.length > 0 ? 'light' : 'default'} size="xs" leftSection={<IconArrowsSort size={16} />}>
          {sort.length > 0 ? t('grid.sortCount', { count: sort.length }) : t('grid.sort')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <Stack gap="xs">
          {sort.length === 0 && <Text size="sm" c="dimmed">{t('grid.sortEmpty')}</Text>}
          {sort.map((term, index) => (
            <Group key={term.field} wrap="nowrap" gap={6}>
              <Text size="sm" style={{ flex: 1 }} truncate>{titleOf(term)}</Text>
              <SegmentedControl
                size="xs"
                aria-label={titleOf(term)}
                data={[{ value: 'up', label: t('grid.ascending') }, { value: 'down', label: t('grid.descending') }]}
                value={term.descending ? 'down' : 'up'}
                onChange={(value) => replace(index, { ...term, descending: value === 'down' })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={index === 0}
                aria-label={t('grid.moveUp', { name: titleOf(term) })}
                onClick={() => setSort(sort.toSpliced(index, 1).toSpliced(index - 1, 0, term))}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('grid.removeSort', { name: titleOf(term) })} onClick={() => replace(index)}>
                <IconX size={14} />
              </ActionIcon>
            </Group>
          ))}
          <Select
            size="xs"
            searchable
            placeholder={t('grid.addSort')}
            aria-label={t('grid.addSort')}
            data={free.map((field) => ({ value: field.name, label: fieldTitle(field) }))}
            value={null}
            onChange={(field) => field && setSort([...sort, { field, descending: false }])}
            comboboxProps={{ withinPortal: false }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
