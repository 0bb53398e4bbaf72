/** The one access rule, for every path to a session and its environment. */
import { CkxError, ExamSessionId, ExecutionEnvironmentId, SessionState, UserId, type SessionIdentity } from '@ckx/contracts';
import { mapDatabaseError, type DataSource, type EntityManager } from '@ckx/persistence';
import { z } from 'zod';
import { mayBeOpen, type Closed } from './deadline.ts';
import { Ending, sentenceOf } from './ending.ts';

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

const Row = Ending.extend({
  /** Which of the requests, from 0. */
  number: z.int(),
  owner: UserId,
  session: ExamSessionId,
  environment: ExecutionEnvironmentId.nullable(),
  state: SessionState,
  deadlineAt: z.date().nullable(),
  /** By the clock of the database. */
  now: z.date(),
});
type Row = z.infer<typeof Row>;

/**
 * Lets a session's owner in, and administrators; ownership is what Postgres says now.
 *
 * @throws CkxError user `ACCESS_DENIED`, the same for another's session, one that does not exist, an id that is none, and a user who is
 *   disabled or unknown: who may not enter learns nothing, not even that there is something.
 */
export async function authorize(database: DataSource | EntityManager, request: AccessRequest): Promise<Access> {
  const [row] = await find(database, [request]);
  return accessOf(request, row);
}

/** Access to an environment that is open, for as long as it may be. */
export interface Connection {
  readonly as: Access['as'];
  readonly identity: SessionIdentity;
  /** When to ask again, and to close unless more time was given; null while the clock has not started. */
  readonly until: Date | null;
  /** How long that is from now, by the clock of the database. */
  readonly leftMs: number | null;
}

/**
 * Like {@link authorize}, for opening or keeping a connection into the environment: only while the session is ready or running, before its
 * deadline, and until its end is asked for.
 *
 * @throws CkxError user `ACCESS_DENIED`; to those who have access, `SESSION_NOT_READY`, `SESSION_OVER`, `DEADLINE_PASSED`.
 */
export async function authorizeConnection(database: DataSource | EntityManager, request: AccessRequest): Promise<Connection> {
  const [answer] = await authorizeConnections(database, [request]);
  if (answer instanceof CkxError || answer === undefined) throw answer ?? denied();
  return answer;
}

/** {@link authorizeConnection} for many at once, in one statement. @returns in order, what each gets or would be refused with. */
export async function authorizeConnections(
  database: DataSource | EntityManager,
  requests: readonly AccessRequest[],
): Promise<readonly (Connection | CkxError)[]> {
  const rows = await find(database, requests);
  return requests.map((request, index) => {
    const row = rows[index];
    return row === undefined ? denied() : connectionOf(request, row);
  });
}

function connectionOf(request: AccessRequest, row: Row): Connection | CkxError {
  const { as, identity } = accessOf(request, row);
  const { executionEnvironmentId } = identity;
  const openness = mayBeOpen(row, row.now);
  if (!openness.open) return closed(openness.reason, row);
  if (row.submitRequested || row.terminateRequest !== null) return closed('SESSION_OVER', row);
  if (executionEnvironmentId === null) return closed('SESSION_NOT_READY', row);
  return { as, identity: { ...identity, executionEnvironmentId }, until: openness.until, leftMs: leftMs(row) };
}

/** By the clock of the database, whatever that of this process says. */
function leftMs({ deadlineAt, now }: Row): number | null {
  return deadlineAt === null ? null : deadlineAt.getTime() - now.getTime();
}

function closed(reason: Closed, row: Row): CkxError {
  return new CkxError('user', reason, sentenceOf(reason, row));
}

/** The rows of those requests that have one, each at its request's place. */
async function find(database: DataSource | EntityManager, requests: readonly AccessRequest[]): Promise<readonly (Row | undefined)[]> {
  const asked = requests.map(({ user, examSessionId }, index) => ({ index, user, id: ExamSessionId.safeParse(examSessionId).data }));
  const known = asked.filter(({ id }) => id !== undefined);
  const rows: unknown = await database
    .query(
      `SELECT q.number::integer, s.user_id AS owner, s.id AS session, e.id AS environment, s.state, s.deadline_at AS "deadlineAt", now() AS now,
              s.outcome, s.failure, s.submit_requested_at IS NOT NULL AS "submitRequested", s.terminate_request AS "terminateRequest"
         FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS q (user_id, session_id, number)
         JOIN users u ON u.id = q.user_id AND u.disabled_at IS NULL
         JOIN exam_sessions s ON s.id = q.session_id AND (s.user_id = u.id OR u.role = 'admin')
         LEFT JOIN environments e ON e.exam_session_id = s.id`,
      [known.map(({ user }) => user.id), known.map(({ id }) => id), known.map(({ index }) => index)],
    )
    .catch((error: unknown) => {
      throw mapDatabaseError(error);
    });
  const found: (Row | undefined)[] = requests.map(() => undefined);
  for (const row of z.array(Row).parse(rows)) found[row.number] = row;
  return found;
}

/** @throws CkxError `ACCESS_DENIED`. */
function accessOf({ user }: AccessRequest, row: Row | undefined): Access {
  if (row === undefined) throw denied();
  const { owner, session, environment } = row;
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
