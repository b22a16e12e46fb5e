// The settings that the chosen interface asks for.
import { Checkbox, Group, NumberInput, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { Field } from '@/api/types';
import { useT } from '@/base/i18n';
import { fieldTitle } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { FieldInput } from '@/parts/fields/FieldInput';
import { ChoicesEditor } from './ChoicesEditor';
import type { FieldDraft } from './field_body';
import { asksFor, type InterfaceSpec, type Setting } from './interfaces';
import { RelationSettings } from './RelationSettings';
import { SequenceEditor } from './SequenceEditor';

export interface SettingsProps {
  spec: InterfaceSpec;
  collection: string;
  draft: FieldDraft;
  errors: Record<string, string>;
  creating: boolean;
  onChange: (patch: Partial<FieldDraft>) => void;
}

const formulaEngines = ['formula.js', 'math.js', 'string'];
const formulaTypes = ['double', 'integer', 'bigInt', 'decimal', 'string', 'boolean', 'date'];

export function FieldSettings(props: SettingsProps) {
  const { spec, draft, errors, creating, onChange } = props;
  const t = useT();
  const asks = (setting: Setting) => asksFor(spec, setting);
  return (
    <>
      {asks('type') && spec.types.length > 1 && (
        <Select label={t('field.storedAs')} allowDeselect={false} disabled={!creating} data={[...spec.types]} value={draft.type} onChange={(type) => onChange({ type: type ?? draft.type })} />
      )}
      {asks('relation') && <RelationSettings {...props} />}
      {asks('choices') && <ChoicesEditor choices={draft.choices} error={errors.choices} onChange={(choices) => onChange({ choices })} />}
      {asks('formula') && <FormulaSettings {...props} />}
      {asks('sequence') && <SequenceEditor patterns={draft.patterns} onChange={(patterns) => onChange({ patterns })} />}
      {asks('sortScope') && <SortScope {...props} />}
      {asks('precision') && draft.type === 'decimal' && (
        <SimpleGrid cols={2}>
          <NumberInput label={t('field.precision')} min={1} max={65} disabled={!creating} value={draft.precision} onChange={(value) => onChange({ precision: toNumber(value) })} />
          <NumberInput label={t('field.scale')} min={0} max={30} disabled={!creating} value={draft.scale} onChange={(value) => onChange({ scale: toNumber(value) })} />
        </SimpleGrid>
      )}
      {asks('currency') && (
        <Select label={t('field.currency')} clearable searchable data={['JPY', 'CNY', 'USD', 'EUR', 'GBP', 'KRW', 'TWD', 'HKD', 'SGD', 'CHF', 'AUD', 'CAD', 'INR']} value={draft.currency || null} onChange={(currency) => onChange({ currency: currency ?? '' })} />
      )}
      {asks('accuracy') && (
        <Select label={t('field.accuracy')} allowDeselect={false} disabled={!creating} data={[{ value: 'second', label: t('field.seconds') }, { value: 'millisecond', label: t('field.milliseconds') }]} value={draft.accuracy} onChange={(accuracy) => onChange({ accuracy: accuracy as FieldDraft['accuracy'] })} />
      )}
      {asks('nanoid') && <NumberInput label={t('field.size')} min={2} max={64} disabled={!creating} value={draft.size} onChange={(value) => onChange({ size: toNumber(value) })} />}
      {asks('default') && (
        <FieldInput field={sample(spec, draft, t('field.default'))} value={draft.defaultValue} onChange={(defaultValue) => onChange({ defaultValue })} forFilter />
      )}
      {(asks('textRules') || asks('numberRules')) && (
        <SimpleGrid cols={2}>
          <NumberInput label={asks('textRules') ? t('field.minLength') : t('field.min')} value={draft.min} error={errors.min} onChange={(value) => onChange({ min: toNumber(value) })} />
          <NumberInput label={asks('textRules') ? t('field.maxLength') : t('field.max')} value={draft.max} error={errors.max} onChange={(value) => onChange({ max: toNumber(value) })} />
        </SimpleGrid>
      )}
      {asks('textRules') && (
        <TextInput label={t('field.pattern')} description={t('field.patternText')} spellCheck={false} value={draft.pattern} onChange={(event) => onChange({ pattern: event.currentTarget.value })} />
      )}
      <Group gap="lg">
        {asks('required') && <Checkbox label={t('field.required')} checked={draft.required} onChange={(event) => onChange({ required: event.currentTarget.checked })} />}
        {asks('unique') && <Checkbox label={t('field.unique')} checked={draft.unique} onChange={(event) => onChange({ unique: event.currentTarget.checked })} />}
        {asks('index') && <Checkbox label={t('field.index')} checked={draft.index} onChange={(event) => onChange({ index: event.currentTarget.checked })} />}
        {asks('autoFill') && <Checkbox label={t('field.autoFill')} checked={draft.autoFill} onChange={(event) => onChange({ autoFill: event.currentTarget.checked })} />}
        {asks('clock') && <Checkbox label={t('field.defaultNow')} checked={draft.defaultToCurrentTime} onChange={(event) => onChange({ defaultToCurrentTime: event.currentTarget.checked })} />}
        {asks('clock') && <Checkbox label={t('field.updateNow')} checked={draft.onUpdateToCurrentTime} onChange={(event) => onChange({ onUpdateToCurrentTime: event.currentTarget.checked })} />}
      </Group>
    </>
  );
}

function FormulaSettings({ collection, draft, errors, onChange, creating }: SettingsProps) {
  const t = useT();
  const catalog = useCatalog();
  const names = catalog.fields(collection).filter((field) => field.interface && !field.hidden && !field.target).map((field) => field.name);
  return (
    <>
      <SimpleGrid cols={2}>
        <Select label={t('field.engine')} allowDeselect={false} data={formulaEngines} value={draft.engine} onChange={(engine) => onChange({ engine: engine ?? draft.engine })} />
        <Select label={t('field.resultType')} allowDeselect={false} disabled={!creating} data={formulaTypes} value={draft.dataType} onChange={(dataType) => onChange({ dataType: dataType ?? draft.dataType })} />
      </SimpleGrid>
      <Textarea
        label={t('field.expression')}
        description={t('field.expressionText', { example: '{{price}} * {{quantity}}' })}
        required
        autosize
        minRows={2}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={draft.expression}
        error={errors.expression}
        onChange={(event) => onChange({ expression: event.currentTarget.value })}
      />
      <Select
        label={t('field.insertField')}
        searchable
        data={names}
        value={null}
        onChange={(name) => name && onChange({ expression: `${draft.expression}{{${name}}}` })}
      />
    </>
  );
}

function SortScope({ collection, draft, onChange, creating }: SettingsProps) {
  const t = useT();
  const fields = useCatalog().fields(collection).filter((field) => ['string', 'bigInt', 'integer', 'snowflakeId', 'boolean'].includes(field.type));
  return (
    <Select
      label={t('field.sortScope')}
      description={t('field.sortScopeText')}
      clearable
      searchable
      disabled={!creating}
      data={fields.map((field) => ({ value: field.name, label: fieldTitle(field) }))}
      value={draft.scopeKey || null}
      onChange={(scopeKey) => onChange({ scopeKey: scopeKey ?? '' })}
    />
  );
}

function toNumber(value: string | number): number | '' {
  return value === '' ? '' : Number(value);
}

/** The field as it stands in the draft, so that its default is typed with its own input. */
function sample(spec: InterfaceSpec, draft: FieldDraft, title: string): Field {
  return { key: '', name: 'defaultValue', interface: spec.name, type: draft.type, uiSchema: { title, enum: draft.choices.filter((choice) => choice.value !== '') } };
}
