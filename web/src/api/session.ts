// Who is here, and what may they do: sign-in, first start, own account.
import { getCall, postCall } from './http';
import type { Rights, Role, SystemSettings, User } from './types';

export async function signIn(account: string, password: string): Promise<User> {
  const answer = await postCall<{ user: User }>('auth:signIn', { body: { account, password }, anonymous: true });
  return answer.data.user;
}

export async function signOut(): Promise<void> {
  await postCall('auth:signOut', { anonymous: true });
}

export async function signOutEverywhere(): Promise<void> {
  await postCall('auth:signOutEverywhere');
}

/** The signed-in user with roles. Fails with 401 when there is none. */
export async function checkSession(signal?: AbortSignal): Promise<User & { roles?: Role[] }> {
  return (await getCall<User>('auth:check', { anonymous: true, ...(signal ? { signal } : {}) })).data;
}

export async function readRights(): Promise<Rights> {
  return (await getCall<Rights>('roles:check')).data;
}

export async function changePassword(values: { oldPassword: string; newPassword: string; confirmPassword: string }): Promise<void> {
  await postCall('auth:changePassword', { body: values, anonymous: true });
}

export async function updateProfile(values: Partial<User>): Promise<User> {
  return (await postCall<User>('users:updateProfile', { body: values })).data;
}

export async function updateLanguage(appLang: string): Promise<void> {
  await postCall('users:updateLang', { body: { appLang } });
}

export async function readSettings(): Promise<SystemSettings> {
  return (await getCall<SystemSettings>('systemSettings:get', { anonymous: true })).data ?? {};
}

export async function writeSettings(values: Partial<SystemSettings>): Promise<void> {
  await postCall('systemSettings:put', { body: values });
}

export interface SetupValues {
  email: string;
  username: string;
  nickname: string;
  password: string;
  language: string;
  timezone: string;
  token: string;
}

export async function setupNeeded(): Promise<boolean> {
  return (await getCall<{ needed: boolean }>('setup:status', { anonymous: true })).data?.needed ?? false;
}

export async function runSetup(values: SetupValues): Promise<User> {
  return (await postCall<{ user: User }>('setup:run', { body: values, anonymous: true })).data.user;
}
