// From the form of a collection to the body the API takes (rest-api 9.2, 9.5, 9.6).
import type { Field, Row } from '@/api/types';

export type Template = 'general' | 'tree' | 'inherit' | 'view' | 'sql';
export const templates: readonly Template[] = ['general', 'tree', 'inherit', 'view', 'sql'];

export type Preset = 'id' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy';
export const presets: readonly Preset[] = ['id', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy'];

export interface CollectionForm {
  template: Template;
  title: string;
  name: string;
  description: string;
  category: string[];
  presets: Preset[];
  inherits: string[];
  viewName: string;
  viewSchema: string;
  viewKey: string;
  sql: string;
  titleField: string;
  simplePaginate: boolean;
}

type NewField = Partial<Field> & { name: string };

const stamp = (name: 'createdAt' | 'updatedAt', title: string): NewField => ({
  name, interface: name, type: 'date', field: name,
  uiSchema: { type: 'datetime', title: `{{t("${title}")}}`, 'x-component': 'DatePicker', 'x-component-props': {}, 'x-read-pretty': true },
});
const person = (name: 'createdBy' | 'updatedBy', title: string): NewField => ({
  name, interface: name, type: 'belongsTo', target: 'users', foreignKey: `${name}Id`,
  uiSchema: {
    type: 'object', title: `{{t("${title}")}}`, 'x-component': 'AssociationField',
    'x-component-props': { fieldNames: { value: 'id', label: 'nickname' } }, 'x-read-pretty': true,
  },
});

const presetFields: Record<Preset, NewField> = {
  id: {
    name: 'id', type: 'snowflakeId', interface: 'snowflakeId', primaryKey: true, allowNull: false, autoIncrement: false,
    uiSchema: { type: 'number', title: '{{t("ID")}}', 'x-component': 'InputNumber', 'x-component-props': { stringMode: true, separator: '0.00', step: '1' } },
  },
  createdAt: stamp('createdAt', 'Created at'),
  createdBy: person('createdBy', 'Created by'),
  updatedAt: stamp('updatedAt', 'Last updated at'),
  updatedBy: person('updatedBy', 'Last updated by'),
};

function treeFields(collection: string): NewField[] {
  const box = (multiple: boolean, title: string) => ({
    title: `{{t("${title}")}}`, 'x-component': 'AssociationField', 'x-component-props': { multiple, fieldNames: { label: 'id', value: 'id' } },
  });
  return [
    { name: 'parentId', interface: 'integer', type: 'bigInt', isForeignKey: true, uiSchema: { type: 'number', title: '{{t("Parent ID")}}', 'x-component': 'InputNumber', 'x-read-pretty': true } },
    { name: 'parent', interface: 'm2o', type: 'belongsTo', target: collection, foreignKey: 'parentId', treeParent: true, onDelete: 'CASCADE', uiSchema: box(false, 'Parent') },
    { name: 'children', interface: 'o2m', type: 'hasMany', target: collection, foreignKey: 'parentId', treeChildren: true, onDelete: 'CASCADE', uiSchema: box(true, 'Children') },
  ];
}

/** Columns of a view or of a statement, as fields; one without an interface is shown as text. */
export function inferredFields(columns: Record<string, Partial<Field>>): NewField[] {
  return Object.entries(columns).map(([name, column]) => {
    const { name: _, ...rest } = column;
    return { interface: 'input', type: 'string', ...rest, name, uiSchema: { title: name, ...column.uiSchema } };
  });
}

export function newCollectionBody(form: CollectionForm, columns: Record<string, Partial<Field>>): Row {
  const body: Row = {
    name: form.name,
    title: form.title.trim() || form.name,
    template: form.template === 'inherit' ? 'general' : form.template,
    autoGenId: false,
    logging: true,
    ...(form.description ? { description: form.description } : {}),
    ...(form.category.length > 0 ? { category: form.category.map((id) => ({ id: toKey(id) })) } : {}),
    ...(form.simplePaginate ? { simplePaginate: true } : {}),
  };
  const chosen = presets.filter((preset) => form.presets.includes(preset)).map((preset) => presetFields[preset]);
  switch (form.template) {
    case 'view':
      return {
        ...body, view: true, viewName: form.viewName, ...(form.viewSchema ? { schema: form.viewSchema } : {}),
        ...(form.viewKey ? { filterTargetKey: form.viewKey } : {}), fields: inferredFields(columns),
      };
    case 'sql':
      return { ...body, sql: form.sql, ...(form.viewKey ? { filterTargetKey: form.viewKey } : {}), fields: inferredFields(columns) };
    case 'inherit':
      return { ...body, inherits: form.inherits, fields: [] };
    case 'tree':
      return { ...body, tree: 'adjacencyList', fields: [...chosen, ...treeFields(form.name)] };
    default:
      return { ...body, fields: chosen };
  }
}

export function changedCollectionBody(form: CollectionForm): Row {
  return {
    title: form.title.trim(),
    description: form.description,
    category: form.category.map((id) => ({ id: toKey(id) })),
    simplePaginate: form.simplePaginate,
    ...(form.titleField ? { titleField: form.titleField } : {}),
    ...(form.template === 'sql' ? { sql: form.sql } : {}),
  };
}

/** Keys pass through select boxes as text; small ones become numbers again. */
function toKey(id: string): string | number {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}
