import { CkxError } from '@ckx/contracts';
import { EntityNotFoundError, QueryFailedError } from 'typeorm';
import { UserEntity } from './entities/users.ts';
import { z } from 'zod';

/** What each unique constraint that code may run into stands for; the names are those of the migrations. */
export const UNIQUE = {
  emailTaken: 'users_email_key',
  oneActiveSessionPerUser: 'exam_sessions_one_active_per_user',
  oneEnvironmentPerSession: 'environments_one_per_session',
  subnetOnce: 'environments_subnet_once',
  portOnce: 'port_allocations_port_once',
  portKindOnce: 'port_allocations_kind_once',
  sequenceOnce: 'session_events_sequence_once',
  oneAttemptPerSession: 'exam_attempts_one_per_session',
  oneClockStart: 'clock_entries_one_start',
} as const;

export type UniqueConstraint = (typeof UNIQUE)[keyof typeof UNIQUE];

/** What an error of the driver carries; `code` is an SQLSTATE, or an error code of the operating system. */
const DriverError = z.object({ code: z.string().optional(), constraint: z.string().optional(), message: z.string() });

/** SQLSTATE classes and codes that mean "no answer for now": connection, too many, shutting down, starting up, disk full. */
const UNAVAILABLE_STATES = /^(08...|53...|57P0[1-5]|58...)$/;
const UNAVAILABLE_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);
/** What pg says without a code when the connection ends under a query or none can be had in time. */
const UNAVAILABLE_MESSAGE = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
/** Serialization failure, deadlock: the same work succeeds when it is done again. */
const REPEATABLE_STATES = new Set(['40001', '40P01']);

function driverError(error: unknown): z.infer<typeof DriverError> | undefined {
  // Several addresses of one name were tried: the first says as much as any.
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error instanceof AggregateError ? error.errors[0] : error;
  return DriverError.safeParse(source).data;
}

/** True when the error is a breach of that unique constraint. */
export function violates(error: unknown, constraint: UniqueConstraint): boolean {
  const found = driverError(error);
  return found?.code === '23505' && found.constraint === constraint;
}

/** True where a row was to refer to an account, or an account to be read, that was deleted meanwhile. */
export function isAccountGone(error: unknown): boolean {
  if (error instanceof EntityNotFoundError) return error.entityClass === UserEntity;
  const found = driverError(error);
  return found?.code === '23503' && found.constraint?.endsWith('_user_id_fkey') === true;
}

export function isRepeatable(error: unknown): boolean {
  const code = driverError(error)?.code;
  return code !== undefined && REPEATABLE_STATES.has(code);
}

/**
 * Gives errors of the database the form that crosses layers: what means "no answer for now" becomes CkxError operational
 * `DATABASE_UNAVAILABLE`, a refused login or an unknown database CkxError user `DATABASE_REFUSED`. Every other error is returned
 * as it is.
 */
export function mapDatabaseError(error: unknown): unknown {
  const found = driverError(error);
  if (found === undefined || error instanceof CkxError) return error;
  const code = found.code ?? '';
  if (code.startsWith('28') || code === '3D000') {
    return new CkxError('user', 'DATABASE_REFUSED', `Postgres refused the connection: ${found.message}.`, {
      remedy: 'Check user, password and database name in DATABASE_URL.',
      cause: error,
    });
  }
  if (UNAVAILABLE_STATES.test(code) || UNAVAILABLE_SYSTEM.has(code) || UNAVAILABLE_MESSAGE.test(found.message)) {
    return new CkxError('operational', 'DATABASE_UNAVAILABLE', `Postgres does not answer: ${found.message || code}.`, {
      remedy: 'Start Postgres or check the address in DATABASE_URL; what was asked can be repeated.',
      cause: error,
    });
  }
  return error;
}
