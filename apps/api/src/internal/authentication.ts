import { CkxError } from '@ckx/contracts';
import { BLOB_LIMIT_BYTES } from '@ckx/blobs';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { type AcceptedKey, bodyDigestOf, isAllowed, type Refusal, type ServiceScope, verify } from '@ckx/service-auth';
import { ReplayGuard } from '@ckx/service-auth/replay';
import type { NextFunction, Request, Response } from 'express';
import { readBody } from '../http/read-body.ts';

/** A request of another service, as it was signed. */
export interface ServiceRequest {
  readonly keyId: string;
  readonly scope: ServiceScope;
  readonly body: Buffer<ArrayBuffer>;
}

const authenticated = new WeakMap<Request, ServiceRequest>();

/** @returns null where the request did not come by way of {@link serviceAuthentication}. */
export function serviceRequestOf(request: Request): ServiceRequest | null {
  return authenticated.get(request) ?? null;
}

export interface ServiceAuthenticationParts {
  readonly keys: readonly AcceptedKey[];
  readonly dataSource: DataSource;
  readonly logger: Logger;
}

/**
 * Stands before everything under /internal, whether there is something or not: nothing of a request is parsed, and nothing larger than a
 * header is read, before its signature holds. Whatever is wrong with it, the answer is the same; the log says which it was.
 */
export function serviceAuthentication({ keys, dataSource, logger }: ServiceAuthenticationParts) {
  const replays = new ReplayGuard(dataSource);

  const authenticate = async (request: Request, response: Response): Promise<ServiceRequest | Refusal | 'out_of_scope'> => {
    const { method, originalUrl: path, headers } = request;
    const verified = verify(headers.authorization, { method, path, contentType: headers['content-type'] ?? '' }, keys);
    if ('refusal' in verified) return verified.refusal;
    if (!(await replays.claim(verified))) return 'replayed';
    const { keyId, scope } = verified;
    if (!isAllowed(scope, method, path)) return 'out_of_scope';
    const body = await readBody(request, response, BLOB_LIMIT_BYTES);
    return bodyDigestOf(body) === verified.bodyDigest ? { keyId, scope, body } : 'wrong_body';
  };

  return (request: Request, response: Response, next: NextFunction): void => {
    authenticate(request, response).then((result) => {
      if (typeof result !== 'string') {
        authenticated.set(request, result);
        return next();
      }
      const path = request.originalUrl.split('?')[0];
      logger.warn({ refusal: result, method: request.method, path }, 'internal: a request was refused');
      // Where the body was not read, the connection serves no further request.
      if (!request.complete) response.setHeader('Connection', 'close').once('finish', () => request.destroy());
      next(unauthenticatedService());
    }, next);
  };
}

export function unauthenticatedService(): CkxError {
  return new CkxError('user', 'SERVICE_UNAUTHENTICATED', 'The request is refused.');
}
