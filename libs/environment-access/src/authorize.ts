/** The one access rule, for every path to a session and its environment. */
import { CkxError, ExamSessionId, ExecutionEnvironmentId, SessionState, UserId, type SessionIdentity } from '@ckx/contracts';
import { mapDatabaseError, type DataSource, type EntityManager } from '@ckx/persistence';
import { z } from 'zod';
import { mayBeOpen, type Closed } from './deadline.ts';

export interface AccessRequest {
  /** Who asks, as authenticated; role and standing are read from Postgres, whatever a token says. */
  readonly user: { readonly id: UserId };
  /** As it came from outside. */
  readonly examSessionId: unknown;
}

export interface Access {
  readonly as: 'owner' | 'admin';
  /** The session's identity, with its owner as `userId`; no environment while the session waits for one. */
  readonly identity: Omit<SessionIdentity, 'executionEnvironmentId'> & { readonly executionEnvironmentId: ExecutionEnvironmentId | null };
}

const Rows = z.array(
  z.object({
    owner: UserId,
    session: ExamSessionId,
    environment: ExecutionEnvironmentId.nullable(),
    state: SessionState,
    deadlineAt: z.date().nullable(),
    /** By the clock of the database. */
    now: z.date(),
  }),
);
type Row = z.infer<typeof Rows>[number];

/**
 * Lets a session's owner in, and administrators; ownership is what Postgres says now.
 *
 * @throws CkxError user `ACCESS_DENIED`, the same for another's session, one that does not exist, an id that is none, and a user who is
 *   disabled or unknown: who may not enter learns nothing, not even that there is something.
 */
export async function authorize(database: DataSource | EntityManager, request: AccessRequest): Promise<Access> {
  return accessOf(request, await find(database, request));
}

/** Access to an environment that is open, for as long as it may be. */
export interface Connection {
  readonly as: Access['as'];
  readonly identity: SessionIdentity;
  /** When to ask again, and to close unless more time was given; null while the clock has not started. */
  readonly until: Date | null;
}

/**
 * Like {@link authorize}, for opening or keeping a connection into the environment: only while the session is ready or running, and
 * before its deadline.
 *
 * @throws CkxError user `ACCESS_DENIED`; to those who have access, `SESSION_NOT_READY`, `SESSION_OVER`, `DEADLINE_PASSED`.
 */
export async function authorizeConnection(database: DataSource | EntityManager, request: AccessRequest): Promise<Connection> {
  const row = await find(database, request);
  const { as, identity } = accessOf(request, row);
  const openness = mayBeOpen(row, row.now);
  const { executionEnvironmentId } = identity;
  if (!openness.open) throw closed(openness.reason);
  if (executionEnvironmentId === null) throw closed('SESSION_NOT_READY');
  return { as, identity: { ...identity, executionEnvironmentId }, until: openness.until };
}

const CLOSED: Readonly<Record<Closed, string>> = {
  SESSION_NOT_READY: 'The environment of this session is not ready yet.',
  SESSION_OVER: 'This session is over.',
  DEADLINE_PASSED: 'The time of this session is over.',
};

function closed(reason: Closed): CkxError {
  return new CkxError('user', reason, CLOSED[reason]);
}

/** @throws CkxError `ACCESS_DENIED`. */
async function find(database: DataSource | EntityManager, { user, examSessionId }: AccessRequest): Promise<Row> {
  const id = ExamSessionId.safeParse(examSessionId);
  if (!id.success) throw denied();
  const rows: unknown = await database
    .query(
      `SELECT s.user_id AS owner, s.id AS session, e.id AS environment, s.state, s.deadline_at AS "deadlineAt", now() AS now
         FROM users u
         JOIN exam_sessions s ON s.id = $2 AND (s.user_id = u.id OR u.role = 'admin')
         LEFT JOIN environments e ON e.exam_session_id = s.id
        WHERE u.id = $1 AND u.disabled_at IS NULL`,
      [user.id, id.data],
    )
    .catch((error: unknown) => {
      throw mapDatabaseError(error);
    });
  const [found] = Rows.parse(rows);
  if (found === undefined) throw denied();
  return found;
}

function accessOf({ user }: AccessRequest, { owner, session, environment }: Row): Access {
  return {
    as: owner === user.id ? 'owner' : 'admin',
    identity: { userId: owner, examSessionId: session, executionEnvironmentId: environment },
  };
}

function denied(): CkxError {
  return new CkxError('user', 'ACCESS_DENIED', 'You may not use this session.', {
    remedy: 'Check the id, and that you are signed in as its owner.',
  });
}
