import { SessionEvent, SessionView, type ExamSessionId, type UserId } from '@ckx/contracts';
import { readRows, timestamp, type Reader } from './reader.ts';
import { sessionUnknown } from './status.ts';

const ViewRow = SessionView.extend({
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  deadlineAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
});

const VIEWS = `
  SELECT s.id AS "examSessionId", s.user_id AS "userId", e.id AS "executionEnvironmentId", s.lab_id AS "labId",
         s.lab_title AS "labTitle", s.lab_digest AS "labDigest", s.lab ->> 'category' AS category, s.lab ->> 'type' AS type,
         s.mode, CASE WHEN s.lab -> 'draw' ? 'domains' THEN jsonb_build_object('domains', s.lab -> 'draw' -> 'domains') END AS drill,
         ((s.lab ->> 'durationMs')::bigint / 1000)::integer AS "durationSeconds",
         s.extra_time_ms / 1000 AS "extraTimeSeconds", s.rehearsal, s.state, s.outcome, s.failure,
         s.created_at AS "createdAt", s.started_at AS "startedAt", s.deadline_at AS "deadlineAt", s.ended_at AS "endedAt",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'milliseconds', c.milliseconds, 'reason', c.reason,
                                    'at', round(extract(epoch FROM c.at) * 1000)) ORDER BY c.at, c.id), '[]')
            FROM clock_entries c WHERE c.exam_session_id = s.id) AS clock
    FROM exam_sessions s
    LEFT JOIN environments e ON e.exam_session_id = s.id`;

/** A session, its lab and its clock. @throws CkxError user `SESSION_UNKNOWN`. */
export async function getSessionView(reader: Reader, examSessionId: ExamSessionId): Promise<SessionView> {
  const [view] = await readRows(reader, ViewRow, `${VIEWS} WHERE s.id = $1`, [examSessionId]);
  if (view === undefined) throw sessionUnknown(examSessionId);
  return view;
}

export interface ListFilter {
  /** Everybody's where absent. */
  readonly userId?: UserId | undefined;
  /** Only sessions that have not ended. @default false */
  readonly active?: boolean;
  /** @default 100 */
  readonly limit?: number;
}

/** Sessions, newest first. */
export async function listSessions(reader: Reader, { userId, active = false, limit = 100 }: ListFilter = {}): Promise<SessionView[]> {
  return await readRows(
    reader,
    ViewRow,
    `${VIEWS}
      WHERE ($1::uuid IS NULL OR s.user_id = $1) AND (NOT $2 OR s.state NOT IN ('terminated', 'failed'))
      ORDER BY s.created_at DESC, s.id DESC LIMIT $3`,
    [userId ?? null, active, limit],
  );
}

/** Sessions that have not ended, newest first: of one user, or everybody's. */
export async function listActive(reader: Reader, userId?: UserId): Promise<SessionView[]> {
  return await listSessions(reader, { userId, active: true });
}

/** What happened in a session after the event `afterId`, in order; at most `limit`. */
export async function getEvents(reader: Reader, examSessionId: ExamSessionId, afterId = 0, limit = 500): Promise<SessionEvent[]> {
  return await readRows(
    reader,
    SessionEvent.extend({ at: timestamp }),
    'SELECT id, kind, at, data FROM session_events WHERE exam_session_id = $1 AND id > $2 ORDER BY id LIMIT $3',
    [examSessionId, afterId, limit],
  );
}
