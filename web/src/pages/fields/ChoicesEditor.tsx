import { ActionIcon, Button, ColorSwatch, Group, Input, Select, Stack, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { EnumOption } from '@/api/types';
import { useT } from '@/base/i18n';
import { proposeName } from '@/parts/catalog/naming';
import { optionColors, themeColor } from '@/parts/fields/colors';

interface ChoicesEditorProps {
  choices: EnumOption[];
  error: string | undefined;
  onChange: (choices: EnumOption[]) => void;
}

/** The values to choose from: stored value, shown label, colour. */
export function ChoicesEditor({ choices, error, onChange }: ChoicesEditorProps) {
  const t = useT();
  const set = (index: number, patch: Partial<EnumOption>) => onChange(choices.map((choice, at) => (at === index ? { ...choice, ...patch } : choice)));
  const label = (index: number, next: string) => {
    const choice = choices[index]!;
    const follows = choice.value === '' || choice.value === proposeName(choice.label, 'o');
    set(index, { label: next, ...(follows && !String(choice.value).startsWith('o_') ? { value: proposeName(next, 'o') } : {}) });
  };
  return (
    <Input.Wrapper label={t('field.choices')} error={error} required labelElement="div">
      <Stack gap={6} mt={4}>
        {choices.map((choice, index) => (
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput style={{ flex: 2 }} aria-label={t('field.choiceLabel')} placeholder={t('field.choiceLabel')} value={choice.label} onChange={(event) => label(index, event.currentTarget.value)} autoFocus={choice.label === ''} />
            <TextInput style={{ flex: 1 }} aria-label={t('field.choiceValue')} placeholder={t('field.choiceValue')} value={String(choice.value)} onChange={(event) => set(index, { value: event.currentTarget.value })} />
            <Select
              w={130}
              aria-label={t('category.color')}
              allowDeselect={false}
              data={optionColors}
              value={choice.color ?? 'default'}
              leftSection={<ColorSwatch size={12} color={`var(--mantine-color-${themeColor(choice.color)}-6)`} />}
              onChange={(color) => set(index, { color: color ?? 'default' })}
            />
            <ActionIcon variant="subtle" color="gray" disabled={index === 0} aria-label={t('grid.moveUp', { name: choice.label })} onClick={() => onChange(choices.toSpliced(index, 1).toSpliced(index - 1, 0, choice))}>
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={t('field.removeChoice', { name: choice.label })} onClick={() => onChange(choices.toSpliced(index, 1))}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => onChange([...choices, { value: '', label: '', color: 'default' }])}>
            {t('field.addChoice')}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
