import { CkxError, type SessionState } from '@ckx/contracts';

/** Every transition there is (design §4): each state, and where it may go. */
export const TRANSITIONS = {
  created: ['initializing', 'terminated', 'failed'],
  initializing: ['ready', 'terminated', 'failed'],
  ready: ['running', 'terminated', 'failed'],
  running: ['terminated', 'failed'],
  terminated: [],
  failed: [],
} as const satisfies Record<SessionState, readonly SessionState[]>;

/** True for a state that nothing leaves. */
export function isTerminal(state: SessionState): state is 'terminated' | 'failed' {
  return TRANSITIONS[state].length === 0;
}

export function canTransition(from: SessionState, to: SessionState): boolean {
  const targets: readonly SessionState[] = TRANSITIONS[from];
  return targets.includes(to);
}

/** @throws CkxError user `ILLEGAL_TRANSITION` for anything that the table does not hold. */
export function assertTransition(from: SessionState, to: SessionState): void {
  if (canTransition(from, to)) return;
  const targets = TRANSITIONS[from].join(', ');
  throw new CkxError('user', 'ILLEGAL_TRANSITION', `A session that is ${from} cannot become ${to}.`, {
    remedy: targets === '' ? `Nothing follows on ${from}: start a new session.` : `From ${from} it may become ${targets}.`,
    details: { from, to },
  });
}
