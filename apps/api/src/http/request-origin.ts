import type { NextFunction, Request, Response } from 'express';
import { AsyncLocalStorage } from 'node:async_hooks';

const origins = new AsyncLocalStorage<string | null>();

/** Keeps in mind from where a request comes, for whatever it does. */
export function rememberOrigin(request: Request, _response: Response, next: NextFunction): void {
  origins.run(request.ip ?? null, next);
}

/** Address of whoever asks for what is being done; null outside a request. By `API_TRUST_PROXY` behind a proxy. */
export function originOfRequest(): string | null {
  return origins.getStore() ?? null;
}
