// The catalog is everything a screen must know about collections, looked up by name: titles, keys, fields with
// those of inherited parents, what a relation points at. A plain value made from one answer of the server.
import type { Collection, Field } from '@/api/types';
import { translate, type MessageKey } from '@/base/i18n';

const relationTypes = new Set(['belongsTo', 'hasOne', 'hasMany', 'belongsToMany', 'belongsToArray']);
const manyTypes = new Set(['hasMany', 'belongsToMany', 'belongsToArray']);
const titleCandidates = ['title', 'name', 'label', 'nickname', 'subject', 'username'];

export class Catalog {
  private readonly byName: ReadonlyMap<string, Collection>;

  constructor(readonly all: readonly Collection[]) {
    this.byName = new Map(all.map((collection) => [collection.name, collection]));
  }

  find(name: string | undefined): Collection | undefined {
    return name === undefined ? undefined : this.byName.get(name);
  }

  /** Collections people work with: not hidden, not the rows behind a many-to-many. */
  get visible(): Collection[] {
    return this.all.filter((collection) => !collection.hidden && !collection.isThrough);
  }

  /** Those that people made; users and roles have screens of their own. */
  get own(): Collection[] {
    return this.visible.filter((collection) => !isSystem(collection));
  }

  title(name: string): string {
    return displayText(this.find(name)?.title) || name;
  }

  /** Own fields first, then those of the parents that are not overridden. */
  fields(name: string): Field[] {
    const collection = this.find(name);
    const fields = new Map<string, Field>();
    for (const field of collection?.fields ?? []) fields.set(field.name, field);
    for (const parent of collection?.inherits ?? []) {
      for (const field of this.fields(parent)) if (!fields.has(field.name)) fields.set(field.name, field);
    }
    return [...fields.values()];
  }

  field(collection: string, name: string): Field | undefined {
    return this.fields(collection).find((field) => field.name === name);
  }

  /** The columns that identify a row; several for a composite key, none when the collection has no key. */
  keyFields(name: string): string[] {
    const declared = this.find(name)?.filterTargetKey;
    if (Array.isArray(declared) && declared.length > 0) return declared;
    if (typeof declared === 'string' && declared) return [declared];
    const primary = this.fields(name).filter((field) => field.primaryKey).map((field) => field.name);
    if (primary.length > 0) return primary;
    return this.find(name)?.view || this.find(name)?.sql ? [] : ['id'];
  }

  /** The value that identifies a row on the wire, or undefined for a row without one. */
  keyOf(name: string, row: Record<string, unknown>): unknown {
    const names = this.keyFields(name);
    if (names.length === 0 || names.some((key) => row[key] === undefined || row[key] === null)) return undefined;
    return names.length === 1 ? row[names[0] as string] : Object.fromEntries(names.map((key) => [key, row[key]]));
  }

  /** The field whose value stands for a row in a list of choices. */
  titleField(name: string): string | undefined {
    const chosen = this.find(name)?.titleField;
    const fields = this.fields(name).filter((field) => !field.hidden && field.type !== 'password');
    if (chosen && fields.some((field) => field.name === chosen)) return chosen;
    const named = titleCandidates.find((candidate) => fields.some((field) => field.name === candidate));
    return named ?? fields.find((field) => field.type === 'string')?.name ?? this.keyFields(name)[0];
  }
}

/** Belongs to the product: its table cannot be dropped. */
export function isSystem(collection: Collection): boolean {
  return collection.origin === 'system' || collection.from === 'system';
}

export function isRelation(field: Field): boolean {
  return relationTypes.has(field.type);
}

export function isToMany(field: Field): boolean {
  return manyTypes.has(field.type);
}

export function fieldTitle(field: Field): string {
  return displayText(field.uiSchema?.title) || field.name;
}

const knownTitles: Record<string, MessageKey> = {
  ID: 'title.id', 'Created at': 'title.createdAt', 'Created by': 'title.createdBy', 'Last updated at': 'title.updatedAt',
  'Last updated by': 'title.updatedBy', Parent: 'title.parent', 'Parent ID': 'title.parentId', Children: 'title.children',
  Users: 'title.users', Roles: 'title.roles', Nickname: 'user.nickname', Username: 'user.username', Email: 'user.email',
  Phone: 'user.phone', Password: 'signin.password', Admin: 'title.admin', Member: 'title.member', Root: 'title.root',
};

/** Titles written for translation, such as `{{t("Created at")}}`, in the reader's language where we know them. */
export function displayText(text: string | null | undefined): string {
  return (
    text?.replace(/\{\{\s*t\(\s*(['"])(.*?)\1[^}]*\)\s*\}\}/g, (_, _quote, title: string) => {
      const key = knownTitles[title];
      return key ? translate(key) : title;
    }) ?? ''
  );
}
