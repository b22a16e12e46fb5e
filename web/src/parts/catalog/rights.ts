// What the caller may do, from the answer of roles:check. Buttons ask here whether to appear; the server
// decides again on every call.
import type { Rights } from '@/api/types';

export type DataAction = 'view' | 'create' | 'update' | 'destroy' | 'export' | 'importXlsx';

export class Permissions {
  constructor(private readonly rights: Rights) {}

  get role(): string | undefined {
    return this.rights.role;
  }

  get roleMode(): string | undefined {
    return this.rights.roleMode;
  }

  get all(): boolean {
    return this.rights.allowAll ?? false;
  }

  /** May this action be tried on the collection at all? Row limits come with the rows. */
  can(collection: string, action: DataAction): boolean {
    if (this.all) return true;
    if (this.rights.resources?.includes(collection)) return this.grant(collection, action) !== undefined;
    return this.rights.strategy?.actions?.some((entry) => entry === action || entry.startsWith(`${action}:`)) ?? false;
  }

  /** Is this field open for the action? Without a list of fields all are. */
  canField(collection: string, action: DataAction, field: string): boolean {
    if (this.all) return true;
    if (!this.rights.resources?.includes(collection)) return true;
    const fields = this.grant(collection, action)?.fields;
    return fields === undefined || fields.length === 0 || fields.includes(field);
  }

  /** A settings area, by the name of its snippet: `pm.users`. */
  mayConfigure(snippet: string): boolean {
    if (this.all) return true;
    const snippets = this.rights.snippets ?? [];
    if (snippets.includes(`!${snippet}`)) return false;
    if (snippets.some((entry) => !entry.startsWith('!') && covers(entry, snippet))) return true;
    return false;
  }

  private grant(collection: string, action: DataAction) {
    const grants = this.rights.actions ?? {};
    const key = `${collection}:${action}`;
    return key in grants ? (grants[key] ?? {}) : undefined;
  }
}

function covers(glob: string, name: string): boolean {
  return glob === name || (glob.endsWith('.*') && name.startsWith(glob.slice(0, -1)));
}

export const area = {
  collections: 'pm.data-source-manager.data-source-main',
  users: 'pm.users',
  roles: 'pm.acl.roles',
  settings: 'pm.system-settings.system-settings',
} as const;

/** What a settings screen needs; undefined: any signed-in person may open the address. */
export function areaOf(pathname: string): string | undefined {
  if (/^\/admin\/users(\/|$)/.test(pathname)) return area.users;
  if (/^\/admin\/roles(\/|$)/.test(pathname)) return area.roles;
  if (/^\/admin\/settings(\/|$)/.test(pathname)) return area.settings;
  if (/^\/admin\/collections(\/[^/]+)?\/?$/.test(pathname)) return area.collections;
  return undefined;
}
