import type { ExamSessionId } from '@ckx/contracts';
import { isTerminal } from '@ckx/session-lifecycle';
import type { Look, SessionLook } from './look.ts';

/**
 * Who looks after a session and whatever belongs to it. `unanswered`: nobody may say that there is no owner, because a question was
 * not answered.
 */
export type Owner = 'workflow' | 'relay' | 'unanswered' | null;

/** How often the exam's duration may pass without activity (design §4). */
const IDLE_DURATIONS = 2;

export function ownerOfSession({ workflow, state, seen }: Pick<SessionLook, 'workflow' | 'state' | 'seen'>): Owner {
  switch (workflow) {
    case 'open':
      return 'workflow';
    case 'unknown':
      return 'unanswered';
    case 'closed':
      return null;
    case 'missing':
      // Recorded by the API and not yet started: the relay does that, however long Temporal was away.
      return state === 'created' && !seen ? 'relay' : null;
  }
}

/** By the id on a label, which Postgres may know or not. */
export function ownerOf(look: Look, sessions: ReadonlyMap<ExamSessionId, SessionLook>, id: ExamSessionId): Owner {
  const session = sessions.get(id);
  if (session !== undefined) return ownerOfSession(session);
  switch (look.strangers.get(id)) {
    case 'open':
      return 'workflow';
    case 'closed':
    case 'missing':
      return null;
    default:
      return 'unanswered';
  }
}

/**
 * When a session is abandoned if nothing happens: twice its exam's duration after the last activity; after the deadline while a clock
 * runs, since idleness never shortens a running deadline. Whoever waits in the queue waits for us: that is no idleness (decision 0014).
 *
 * @returns epoch milliseconds; null for a session that has ended, or waits in the queue.
 */
export function abandonedAt({ state, lastActivityAt, deadlineAt, durationMs }: SessionLook): number | null {
  if (isTerminal(state) || state === 'created') return null;
  return Math.max(lastActivityAt, deadlineAt ?? 0) + IDLE_DURATIONS * durationMs;
}
