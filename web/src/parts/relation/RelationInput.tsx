// Chooses the rows of a relation by searching the target collection. The value is whole rows, so that the
// chosen ones can be named even when they are on no page of the search.
import { Button, CheckIcon, Combobox, Group, Input, Loader, Pill, PillsInput, ScrollArea, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { keyText } from '@/api/records';
import type { Field, Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { isKey } from '@/base/keyboard';
import { isToMany } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { rowTitle } from '@/parts/fields/format_value';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { useTargetRows } from './use_target_rows';

interface Frame {
  label?: string;
  'aria-label'?: string;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  size?: 'xs';
  autoFocus?: boolean;
  onBlur?: () => void;
}

interface RelationInputProps {
  field: Field;
  frame: object;
  value: Row | Row[] | null | undefined;
  onChange: (value: Row | Row[] | null) => void;
}

export function RelationInput({ field, frame: rawFrame, value, onChange }: RelationInputProps) {
  const t = useT();
  const catalog = useCatalog();
  const frame = rawFrame as Frame;
  const target = field.target ?? '';
  const many = isToMany(field);
  const chosen = value ? [value].flat() : [];
  const [search, setSearch] = useState('');
  const [word] = useDebouncedValue(search.trim(), 300);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { rows, total, query } = useTargetRows(target, word, combobox.dropdownOpened);

  const keyOf = (row: Row) => keyText(catalog.keyOf(target, row) ?? row.id);
  const titleOf = (row: Row) => rowTitle(field, row, { titleField: (name) => catalog.titleField(name) });
  const isChosen = (row: Row) => chosen.some((other) => keyOf(other) === keyOf(row));
  const remove = (row: Row) => onChange(many ? chosen.filter((other) => keyOf(other) !== keyOf(row)) : null);
  const pick = (key: string) => {
    const row = rows.find((candidate) => keyOf(candidate) === key);
    if (!row) return;
    setSearch('');
    if (!many) {
      onChange(row);
      combobox.closeDropdown();
    } else if (isChosen(row)) remove(row);
    else onChange([...chosen, row]);
  };

  return (
    <Combobox store={combobox} onOptionSubmit={pick} withinPortal disabled={frame.disabled ?? false}>
      <Combobox.DropdownTarget>
        <PillsInput
          label={frame.label}
          description={frame.description}
          error={frame.error}
          required={frame.required ?? false}
          disabled={frame.disabled ?? false}
          {...(frame.size ? { size: frame.size } : {})}
          onClick={() => combobox.openDropdown()}
          rightSection={query.isFetching ? <Loader size={14} /> : chosen.length > 0 && !frame.disabled ? <Input.ClearButton aria-label={t('common.clear')} onClick={() => onChange(many ? [] : null)} /> : <Combobox.Chevron />}
        >
          <Pill.Group>
            {chosen.map((row) => (
              <Pill key={keyOf(row)} withRemoveButton={!frame.disabled} onRemove={() => remove(row)} removeButtonProps={{ 'aria-label': t('relation.remove', { name: titleOf(row) }) }}>
                {titleOf(row)}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={frame['aria-label'] ?? frame.label ?? t('relation.search')}
                autoFocus={frame.autoFocus ?? false}
                placeholder={chosen.length === 0 ? t('relation.search') : ''}
                value={search}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown();
                  frame.onBlur?.();
                }}
                onChange={(event) => {
                  setSearch(event.currentTarget.value);
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
                onKeyDown={(event) => {
                  const last = chosen.at(-1);
                  if (isKey(event, 'Backspace') && search === '' && last) remove(last);
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={frame.label ?? frame['aria-label'] ?? t('relation.search')}>
          <ScrollArea.Autosize mah={260} type="auto">
            {rows.map((row) => (
              <Combobox.Option key={keyOf(row)} value={keyOf(row)} active={isChosen(row)}>
                <Group gap="xs" wrap="nowrap">
                  <CheckIcon size={12} style={{ visibility: isChosen(row) ? 'visible' : 'hidden', flex: 'none' }} />
                  <span>{titleOf(row)}</span>
                  <Text size="xs" c="dimmed" ml="auto">{keyOf(row)}</Text>
                </Group>
              </Combobox.Option>
            ))}
            {query.isError && <ErrorAlert error={query.error} />}
            {query.isSuccess && rows.length === 0 && <Combobox.Empty>{t('common.nothingFound')}</Combobox.Empty>}
            {query.isPending && <Combobox.Empty>{t('common.loading')}</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
        {query.hasNextPage && (
          <Combobox.Footer>
            <Button
              size="compact-xs"
              variant="subtle"
              fullWidth
              loading={query.isFetchingNextPage}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => void query.fetchNextPage()}
            >
              {t('relation.more', { shown: rows.length, total: total ?? 0 })}
            </Button>
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}
