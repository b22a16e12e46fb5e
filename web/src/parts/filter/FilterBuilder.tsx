// Builds a filter by choosing: field, operator, value; groups of "all of" and "any of" inside one another.
import { ActionIcon, Box, Button, Group as Row, Paper, SegmentedControl, Select, Stack, TagsInput, MultiSelect, Text } from '@mantine/core';
import { IconFolderPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import type { Field } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { optionsOf } from '@/parts/fields/format_value';
import { FieldInput } from '@/parts/fields/FieldInput';
import { DateOperand } from './DateOperand';
import { useFilterFields, type FilterField } from './filter_fields';
import { newCondition, newGroup, replaceNode, type Condition, type FilterNode, type Group } from './filter_model';
import { operandOf, operatorsOf, type OperatorName } from './operators';

const maxDepth = 3;

interface FilterBuilderProps {
  collection: string;
  value: Group;
  onChange: (value: Group) => void;
}

export function FilterBuilder({ collection, value, onChange }: FilterBuilderProps) {
  const fields = useFilterFields(collection);
  const change = (id: number, next: (node: FilterNode) => FilterNode | undefined) =>
    onChange(id === value.id ? ((next(value) as Group | undefined) ?? newGroup()) : replaceNode(value, id, next));
  return <GroupEditor group={value} depth={1} fields={fields} change={change} />;
}

type Change = (id: number, next: (node: FilterNode) => FilterNode | undefined) => void;

function GroupEditor({ group, depth, fields, change }: { group: Group; depth: number; fields: FilterField[]; change: Change }) {
  const t = useT();
  const add = (item: FilterNode) => change(group.id, (node) => ({ ...(node as Group), items: [...(node as Group).items, item] }));
  return (
    <Stack gap="xs" role="group" aria-label={group.logic === '$and' ? t('filter.all') : t('filter.any')}>
      <Row gap="xs" justify="space-between">
        <SegmentedControl
          size="xs"
          value={group.logic}
          aria-label={t('filter.logic')}
          data={[{ value: '$and', label: t('filter.all') }, { value: '$or', label: t('filter.any') }]}
          onChange={(logic) => change(group.id, (node) => ({ ...(node as Group), logic: logic as Group['logic'] }))}
        />
        {depth > 1 && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('filter.removeGroup')} onClick={() => change(group.id, () => undefined)}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Row>
      {group.items.map((item) =>
        item.kind === 'condition' ? (
          <ConditionEditor key={item.id} condition={item} fields={fields} change={change} />
        ) : (
          <Paper key={item.id} withBorder p="xs" bg="var(--renkei-canvas)">
            <GroupEditor group={item} depth={depth + 1} fields={fields} change={change} />
          </Paper>
        ),
      )}
      {group.items.length === 0 && <Text size="sm" c="dimmed">{t('filter.empty')}</Text>}
      <Row gap="xs">
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => add(newCondition())}>
          {t('filter.addCondition')}
        </Button>
        {depth < maxDepth && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconFolderPlus size={14} />} onClick={() => add(newGroup('$or', [newCondition()]))}>
            {t('filter.addGroup')}
          </Button>
        )}
      </Row>
    </Stack>
  );
}

function ConditionEditor({ condition, fields, change }: { condition: Condition; fields: FilterField[]; change: Change }) {
  const t = useT();
  const entry = fields.find((candidate) => candidate.path === condition.path);
  const operators = entry ? operatorsOf(entry.field) : [];
  const set = (patch: Partial<Condition>) => change(condition.id, (node) => ({ ...(node as Condition), ...patch }));
  const choose = (path: string | null) => {
    const field = fields.find((candidate) => candidate.path === path)?.field;
    set({ path: path ?? '', operator: field ? (operatorsOf(field)[0]?.name ?? '') : '', value: undefined });
  };
  return (
    <Row gap={6} align="flex-start" wrap="nowrap">
      <Box style={{ flex: 1, display: 'grid', gap: 6, gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))' }}>
        <Select
          size="xs"
          searchable
          aria-label={t('filter.field')}
          placeholder={t('filter.field')}
          data={fields.map(({ path, label }) => ({ value: path, label }))}
          value={condition.path || null}
          onChange={choose}
          autoFocus={!condition.path}
          comboboxProps={{ width: 260, position: 'bottom-start' }}
        />
        <Select
          size="xs"
          aria-label={t('filter.operator')}
          allowDeselect={false}
          disabled={!entry}
          data={operators.map(({ name }) => ({ value: name, label: t(`operator.${name}`) }))}
          value={condition.operator || null}
          onChange={(operator) => {
            const same = operandOf(operator ?? '') === operandOf(condition.operator);
            set({ operator: operator ?? '', ...(same ? {} : { value: undefined }) });
          }}
        />
        {entry && <Operand field={entry.field} condition={condition} onChange={(value) => set({ value })} />}
      </Box>
      <ActionIcon variant="subtle" color="gray" mt={2} aria-label={t('filter.removeCondition')} onClick={() => change(condition.id, () => undefined)}>
        <IconTrash size={16} />
      </ActionIcon>
    </Row>
  );
}

function Operand({ field, condition, onChange }: { field: Field; condition: Condition; onChange: (value: unknown) => void }) {
  const t = useT();
  const operand = operandOf(condition.operator as OperatorName);
  const list = Array.isArray(condition.value) ? condition.value.map(String) : [];
  switch (operand) {
    case 'none':
      return <span />;
    case 'values': {
      const options = optionsOf(field).map((option) => ({ value: String(option.value), label: displayText(option.label) }));
      if (options.length === 0) return <TagsInput size="xs" aria-label={t('filter.value')} value={list} onChange={onChange} />;
      return <MultiSelect size="xs" aria-label={t('filter.value')} data={options} value={list} onChange={onChange} searchable />;
    }
    case 'date':
    case 'dates':
      return <DateOperand between={operand === 'dates'} value={condition.value} onChange={onChange} />;
    default:
      return <FieldInput field={field} value={condition.value} onChange={onChange} bare forFilter />;
  }
}
