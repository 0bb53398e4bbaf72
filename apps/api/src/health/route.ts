import type { Request } from 'express';

/** The route's pattern, never the address: labels must be few, and an address may hold what is nobody's business. `none` where none fits. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return String(route.path);
}
