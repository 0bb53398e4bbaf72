import type { SessionStatus } from '@ckx/contracts';
import { isTerminal } from '@ckx/session-lifecycle';

/** True when nothing is left to happen: session, grading and environment have all come to their end. */
export function isOver({ state, attempt, environment }: SessionStatus): boolean {
  const attemptOver = attempt === null || attempt === 'graded' || attempt === 'grading_failed' || attempt === 'void';
  const environmentOver = environment === null || environment === 'destroyed' || environment === 'lost';
  return isTerminal(state) && attemptOver && environmentOver;
}
