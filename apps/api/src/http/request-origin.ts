import type { NextFunction, Request, Response } from 'express';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Device, deviceOf } from './device.ts';

const origins = new AsyncLocalStorage<{ readonly address: string | null; readonly device: Device }>();

/** Keeps in mind from where a request comes, for whatever it does. */
export function rememberOrigin(request: Request, _response: Response, next: NextFunction): void {
  origins.run({ address: request.ip ?? null, device: deviceOf(request.get('user-agent')) }, next);
}

/** Address of whoever asks for what is being done; null outside a request. By `API_TRUST_PROXY` behind a proxy. */
export function originOfRequest(): string | null {
  return origins.getStore()?.address ?? null;
}

/** What asks for what is being done. */
export function deviceOfRequest(): Device {
  return origins.getStore()?.device ?? deviceOf(undefined);
}
