import { CkxError, type Problem } from '@ckx/contracts';
import { isAccountGone, mapDatabaseError } from '@ckx/persistence';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { PinoLogger } from 'nestjs-pino';
import { statusOf, unauthenticated, ValidationError } from './errors.ts';

/** Every error the API answers leaves through here, as an RFC 9457 problem document; never a stack, never SQL. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const known = toCkxError(error, request);
    const status = statusOfException(error) ?? statusOf(known);
    if (status >= 500) this.logger.error({ err: error, code: known.code }, known.message);
    if (response.headersSent) {
      response.end();
      return;
    }
    const retryAfterSeconds = known.details['retryAfterSeconds'];
    if (typeof retryAfterSeconds === 'number') response.setHeader('Retry-After', String(retryAfterSeconds));
    if (status === 401 && known.code !== 'SERVICE_UNAUTHENTICATED') response.setHeader('WWW-Authenticate', 'Bearer');
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(known, status, request)));
  }
}

function toProblem(error: CkxError, status: number, request: Request): Problem {
  return {
    type: `urn:ckx:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    // Without the query: it may hold what a log or a screenshot should not.
    instance: pathOf(request),
    ...(error instanceof ValidationError ? { errors: [...error.errors] } : {}),
    ...(error.kind === 'user' && Object.keys(error.details).length > 0 ? { details: error.details } : {}),
  };
}

/** As it was asked: Express cuts off what a router has matched. */
function pathOf(request: Request): string {
  return request.originalUrl.split('?')[0] ?? '';
}

/** What happened, in the terms of CKX. */
function toCkxError(thrown: unknown, request: Request): CkxError {
  const error = mapDatabaseError(thrown);
  if (error instanceof CkxError) {
    // Where the database is, and why it refused, is for the log alone.
    if (error.code.startsWith('DATABASE_')) return databaseUnavailable(error);
    return error.kind === 'bug' ? bug(error) : error;
  }
  if (error instanceof HttpException) return fromHttpException(error, request);
  // Deleted by its person while this request was under way.
  if (isAccountGone(error)) return unauthenticated('The account is gone.');
  return bug(error);
}

function databaseUnavailable(cause: unknown): CkxError {
  return new CkxError('operational', 'DATABASE_UNAVAILABLE', 'The database does not answer.', {
    remedy: 'Try again in a moment; nothing was lost.',
    details: { retryAfterSeconds: 5 },
    cause,
  });
}

function bug(cause: unknown): CkxError {
  return new CkxError('bug', 'INTERNAL', 'Something went wrong on our side.', {
    remedy: 'Try again; if it stays so, report it with the x-request-id header of this answer.',
    cause,
  });
}

/** What Nest, Express and its body parser refuse by themselves. */
function fromHttpException(error: HttpException, request: Request): CkxError {
  const status = error.getStatus();
  switch (status) {
    case 400:
      return error.cause instanceof URIError
        ? new CkxError('user', 'ADDRESS_MALFORMED', 'The address is not properly percent-encoded.')
        : new CkxError('user', 'BODY_UNREADABLE', 'The body is not valid JSON.', { remedy: 'Send one JSON document in UTF-8.' });
    case 404:
      return new CkxError('user', 'ROUTE_UNKNOWN', `There is nothing at ${request.method} ${pathOf(request)}.`, {
        remedy: 'See /api/docs for all paths.',
      });
    case 413:
      return new CkxError('user', 'BODY_TOO_LARGE', 'The body is larger than 100 kB.');
    case 415:
      return new CkxError('user', 'BODY_UNREADABLE', 'The body is in an encoding that is not understood.', {
        remedy: 'Send one JSON document in UTF-8.',
      });
    default:
      return status >= 500 ? bug(error) : new CkxError('user', 'REQUEST_REFUSED', error.message);
  }
}

/** Errors of Nest and Express bring their status along; all others get that of their code. */
function statusOfException(error: unknown): number | undefined {
  return error instanceof HttpException ? error.getStatus() : undefined;
}
