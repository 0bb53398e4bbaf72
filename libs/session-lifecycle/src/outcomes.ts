import type { FailureType, SessionOutcome } from '@ckx/contracts';

/** How a session ended. */
export type SessionEnd = { readonly outcome: SessionOutcome } | { readonly failure: FailureType };

/** What the end of a session entails. */
export interface Consequences {
  /** The checks run and give a score. */
  readonly graded: boolean;
  /** The candidate's history shows an attempt; one that is not graded is shown as void. */
  readonly recorded: boolean;
  /** Counts against the daily quota of mock sessions. */
  readonly counted: boolean;
  /** The pass gets back the time that the session took. */
  readonly givesTimeBack: boolean;
}

/** `once_started`: only where the clock had started, so that questions had been seen. */
type When = 'always' | 'once_started' | 'never';
type Rule = { readonly [K in keyof Consequences]: When };

/** Handed in by the candidate, or by the deadline. */
const SAT: Rule = { graded: 'once_started', recorded: 'once_started', counted: 'once_started', givesTimeBack: 'never' };
/** Given up by the candidate: no score, but questions that were seen are not free. */
const GIVEN_UP: Rule = { graded: 'never', recorded: 'once_started', counted: 'once_started', givesTimeBack: 'never' };
/** Taken from the candidate: costs nothing, whether by a fault of ours or an administrator's decision. */
const TAKEN: Rule = { graded: 'never', recorded: 'once_started', counted: 'never', givesTimeBack: 'always' };
/** Never the candidate's to begin with: costs nothing, and took no time that could be given back. */
const REFUSED: Rule = { graded: 'never', recorded: 'once_started', counted: 'never', givesTimeBack: 'never' };

export const OUTCOMES = {
  submitted: SAT,
  expired: SAT,
  cancelled: GIVEN_UP,
  abandoned: GIVEN_UP,
  terminated_by_admin: TAKEN,
} as const satisfies Record<SessionOutcome, Rule>;

/** `init`, `runtime` and `infra` are faults of ours; `access` says that the right to the session was missing. */
export const FAILURES = {
  init: TAKEN,
  runtime: TAKEN,
  infra: TAKEN,
  access: REFUSED,
} as const satisfies Record<FailureType, Rule>;

/** @param started whether the clock had started: the session has been `running`. */
export function entails(end: SessionEnd, started: boolean): Consequences {
  const rule: Rule = 'outcome' in end ? OUTCOMES[end.outcome] : FAILURES[end.failure];
  const holds = (when: When): boolean => when === 'always' || (when === 'once_started' && started);
  return {
    graded: holds(rule.graded),
    recorded: holds(rule.recorded),
    counted: holds(rule.counted),
    givesTimeBack: holds(rule.givesTimeBack),
  };
}
