/** The page to go to after signing in: a path of this site, or "/". Never another host, never a scheme. */
export function safeRedirect(target: unknown): string {
  if (typeof target !== 'string' || !target.startsWith('/')) return '/';
  if (/^\/[/\\]/.test(target) || /[\u0000-\u001f]/.test(target)) return '/';
  if (target.startsWith('/signin') || target.startsWith('/setup')) return '/';
  return target;
}
