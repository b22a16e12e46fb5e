// The kinds of field one can add (rest-api 9.8): for each its group, the types it may be stored as (default
// first), the component other clients draw it with, and which settings its form asks for.
export type Setting =
  | 'default' | 'required' | 'unique' | 'index' | 'textRules' | 'numberRules' | 'choices' | 'type' | 'precision'
  | 'clock' | 'accuracy' | 'relation' | 'sequence' | 'formula' | 'sortScope' | 'nanoid' | 'autoFill' | 'currency';

export interface InterfaceSpec {
  name: InterfaceName;
  group: InterfaceGroup;
  types: readonly string[];
  component: string;
  settings: readonly Setting[];
}

export const interfaceGroups = ['text', 'number', 'choice', 'time', 'relation', 'advanced'] as const;
export type InterfaceGroup = (typeof interfaceGroups)[number];

const common = ['default', 'required', 'unique', 'index'] as const;

const specs = {
  input: { group: 'text', types: ['string'], component: 'Input', settings: [...common, 'textRules'] },
  textarea: { group: 'text', types: ['text', 'string'], component: 'Input.TextArea', settings: ['type', 'default', 'required', 'textRules'] },
  email: { group: 'text', types: ['string'], component: 'Input', settings: common },
  phone: { group: 'text', types: ['string'], component: 'Input', settings: common },
  url: { group: 'text', types: ['text', 'string'], component: 'Input.URL', settings: ['type', 'default', 'required'] },
  markdown: { group: 'text', types: ['text', 'string'], component: 'Markdown', settings: ['type', 'default', 'required'] },
  richText: { group: 'text', types: ['text', 'string'], component: 'RichText', settings: ['type', 'default', 'required'] },
  color: { group: 'text', types: ['string'], component: 'ColorPicker', settings: ['default', 'required'] },
  password: { group: 'text', types: ['password', 'string'], component: 'Password', settings: ['required'] },
  integer: { group: 'number', types: ['bigInt', 'integer'], component: 'InputNumber', settings: ['type', ...common, 'numberRules'] },
  number: { group: 'number', types: ['double', 'float', 'decimal'], component: 'InputNumber', settings: ['type', 'precision', ...common, 'numberRules'] },
  percent: { group: 'number', types: ['float', 'double', 'decimal'], component: 'Percent', settings: ['type', 'precision', 'default', 'required', 'numberRules'] },
  currency: { group: 'number', types: ['decimal'], component: 'InputNumber', settings: ['precision', 'currency', 'default', 'required', 'numberRules'] },
  checkbox: { group: 'choice', types: ['boolean'], component: 'Checkbox', settings: ['default'] },
  switch: { group: 'choice', types: ['boolean'], component: 'Switch', settings: ['default'] },
  select: { group: 'choice', types: ['string'], component: 'Select', settings: ['choices', 'default', 'required', 'index'] },
  multipleSelect: { group: 'choice', types: ['array'], component: 'Select', settings: ['choices', 'default', 'required'] },
  radioGroup: { group: 'choice', types: ['string'], component: 'Radio.Group', settings: ['choices', 'default', 'required', 'index'] },
  checkboxGroup: { group: 'choice', types: ['array'], component: 'Checkbox.Group', settings: ['choices', 'default', 'required'] },
  datetime: { group: 'time', types: ['date'], component: 'DatePicker', settings: ['clock', 'required', 'index'] },
  datetimeNoTz: { group: 'time', types: ['datetimeNoTz'], component: 'DatePicker', settings: ['clock', 'required', 'index'] },
  date: { group: 'time', types: ['dateOnly'], component: 'DatePicker', settings: ['default', 'required', 'index'] },
  time: { group: 'time', types: ['time'], component: 'TimePicker', settings: ['default', 'required'] },
  unixTimestamp: { group: 'time', types: ['unixTimestamp'], component: 'UnixTimestamp', settings: ['accuracy', 'clock', 'required', 'index'] },
  m2o: { group: 'relation', types: ['belongsTo'], component: 'AssociationField', settings: ['relation', 'required'] },
  o2m: { group: 'relation', types: ['hasMany'], component: 'AssociationField', settings: ['relation'] },
  oho: { group: 'relation', types: ['hasOne'], component: 'AssociationField', settings: ['relation'] },
  m2m: { group: 'relation', types: ['belongsToMany'], component: 'AssociationField', settings: ['relation', 'required'] },
  json: { group: 'advanced', types: ['json', 'jsonb'], component: 'Input.JSON', settings: ['type', 'default', 'required'] },
  uuid: { group: 'advanced', types: ['uuid'], component: 'Input', settings: ['autoFill', 'unique', 'index'] },
  nanoid: { group: 'advanced', types: ['nanoid'], component: 'NanoIDInput', settings: ['nanoid', 'autoFill', 'unique', 'index'] },
  snowflakeId: { group: 'advanced', types: ['snowflakeId'], component: 'InputNumber', settings: ['autoFill', 'unique', 'index'] },
  sort: { group: 'advanced', types: ['sort'], component: 'InputNumber', settings: ['sortScope'] },
  sequence: { group: 'advanced', types: ['sequence'], component: 'Sequence', settings: ['sequence'] },
  formula: { group: 'advanced', types: ['formula'], component: 'Formula.Result', settings: ['formula'] },
} as const satisfies Record<string, Omit<InterfaceSpec, 'name' | 'group'> & { group: InterfaceGroup }>;

export type InterfaceName = keyof typeof specs;

export const interfaces: readonly InterfaceSpec[] = (Object.keys(specs) as InterfaceName[]).map((name) => ({ name, ...specs[name] }));

export function findInterface(name: string | null | undefined): InterfaceSpec | undefined {
  return interfaces.find((spec) => spec.name === name);
}

/** Whether the form of this interface asks for a setting. */
export function asksFor(spec: InterfaceSpec, setting: Setting): boolean {
  return spec.settings.includes(setting);
}
