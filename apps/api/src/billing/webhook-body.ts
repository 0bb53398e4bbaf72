import type { NextFunction, Request, Response } from 'express';
import { API_V1 } from '../http/paths.ts';
import { readBody } from '../http/read-body.ts';

export const WEBHOOK_PATH = `${API_V1}/billing/webhook`;
/** Stripe's events are some kilobytes. */
const LIMIT_BYTES = 256 * 1024;

const bodies = new WeakMap<Request, Buffer>();

/** Stands before all parsers: an event is signed as the bytes that it was sent as. */
export function keepWebhookBody(request: Request, response: Response, next: NextFunction): void {
  readBody(request, response, LIMIT_BYTES).then((body) => {
    bodies.set(request, body);
    next();
  }, next);
}

export function webhookBodyOf(request: Request): Buffer {
  return bodies.get(request) ?? Buffer.alloc(0);
}
