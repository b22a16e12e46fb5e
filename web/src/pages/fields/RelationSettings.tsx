// Where a relation leads and which columns carry it. Everything but the target may be left empty: the server
// then makes the key, the collection between and their names.
import { Accordion, Autocomplete, Checkbox, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useT } from '@/base/i18n';
import { displayText, fieldTitle } from '@/parts/catalog/catalog';
import { proposeName } from '@/parts/catalog/naming';
import { useCatalog } from '@/parts/catalog/use_catalog';
import type { SettingsProps } from './FieldSettings';

const keyTypes = new Set(['bigInt', 'integer', 'snowflakeId', 'string', 'uuid', 'nanoid', 'uid']);

export function RelationSettings({ spec, collection, draft, errors, creating, onChange }: SettingsProps) {
  const t = useT();
  const catalog = useCatalog();
  const keysOf = (name: string) => catalog.fields(name).filter((field) => keyTypes.has(field.type)).map((field) => field.name);
  const uniqueKeysOf = (name: string) =>
    catalog.fields(name).filter((field) => field.primaryKey || field.unique).map((field) => ({ value: field.name, label: fieldTitle(field) }));
  const many = spec.name === 'm2m';
  const keyHolder = many ? draft.through : spec.name === 'm2o' ? collection : draft.target;
  return (
    <Stack>
      <Select
        label={t('relation.target')}
        description={t(`relationText.${spec.name as 'm2o'}`, { collection: catalog.title(collection) })}
        required
        searchable
        disabled={!creating}
        data={catalog.visible.map((other) => ({ value: other.name, label: `${displayText(other.title) || other.name} (${other.name})` }))}
        value={draft.target || null}
        error={errors.target}
        onChange={(target) => onChange({ target: target ?? '', targetKey: '', reverseTitle: catalog.title(collection), reverseName: draft.reverseName || proposeName(collection, 'f') })}
      />
      {!many && (
        <Select
          label={t('relation.onDelete')}
          allowDeselect={false}
          data={(['SET NULL', 'RESTRICT', 'CASCADE', 'NO ACTION'] as const).map((value) => ({ value: value as string, label: t(`onDelete.${value}`) }))}
          value={draft.onDelete}
          onChange={(onDelete) => onChange({ onDelete: onDelete ?? draft.onDelete })}
        />
      )}
      {creating && draft.target && (
        <Checkbox
          label={t('relation.reverse', { collection: catalog.title(draft.target) })}
          description={t('relation.reverseText')}
          checked={draft.reverse}
          onChange={(event) => onChange({ reverse: event.currentTarget.checked })}
        />
      )}
      {creating && draft.reverse && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('relation.reverseTitle')} value={draft.reverseTitle} onChange={(event) => onChange({ reverseTitle: event.currentTarget.value })} />
          <TextInput label={t('relation.reverseName')} required value={draft.reverseName} error={errors.reverseName} onChange={(event) => onChange({ reverseName: event.currentTarget.value })} />
        </SimpleGrid>
      )}
      <Accordion variant="contained">
        <Accordion.Item value="keys">
          <Accordion.Control><Text size="sm">{t('relation.keys')}</Text></Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <Text size="xs" c="dimmed">{t('relation.keysText')}</Text>
              {many && (
                <Autocomplete
                  label={t('relation.through')}
                  disabled={!creating}
                  data={catalog.all.filter((other) => !other.view && !other.sql).map((other) => other.name)}
                  value={draft.through}
                  error={errors.through}
                  onChange={(through) => onChange({ through })}
                />
              )}
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Autocomplete label={t('relation.foreignKey')} disabled={!creating} data={keyHolder ? keysOf(keyHolder) : []} value={draft.foreignKey} error={errors.foreignKey} onChange={(foreignKey) => onChange({ foreignKey })} />
                {many && <Autocomplete label={t('relation.otherKey')} disabled={!creating} data={draft.through ? keysOf(draft.through) : []} value={draft.otherKey} error={errors.otherKey} onChange={(otherKey) => onChange({ otherKey })} />}
                {spec.name !== 'm2o' && (
                  <Select label={t('relation.sourceKey')} clearable disabled={!creating} data={uniqueKeysOf(collection)} value={draft.sourceKey || null} onChange={(sourceKey) => onChange({ sourceKey: sourceKey ?? '' })} />
                )}
                {(spec.name === 'm2o' || many) && (
                  <Select label={t('relation.targetKey')} clearable disabled={!creating} data={draft.target ? uniqueKeysOf(draft.target) : []} value={draft.targetKey || null} onChange={(targetKey) => onChange({ targetKey: targetKey ?? '' })} />
                )}
              </SimpleGrid>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}
