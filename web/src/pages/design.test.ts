import { describe, expect, it } from 'vitest';
import { newCollectionBody, presets, type CollectionForm } from './collections/collection_body';
import { draftOf, emptyDraft, fieldBody } from './fields/field_body';
import { findInterface, interfaces } from './fields/interfaces';
import { hasSnippet, setSnippet } from './roles/snippets';
import { readStrategy, writeStrategy } from './roles/strategy';

const form: CollectionForm = {
  template: 'general', title: 'Orders', name: 'orders', description: '', category: ['1'], presets: [...presets], inherits: [],
  viewName: '', viewSchema: '', viewKey: '', sql: '', titleField: '', simplePaginate: false,
};
const context = { collection: 'books', titleField: () => 'name', keyField: () => 'id' };

describe('newCollectionBody', () => {
  it('sends the five preset fields and no hidden id', () => {
    const body = newCollectionBody(form, {}) as { autoGenId: boolean; fields: { name: string }[]; category: unknown };
    expect(body.autoGenId).toBe(false);
    expect(body.fields.map(({ name }) => name)).toEqual(['id', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy']);
    expect(body.category).toEqual([{ id: 1 }]);
  });
  it('adds parent and children to a tree', () => {
    const body = newCollectionBody({ ...form, template: 'tree', presets: ['id'] }, {}) as { tree: string; fields: { name: string; target?: string }[] };
    expect([body.tree, body.fields.map(({ name }) => name), body.fields[2]?.target]).toEqual(['adjacencyList', ['id', 'parentId', 'parent', 'children'], 'orders']);
  });
  it('takes the columns of a view', () => {
    expect(newCollectionBody({ ...form, template: 'view', viewName: 'v', viewKey: 'n' }, { n: { type: 'integer' } })).toMatchObject({ view: true, viewName: 'v', filterTargetKey: 'n', fields: [{ name: 'n', type: 'integer' }] });
  });
});

describe('fieldBody', () => {
  it.each(interfaces.map((spec) => spec.name))('%s survives the way to the wire and back', (name) => {
    const spec = findInterface(name)!;
    const draft = { ...emptyDraft(spec), title: 'T', name: 'f', target: 'authors', required: spec.settings.includes('required'), choices: [{ value: 'a', label: 'A', color: 'red' }] };
    const body = fieldBody(draft, context, true);
    expect(body).toMatchObject({ name: 'f', interface: name, type: spec.types[0], uiSchema: { title: 'T' } });
    const back = draftOf({ key: 'k', ...body } as never)!;
    expect([back.title, back.required, back.type]).toEqual(['T', draft.required, draft.type]);
  });
  it('writes rules, choices and relations', () => {
    const select = { ...emptyDraft(findInterface('select')!), title: 'S', name: 's', required: true, choices: [{ value: 'a', label: 'A' }, { value: '', label: '' }] };
    expect(fieldBody(select, context, true)).toMatchObject({ uiSchema: { enum: [{ value: 'a', label: 'A' }] }, validation: { type: 'string', rules: [{ name: 'required' }] } });
    const link = { ...emptyDraft(findInterface('m2o')!), title: 'Author', name: 'author', target: 'authors', reverse: true, reverseName: 'books' };
    expect(fieldBody(link, context, true)).toMatchObject({ type: 'belongsTo', target: 'authors', foreignKey: 'authorId', targetKey: 'id', onDelete: 'SET NULL', reverseField: { name: 'books', type: 'hasMany', interface: 'o2m' } });
  });
  it('never sends name, type or target of an existing field', () => {
    const body = fieldBody({ ...emptyDraft(findInterface('m2o')!), title: 'A', name: 'a', target: 't' }, context, false);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['name']));
    expect(body).not.toHaveProperty('target');
  });
});

describe('roles', () => {
  it('keeps the wider reach of an action', () => expect(readStrategy(['view:own', 'view', 'create', 'update:own'])).toEqual({ view: 'all', create: 'all', update: 'own' }));
  it('writes the wire form', () => expect(writeStrategy({ view: 'own', create: 'all', destroy: 'none' })).toEqual(['view:own', 'create']));
  it('allows and refuses settings', () => {
    const closed = ['!ui.*', '!pm', '!pm.*'];
    expect(hasSnippet(setSnippet(closed, 'pm.users', true), 'pm.users')).toBe(true);
    const open = setSnippet(closed, 'pm.*', true);
    expect([hasSnippet(open, 'pm.users'), open.includes('!pm.*')]).toEqual([true, false]);
    expect(hasSnippet(setSnippet(open, 'pm.users', false), 'pm.users')).toBe(false);
  });
});
