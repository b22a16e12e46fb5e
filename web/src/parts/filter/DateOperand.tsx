import { Group, Select, Stack } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useT } from '@/base/i18n';
import { DateSettings } from '@/parts/fields/DateSettings';
import { relativeDates, type RelativeDate } from './operators';

interface DateOperandProps {
  between: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}

const exact = 'exact';

/** A day, a span of days, or a moving one such as "last month". */
export function DateOperand(props: DateOperandProps) {
  return <DateSettings><DateChoice {...props} /></DateSettings>;
}

function DateChoice({ between, value, onChange }: DateOperandProps) {
  const t = useT();
  if (between) {
    const [from, to] = Array.isArray(value) ? (value as (string | null)[]) : [null, null];
    return (
      <Group gap={6} grow wrap="nowrap">
        <DateInput size="xs" aria-label={t('filter.from')} placeholder={t('filter.from')} value={from ?? null} valueFormat="YYYY-MM-DD" onChange={(day) => onChange([day, to ?? null])} />
        <DateInput size="xs" aria-label={t('filter.to')} placeholder={t('filter.to')} value={to ?? null} valueFormat="YYYY-MM-DD" onChange={(day) => onChange([from ?? null, day])} />
      </Group>
    );
  }
  const relative = typeof value === 'object' && value !== null ? (value as { type: RelativeDate }).type : exact;
  return (
    <Stack gap={6}>
      <Select
        size="xs"
        aria-label={t('filter.dateKind')}
        allowDeselect={false}
        value={relative}
        data={[{ value: exact, label: t('filter.exactDay') }, ...relativeDates.map((name) => ({ value: name as string, label: t(`date.${name}`) }))]}
        onChange={(next) => onChange(next === exact ? undefined : { type: next })}
      />
      {relative === exact && (
        <DateInput size="xs" aria-label={t('filter.value')} clearable valueFormat="YYYY-MM-DD" placeholder="YYYY-MM-DD" value={typeof value === 'string' ? value.slice(0, 10) : null} onChange={onChange} />
      )}
    </Stack>
  );
}
