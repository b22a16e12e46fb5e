// Which settings a role may open, as the wire lists it: globs, with "!" in front of the refused ones.
export const snippetAreas = [
  'pm.data-source-manager.data-source-main',
  'pm.data-source-manager.collection-view',
  'pm.data-source-manager.collection-sql',
  'pm.data-source-manager',
  'pm.users',
  'pm.acl.roles',
  'pm.auth.authenticators',
  'pm.security.token-policy',
  'pm.api-keys.configuration',
  'pm.api-doc.documentation',
  'pm.file-manager.storages',
  'pm.environment-variables',
  'pm.workflow.workflows',
  'pm.system-settings.system-settings',
  'app',
] as const;
export type SnippetArea = (typeof snippetAreas)[number];

export const everySetting = 'pm.*';
export const interfaceDesign = 'ui.*';

export function hasSnippet(snippets: readonly string[], name: string): boolean {
  if (snippets.includes(`!${name}`)) return false;
  if (snippets.includes(name)) return true;
  return name.startsWith('pm.') && name !== everySetting && snippets.includes(everySetting);
}

/** The list with one area allowed or refused; what it says of others stays. */
export function setSnippet(snippets: readonly string[], name: string, allowed: boolean): string[] {
  const rest = snippets.filter((entry) => entry !== name && entry !== `!${name}`);
  if (name === everySetting) {
    const others = rest.filter((entry) => entry !== 'pm' && entry !== '!pm' && !(allowed && entry.startsWith('!pm.')));
    return allowed ? [...others, 'pm', 'pm.*'] : [...others, '!pm', '!pm.*'];
  }
  const byGlob = name.startsWith('pm.') && rest.includes(everySetting);
  if (allowed) return byGlob ? rest : [...rest, name];
  return byGlob || !name.startsWith('pm.') ? [...rest, `!${name}`] : rest;
}
