import { ActionIcon, Button, Group, Input, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { SequencePattern } from '@/api/types';
import { useT } from '@/base/i18n';

const kinds = ['string', 'integer', 'date', 'randomChar'] as const;
type Kind = (typeof kinds)[number];

const startOptions: Record<Kind, Record<string, unknown>> = {
  string: { value: '' },
  integer: { digits: 4, start: 1, base: 10 },
  date: { format: 'YYYYMMDD', field: 'createdAt' },
  randomChar: { length: 6, charsets: ['number', 'uppercase'] },
};

/** The parts that make up a number such as `SO-20261123-0001`. */
export function SequenceEditor({ patterns, onChange }: { patterns: SequencePattern[]; onChange: (patterns: SequencePattern[]) => void }) {
  const t = useT();
  const set = (index: number, pattern: SequencePattern) => onChange(patterns.with(index, pattern));
  const option = (index: number, patch: Record<string, unknown>) => {
    const pattern = patterns[index]!;
    set(index, { ...pattern, options: { ...pattern.options, ...patch } });
  };
  return (
    <Input.Wrapper label={t('sequence.parts')} description={t('sequence.partsText')} labelElement="div">
      <Stack gap={6} mt={6}>
        {patterns.map((pattern, index) => (
          <Group key={index} gap={6} wrap="nowrap">
            <Select
              w={170}
              aria-label={t('sequence.kind')}
              allowDeselect={false}
              data={kinds.map((kind) => ({ value: kind as string, label: t(`sequence.${kind}`) }))}
              value={pattern.type}
              onChange={(type) => type && set(index, { type, options: startOptions[type as Kind] })}
            />
            {pattern.type === 'string' && <TextInput style={{ flex: 1 }} aria-label={t('sequence.text')} placeholder={t('sequence.text')} value={String(pattern.options?.value ?? '')} onChange={(event) => option(index, { value: event.currentTarget.value })} />}
            {pattern.type === 'integer' && (
              <>
                <NumberInput style={{ flex: 1 }} aria-label={t('sequence.digits')} prefix={`${t('sequence.digits')}: `} min={1} max={18} value={Number(pattern.options?.digits ?? 4)} onChange={(digits) => option(index, { digits: Number(digits) })} />
                <NumberInput style={{ flex: 1 }} aria-label={t('sequence.start')} prefix={`${t('sequence.start')}: `} min={0} value={Number(pattern.options?.start ?? 1)} onChange={(start) => option(index, { start: Number(start) })} />
              </>
            )}
            {pattern.type === 'date' && <TextInput style={{ flex: 1 }} aria-label={t('sequence.format')} placeholder="YYYYMMDD" value={String(pattern.options?.format ?? '')} onChange={(event) => option(index, { format: event.currentTarget.value })} />}
            {pattern.type === 'randomChar' && <NumberInput style={{ flex: 1 }} aria-label={t('sequence.length')} prefix={`${t('sequence.length')}: `} min={1} max={32} value={Number(pattern.options?.length ?? 6)} onChange={(length) => option(index, { length: Number(length) })} />}
            <ActionIcon variant="subtle" color="gray" aria-label={t('sequence.remove')} onClick={() => onChange(patterns.toSpliced(index, 1))}><IconTrash size={16} /></ActionIcon>
          </Group>
        ))}
        <Group>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => onChange([...patterns, { type: 'string', options: startOptions.string }])}>{t('sequence.add')}</Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
