// Users, roles and what roles may do.
import { getCall, postCall } from './http';
import type { Query } from './query_string';
import type { Key, Role, Row, User } from './types';
import type { Answer } from './http';

export function listUsers(query: Query, signal?: AbortSignal): Promise<Answer<User[]>> {
  return getCall<User[]>('users:list', { query: { appends: ['roles'], ...query }, ...(signal ? { signal } : {}) });
}

export async function createUser(values: Row): Promise<User> {
  return (await postCall<User>('users:create', { body: values })).data;
}

export async function updateUser(id: Key, values: Row): Promise<void> {
  await postCall('users:update', { query: { filterByTk: id }, body: values });
}

export async function destroyUsers(ids: readonly Key[]): Promise<void> {
  await postCall('users:destroy', { query: { filterByTk: ids.length === 1 ? ids[0] : ids } });
}

export async function setUserRoles(id: Key, roles: readonly string[]): Promise<void> {
  await postCall(`users/${id}/roles:set`, { body: roles });
}

export async function listRoles(): Promise<Role[]> {
  return (await getCall<Role[]>('roles:list', { query: { paginate: false, sort: ['sort'] } })).data ?? [];
}

export async function getRole(name: string): Promise<Role | null> {
  return (await getCall<Role | null>('roles:get', { query: { filterByTk: name } })).data;
}

export async function createRole(values: Row): Promise<Role> {
  return (await postCall<Role>('roles:create', { body: values })).data;
}

export async function updateRole(name: string, values: Row): Promise<void> {
  await postCall('roles:update', { query: { filterByTk: name }, body: values });
}

export async function destroyRole(name: string): Promise<void> {
  await postCall('roles:destroy', { query: { filterByTk: name } });
}

export async function setRoleMode(roleMode: string): Promise<void> {
  await postCall('roles:setSystemRoleMode', { body: { roleMode } });
}

export interface AvailableAction {
  name: string;
  displayName?: string;
  type?: string;
  onNewRecord?: boolean;
  allowConfigureFields?: boolean;
}

export async function listAvailableActions(): Promise<AvailableAction[]> {
  return (await getCall<AvailableAction[]>('availableActions:list', { query: { paginate: false } })).data ?? [];
}

export async function getStrategy(role: string): Promise<string[]> {
  const answer = await getCall<{ strategy?: { actions?: string[] } } | null>('dataSources/main/roles:get', {
    query: { filterByTk: role },
  });
  return answer.data?.strategy?.actions ?? [];
}

export async function updateStrategy(role: string, actions: string[]): Promise<void> {
  await postCall('dataSources/main/roles:update', { query: { filterByTk: role }, body: { strategy: { actions } } });
}

/** One collection as a role sees it: by the strategy, or by actions of its own. */
export interface RoleCollection {
  name: string;
  collectionName?: string;
  title?: string;
  usingConfig?: 'strategy' | 'resourceAction';
  exists?: boolean;
}

export async function listRoleCollections(role: string): Promise<RoleCollection[]> {
  const answer = await getCall<RoleCollection[]>(`roles/${encodeURIComponent(role)}/dataSourcesCollections:list`, {
    query: { filter: { dataSourceKey: 'main' }, paginate: false },
  });
  return answer.data ?? [];
}

export interface ResourceAction {
  name: string;
  fields?: string[];
  scope?: Scope | null;
  scopeId?: Key | null;
}

export interface RoleResource {
  name: string;
  usingActionsConfig?: boolean;
  actions?: ResourceAction[];
}

export async function getRoleResource(role: string, collection: string): Promise<RoleResource | null> {
  const answer = await getCall<RoleResource | null>(`roles/${encodeURIComponent(role)}/dataSourceResources:get`, {
    query: { filter: { dataSourceKey: 'main', name: collection }, appends: ['actions', 'actions.scope'] },
  });
  return answer.data;
}

/** Replaces what a role may do with one collection. `exists` says whether the role has an entry for it already. */
export async function saveRoleResource(role: string, resource: RoleResource, exists: boolean): Promise<void> {
  const path = `roles/${encodeURIComponent(role)}/dataSourceResources`;
  const body = { ...resource, dataSourceKey: 'main' };
  if (!exists) await postCall(`${path}:create`, { body });
  else await postCall(`${path}:update`, { query: { filter: { dataSourceKey: 'main', name: resource.name } }, body });
}

export interface Scope {
  id: Key;
  key?: string;
  name: string;
  resourceName?: string | null;
  scope?: Record<string, unknown> | null;
}

const scopes = 'dataSources/main/rolesResourcesScopes';

export async function listScopes(collection: string): Promise<Scope[]> {
  const filter = { $or: [{ resourceName: collection }, { key: { $in: ['all', 'own'] } }] };
  return (await getCall<Scope[]>(`${scopes}:list`, { query: { filter, paginate: false } })).data ?? [];
}

export async function saveScope(values: Partial<Scope>): Promise<Scope> {
  if (values.id === undefined) return (await postCall<Scope>(`${scopes}:create`, { body: values })).data;
  const answer = await postCall<Scope[]>(`${scopes}:update`, { query: { filterByTk: values.id }, body: values });
  return answer.data?.[0] ?? (values as Scope);
}

export async function destroyScope(id: Key): Promise<void> {
  await postCall(`${scopes}:destroy`, { query: { filterByTk: id } });
}
