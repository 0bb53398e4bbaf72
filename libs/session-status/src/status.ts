import {
  HEAD_OF_QUEUE,
  AttemptState,
  CkxError,
  EnvironmentNeeds,
  EnvironmentState,
  ExamSessionId,
  Failure,
  PROVISION_STEPS,
  provisionStepsOf,
  SessionMode,
  SessionOutcome,
  SessionState,
  StepProgress,
  type SessionStatus,
} from '@ckx/contracts';
import { z } from 'zod';
import { readRows, timestamp, type Reader } from './reader.ts';

const Row = z.object({
  examSessionId: ExamSessionId,
  mode: SessionMode,
  state: SessionState,
  sequence: z.int(),
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  place: z.int().nullable(),
  reason: z.string().nullable(),
  needs: EnvironmentNeeds,
  progress: z.array(StepProgress),
  attempt: AttemptState.nullable(),
  environment: EnvironmentState.nullable(),
  desktop: z.boolean(),
  desktopOpen: z.boolean(),
  createdAt: timestamp,
  readyAt: timestamp.nullable(),
  startedAt: timestamp.nullable(),
  deadlineAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  now: timestamp,
});

const JUST_CREATED = 'The session was just created and asks for its place.';

/** Who waits: `created`, and no environment yet. Its place is a count, never a counter. */
const SQL = `
  SELECT s.id AS "examSessionId", s.mode, s.state, s.sequence, s.outcome, s.failure, a.state AS attempt, e.state AS environment,
         s.created_at AS "createdAt", s.ready_at AS "readyAt", s.started_at AS "startedAt", s.deadline_at AS "deadlineAt",
         s.ended_at AS "endedAt", now() AS now, s.waiting ->> 'reason' AS reason,
         coalesce(s.lab -> 'needs', '{}') AS needs,
         coalesce((s.lab -> 'needs' ->> 'desktop')::boolean, false) AS desktop,
         coalesce(e.state = 'bound' AND e.facts ? 'desktopSecret', false) AS "desktopOpen",
         CASE WHEN s.state = 'created' AND e.id IS NULL THEN (
           SELECT count(*) FROM exam_sessions w
            WHERE w.state = 'created' AND w.queue_number <= s.queue_number
              AND (w.terminate_requested_at IS NULL OR w.id = s.id)
              AND NOT EXISTS (SELECT FROM environments we WHERE we.exam_session_id = w.id)
         ) END AS place,
         (SELECT coalesce(jsonb_agg(p.data ORDER BY p.sequence, p.id), '[]') FROM session_events p
           WHERE p.exam_session_id = s.id AND p.kind = 'progress') AS progress
    FROM exam_sessions s
    LEFT JOIN environments e ON e.exam_session_id = s.id
    LEFT JOIN exam_attempts a ON a.exam_session_id = s.id
   WHERE s.id = $1`;

/**
 * What a client is told about a session, from Postgres alone and of one moment.
 *
 * @throws CkxError user `SESSION_UNKNOWN`.
 */
export async function getSessionStatus(reader: Reader, examSessionId: ExamSessionId): Promise<SessionStatus> {
  const [row] = await readRows(reader, Row, SQL, [examSessionId]);
  if (row === undefined) throw sessionUnknown(examSessionId);
  const { place, reason, progress, needs, ...status } = row;
  return {
    ...status,
    waiting: place === null ? null : { place, reason: place > HEAD_OF_QUEUE ? 'Others came first.' : (reason ?? JUST_CREATED) },
    steps: [...provisionStepsOf(needs)],
    progress: foldProgress(progress),
  };
}

export function sessionUnknown(examSessionId: ExamSessionId): CkxError {
  return new CkxError('user', 'SESSION_UNKNOWN', `There is no session ${examSessionId}.`);
}

/** The newest that is known of each step, in the order in which steps are shown. A step that began anew is under way again. */
function foldProgress(records: readonly StepProgress[]): StepProgress[] {
  const byStep = new Map<StepProgress['step'], StepProgress>();
  for (const record of records) {
    const { done, total } = byStep.get(record.step) ?? record;
    byStep.set(record.step, { ...(done === undefined ? {} : { done }), ...(total === undefined ? {} : { total }), ...record });
  }
  return PROVISION_STEPS.flatMap((step) => byStep.get(step) ?? []);
}
