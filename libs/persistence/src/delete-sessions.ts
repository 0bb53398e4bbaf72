import type { ExamSessionId } from '@ckx/contracts';
import type { EntityManager } from 'typeorm';

/** What refers to a row goes before it. Tables whose rows the database itself takes along are not named here. */
const STATEMENTS = [
  `DELETE FROM check_results c USING exam_attempts a WHERE a.id = c.attempt_id AND a.exam_session_id = ANY($1)`,
  `DELETE FROM question_results q USING exam_attempts a WHERE a.id = q.attempt_id AND a.exam_session_id = ANY($1)`,
  'DELETE FROM exam_attempts WHERE exam_session_id = ANY($1)',
  'DELETE FROM clock_entries WHERE exam_session_id = ANY($1)',
  'DELETE FROM session_events WHERE exam_session_id = ANY($1)',
  'DELETE FROM environments WHERE exam_session_id = ANY($1)',
  'DELETE FROM exam_sessions WHERE id = ANY($1)',
];

/**
 * Deletes sessions with all that belongs to them. The caller has made sure that nothing of them is left to happen: none is open, is
 * being graded, or has an environment that is not destroyed.
 */
export async function deleteSessions(manager: EntityManager, ids: readonly ExamSessionId[]): Promise<void> {
  for (const statement of STATEMENTS) await manager.query(statement, [ids]);
}
