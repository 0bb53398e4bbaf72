/** The one access rule, for every path to a session and its environment. */
import { CkxError, ExamSessionId, ExecutionEnvironmentId, UserId, type SessionIdentity } from '@ckx/contracts';
import { mapDatabaseError, type DataSource, type EntityManager } from '@ckx/persistence';
import { z } from 'zod';

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

const Rows = z.array(z.object({ owner: UserId, session: ExamSessionId, environment: ExecutionEnvironmentId.nullable() }));

/**
 * Lets a session's owner in, and administrators; ownership is what Postgres says now.
 *
 * @throws CkxError user `ACCESS_DENIED`, the same for another's session, one that does not exist, an id that is none, and a user who is
 *   disabled or unknown: who may not enter learns nothing, not even that there is something.
 */
export async function authorize(database: DataSource | EntityManager, { user, examSessionId }: AccessRequest): Promise<Access> {
  const id = ExamSessionId.safeParse(examSessionId);
  if (!id.success) throw denied();
  const rows: unknown = await database
    .query(
      `SELECT s.user_id AS owner, s.id AS session, e.id AS environment
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
  const { owner, session, environment } = found;
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
