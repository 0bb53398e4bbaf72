/** Where to go after signing in: a path of ours, whatever the address says. */
const HOME = '/dashboard';

/**
 * Only what stays on this origin is followed: browsers read `//host`, `/\host` and control characters in ways of their own, so the
 * address is resolved as they would and its origin compared.
 */
export function safeNext(next: string | null, origin: string): string {
  if (next === null || !next.startsWith('/')) return HOME;
  let target: URL;
  try {
    target = new URL(next, origin);
  } catch {
    return HOME;
  }
  if (target.origin !== origin) return HOME;
  const path = `${target.pathname}${target.search}${target.hash}`;
  // What is left may itself begin with two slashes: `/.//host` resolves to `//host`.
  return path.startsWith('//') ? HOME : path;
}

/** The address of the page that asks to sign in and leads back. */
export function loginPath(location: { pathname: string; search: string; hash?: string }): string {
  const next = `${location.pathname}${location.search}${location.hash ?? ''}`;
  return next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}
