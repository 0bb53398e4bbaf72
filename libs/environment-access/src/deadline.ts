/**
 * Whether a session's environment may be used now, by what Postgres says: whoever opens or holds connections asks this, so that the
 * deadline holds whatever becomes of the workflow.
 */
import type { SessionState } from '@ckx/contracts';

/** What of a session's row the rule reads. */
export interface SessionClockRow {
  readonly state: SessionState;
  /** null until the clock starts: a session that is `ready` has none. */
  readonly deadlineAt: Date | null;
}

/** Why a connection may not be open. */
export type Closed = 'SESSION_NOT_READY' | 'SESSION_OVER' | 'DEADLINE_PASSED';

export type Openness =
  /** `until` is the moment at which to look again, and to close unless more time was given; null while the clock has not started. */
  { readonly open: true; readonly until: Date | null } | { readonly open: false; readonly reason: Closed };

/** @param now by the clock of the database, which wrote the deadline. */
export function mayBeOpen({ state, deadlineAt }: SessionClockRow, now: Date): Openness {
  switch (state) {
    case 'created':
    case 'initializing':
      return { open: false, reason: 'SESSION_NOT_READY' };
    case 'terminated':
    case 'failed':
      return { open: false, reason: 'SESSION_OVER' };
    case 'ready':
    case 'running':
      // The deadline is written a moment before `running` is: it holds in either state.
      if (deadlineAt !== null && now >= deadlineAt) return { open: false, reason: 'DEADLINE_PASSED' };
      return { open: true, until: deadlineAt };
  }
}
