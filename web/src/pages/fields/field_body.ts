// A field while it is being made or changed, and its two-way translation to the wire (rest-api 9.3, 9.4, 8.5).
import type { EnumOption, Field, Row, SequencePattern, UiSchema, ValidationRule } from '@/api/types';
import { displayText } from '@/parts/catalog/catalog';
import { isRequired } from '@/parts/fields/kind';
import { asksFor, findInterface, type InterfaceName, type InterfaceSpec } from './interfaces';

export interface FieldDraft {
  interface: InterfaceName;
  title: string;
  name: string;
  description: string;
  type: string;
  required: boolean;
  unique: boolean;
  index: boolean;
  defaultValue: unknown;
  choices: EnumOption[];
  min: number | '';
  max: number | '';
  pattern: string;
  precision: number | '';
  scale: number | '';
  currency: string;
  defaultToCurrentTime: boolean;
  onUpdateToCurrentTime: boolean;
  accuracy: 'second' | 'millisecond';
  scopeKey: string;
  size: number | '';
  autoFill: boolean;
  patterns: SequencePattern[];
  expression: string;
  engine: string;
  dataType: string;
  target: string;
  foreignKey: string;
  otherKey: string;
  through: string;
  sourceKey: string;
  targetKey: string;
  onDelete: string;
  reverse: boolean;
  reverseTitle: string;
  reverseName: string;
}

const noRelation = { target: '', foreignKey: '', otherKey: '', through: '', sourceKey: '', targetKey: '', onDelete: 'SET NULL', reverse: false, reverseTitle: '', reverseName: '' };

export function emptyDraft(spec: InterfaceSpec): FieldDraft {
  return {
    interface: spec.name, title: '', name: '', description: '', type: spec.types[0] ?? 'string',
    required: false, unique: false, index: false, defaultValue: undefined, choices: [], min: '', max: '', pattern: '',
    precision: spec.name === 'currency' ? 18 : '', scale: spec.name === 'currency' ? 2 : '', currency: '',
    defaultToCurrentTime: false, onUpdateToCurrentTime: false, accuracy: 'second', scopeKey: '', size: 12, autoFill: true,
    patterns: [{ type: 'integer', options: { digits: 4, start: 1, base: 10 } }],
    expression: '', engine: 'formula.js', dataType: 'double', ...noRelation,
  };
}

export function draftOf(field: Field): FieldDraft | undefined {
  const spec = findInterface(field.interface);
  if (!spec) return undefined;
  const rules = field.validation?.rules ?? [];
  const limit = (name: string) => {
    const value = rules.find((rule) => rule.name === name)?.args?.limit;
    return value === undefined || value === null ? '' : Number(value);
  };
  const props = field.uiSchema?.['x-component-props'] ?? {};
  return {
    ...emptyDraft(spec),
    title: displayText(field.uiSchema?.title) || field.name,
    name: field.name,
    description: field.description ?? '',
    type: field.type,
    required: isRequired(field),
    unique: field.unique ?? false,
    index: field.index ?? false,
    defaultValue: field.defaultValue ?? undefined,
    choices: (field.uiSchema?.enum ?? []).map((option) => ({ ...option })),
    min: limit('min'),
    max: limit('max'),
    pattern: String(rules.find((rule) => rule.name === 'pattern')?.args?.regex ?? ''),
    precision: field.precision ?? '',
    scale: field.scale ?? '',
    currency: typeof props.currency === 'string' ? props.currency : '',
    defaultToCurrentTime: Boolean(field.defaultToCurrentTime),
    onUpdateToCurrentTime: Boolean(field.onUpdateToCurrentTime),
    accuracy: field.accuracy === 'millisecond' ? 'millisecond' : 'second',
    scopeKey: field.scopeKey ?? '',
    size: typeof field.size === 'number' ? field.size : 12,
    autoFill: field.autoFill !== false,
    patterns: field.patterns ?? [],
    expression: field.expression ?? '',
    engine: field.engine ?? 'formula.js',
    dataType: field.dataType ?? 'double',
    target: field.target ?? '',
    foreignKey: field.foreignKey ?? '',
    otherKey: field.otherKey ?? '',
    through: field.through ?? '',
    sourceKey: field.sourceKey ?? '',
    targetKey: field.targetKey ?? '',
    onDelete: field.onDelete ?? 'NO ACTION',
  };
}

export interface BodyContext {
  collection: string;
  /** The field that names a row of a collection. */
  titleField: (collection: string) => string | undefined;
  /** The key of a collection. */
  keyField: (collection: string) => string;
}

export function fieldBody(draft: FieldDraft, context: BodyContext, creating: boolean): Row {
  const spec = findInterface(draft.interface);
  if (!spec) throw new Error(`unknown interface ${draft.interface}`);
  const asks = (setting: Parameters<typeof asksFor>[1]) => asksFor(spec, setting);
  const body: Row = {
    ...(creating ? { name: draft.name, type: draft.type, interface: draft.interface } : {}),
    description: draft.description || null,
    uiSchema: uiSchema(draft, spec, context),
    validation: validation(draft, spec),
  };
  if (asks('unique')) body.unique = draft.unique;
  if (asks('index')) body.index = draft.index;
  if (asks('default')) body.defaultValue = isEmpty(draft.defaultValue) ? null : draft.defaultValue;
  if (asks('precision') && draft.type === 'decimal') Object.assign(body, numbers({ precision: draft.precision, scale: draft.scale }));
  if (asks('clock')) Object.assign(body, { defaultToCurrentTime: draft.defaultToCurrentTime, onUpdateToCurrentTime: draft.onUpdateToCurrentTime });
  if (asks('accuracy')) body.accuracy = draft.accuracy;
  if (asks('sortScope') && draft.scopeKey) body.scopeKey = draft.scopeKey;
  if (asks('nanoid') && draft.size !== '') body.size = draft.size;
  if (asks('autoFill')) body.autoFill = draft.autoFill;
  if (asks('sequence')) body.patterns = draft.patterns;
  if (asks('formula')) Object.assign(body, { expression: draft.expression, engine: draft.engine, dataType: draft.dataType });
  if (asks('relation')) Object.assign(body, relation(draft, context, creating));
  return body;
}

function uiSchema(draft: FieldDraft, spec: InterfaceSpec, context: BodyContext): UiSchema {
  const schema: UiSchema = { type: schemaType(draft), title: draft.title.trim(), 'x-component': spec.component };
  const props: Row = {};
  if (asksFor(spec, 'choices')) schema.enum = draft.choices.filter((choice) => choice.value !== '');
  if (spec.name === 'multipleSelect') props.mode = 'multiple';
  if (['datetime', 'datetimeNoTz', 'unixTimestamp'].includes(spec.name)) props.showTime = true;
  if (spec.name === 'date') props.dateOnly = true;
  if (spec.name === 'currency' && draft.currency) props.currency = draft.currency;
  if (asksFor(spec, 'numberRules') && draft.scale !== '') props.step = String(10 ** -Number(draft.scale));
  if (asksFor(spec, 'relation')) {
    const key = context.keyField(draft.target);
    props.multiple = spec.name === 'o2m' || spec.name === 'm2m';
    props.fieldNames = { label: context.titleField(draft.target) ?? key, value: key };
  }
  if (['uuid', 'nanoid', 'snowflakeId', 'sequence', 'formula', 'sort'].includes(spec.name)) schema['x-read-pretty'] = true;
  schema['x-component-props'] = props;
  return schema;
}

function schemaType(draft: FieldDraft): string {
  if (['bigInt', 'integer', 'double', 'float', 'decimal', 'snowflakeId', 'sort'].includes(draft.type)) return 'number';
  if (draft.type === 'boolean') return 'boolean';
  if (['array', 'hasMany', 'belongsToMany'].includes(draft.type)) return 'array';
  if (['json', 'jsonb', 'belongsTo', 'hasOne'].includes(draft.type)) return 'object';
  return 'string';
}

function validation(draft: FieldDraft, spec: InterfaceSpec): Row | null {
  const rules: ValidationRule[] = [];
  const add = (name: string, args?: Row) => rules.push({ key: `r_${name}`, name, ...(args ? { args } : {}) });
  if (asksFor(spec, 'required') && draft.required) add('required');
  if (asksFor(spec, 'textRules') || asksFor(spec, 'numberRules')) {
    if (draft.min !== '') add('min', { limit: draft.min });
    if (draft.max !== '') add('max', { limit: draft.max });
  }
  if (asksFor(spec, 'textRules') && draft.pattern) add('pattern', { regex: draft.pattern });
  if (spec.name === 'email') add('email');
  if (rules.length === 0) return null;
  const type = spec.group === 'number' ? 'number' : spec.group === 'time' ? 'date' : spec.group === 'relation' || draft.type === 'array' || spec.name === 'json' ? 'object' : 'string';
  return { type, rules };
}

function relation(draft: FieldDraft, context: BodyContext, creating: boolean): Row {
  // Links of a many-to-many always go with their rows.
  const body: Row = draft.interface === 'm2m' ? {} : { onDelete: draft.onDelete };
  if (!creating) return body;
  body.target = draft.target;
  const own = context.keyField(context.collection);
  const far = context.keyField(draft.target);
  // Where the key lies beside the relation it gets a name people can read; elsewhere the server finds a free one.
  const foreignKey = draft.foreignKey || (draft.interface === 'm2o' ? `${draft.name}Id` : '');
  if (foreignKey) body.foreignKey = foreignKey;
  if (draft.interface === 'm2o') body.targetKey = draft.targetKey || far;
  else body.sourceKey = draft.sourceKey || own;
  if (draft.interface === 'o2m' || draft.interface === 'm2m') body.targetKey = draft.targetKey || far;
  if (draft.interface === 'm2m') {
    if (draft.through) body.through = draft.through;
    if (draft.otherKey) body.otherKey = draft.otherKey;
  }
  if (draft.reverse) body.reverseField = reverseField(draft, context);
  return body;
}

const reverseOf = {
  m2o: { interface: 'o2m', type: 'hasMany' },
  o2m: { interface: 'm2o', type: 'belongsTo' },
  oho: { interface: 'obo', type: 'belongsTo' },
  m2m: { interface: 'm2m', type: 'belongsToMany' },
} as const;

function reverseField(draft: FieldDraft, context: BodyContext): Row {
  const far = reverseOf[draft.interface as keyof typeof reverseOf];
  const key = context.keyField(context.collection);
  return {
    ...far,
    name: draft.reverseName,
    uiSchema: {
      title: draft.reverseTitle.trim() || draft.reverseName,
      'x-component': 'AssociationField',
      'x-component-props': { multiple: far.type !== 'belongsTo', fieldNames: { label: context.titleField(context.collection) ?? key, value: key } },
    },
  };
}

function numbers(values: Record<string, number | ''>): Row {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
