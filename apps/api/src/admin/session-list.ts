import type { ApiConfig } from '@ckx/config';
import { AdminSessionView, type ExamSessionId } from '@ckx/contracts';
import { examSessionWorkflowId } from '@ckx/contracts/task-queues';
import type { DataSource } from '@ckx/persistence';
import { listSessions } from '@ckx/session-status';
import { z } from 'zod';

/** The step that was begun and not done; a place as candidates are told it. */
const MORE = `
  SELECT s.id AS "examSessionId", u.email AS "userEmail", e.host_id AS "hostId", e.state AS environment, a.state AS attempt,
         CASE WHEN s.state = 'created' AND e.id IS NULL THEN (
           SELECT count(*) FROM exam_sessions w
            WHERE w.state = 'created' AND w.queue_number <= s.queue_number
              AND (w.terminate_requested_at IS NULL OR w.id = s.id)
              AND NOT EXISTS (SELECT FROM environments we WHERE we.exam_session_id = w.id)
         ) END AS place,
         CASE WHEN s.state = 'initializing' THEN (
           SELECT p.data ->> 'step' FROM session_events p
            WHERE p.exam_session_id = s.id AND p.kind = 'progress' ORDER BY p.sequence DESC, p.id DESC LIMIT 1
         ) END AS step
    FROM exam_sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN environments e ON e.exam_session_id = s.id
    LEFT JOIN exam_attempts a ON a.exam_session_id = s.id
   WHERE s.id = ANY($1)`;
const Rows = z.array(
  AdminSessionView.pick({
    examSessionId: true,
    userEmail: true,
    hostId: true,
    environment: true,
    attempt: true,
    place: true,
    step: true,
  }),
);

type Console = Pick<ApiConfig, 'TEMPORAL_CONSOLE_URL' | 'TEMPORAL_NAMESPACE'>;

/** Everybody's sessions, newest first, with where each one is and how far. */
export async function listForAdministrators(
  dataSource: DataSource,
  console: Console,
  filter: { readonly active: boolean; readonly limit: number },
): Promise<AdminSessionView[]> {
  const sessions = await listSessions(dataSource, filter);
  const answer: unknown = await dataSource.query(MORE, [sessions.map(({ examSessionId }) => examSessionId)]);
  const more = new Map(Rows.parse(answer).map((row) => [row.examSessionId, row]));
  return sessions.flatMap((session) => {
    // One whose account was deleted between the two looks is gone.
    const row = more.get(session.examSessionId);
    return row === undefined ? [] : [{ ...session, ...row, consoleUrl: consoleUrl(console, session.examSessionId) }];
  });
}

function consoleUrl({ TEMPORAL_CONSOLE_URL: base, TEMPORAL_NAMESPACE: namespace }: Console, id: ExamSessionId): string | null {
  if (base === undefined) return null;
  const path = `namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(examSessionWorkflowId(id))}`;
  return new URL(path, base.endsWith('/') ? base : `${base}/`).href;
}
