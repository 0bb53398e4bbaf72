import type { ServiceScope } from './keys.ts';

const BLOBS = { methods: ['GET', 'HEAD', 'PUT'], prefix: '/internal/blobs/' };

/** What each caller may ask for; nothing else, whatever is served. Connections and routing are the gateway's to serve. */
const ALLOWED: Readonly<Record<ServiceScope, readonly { readonly methods: readonly string[]; readonly prefix: string }[]>> = {
  host: [BLOBS, { methods: ['GET', 'HEAD'], prefix: '/internal/packs/' }],
  gateway: [BLOBS],
  control: [
    { methods: ['GET', 'POST', 'DELETE'], prefix: '/internal/connections' },
    { methods: ['GET', 'PUT', 'DELETE'], prefix: '/internal/routing' },
  ],
};

/** Whether a caller of this scope may ask for it. Paths are compared as they are written: what is written differently is refused. */
export function isAllowed(scope: ServiceScope, method: string, path: string): boolean {
  const [pathname = ''] = path.split('?');
  return ALLOWED[scope].some(({ methods, prefix }) => methods.includes(method.toUpperCase()) && isBelow(pathname, prefix));
}

function isBelow(pathname: string, prefix: string): boolean {
  if (pathname.includes('/..') || pathname.includes('//') || pathname.includes('%')) return false;
  return prefix.endsWith('/') ? pathname.startsWith(prefix) : pathname === prefix || pathname.startsWith(`${prefix}/`);
}
