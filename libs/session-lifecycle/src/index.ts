/** The pure part: states, outcomes and clock, for workflows as well. What touches Postgres is in `./records`. */
export { TRANSITIONS, assertTransition, canTransition, isTerminal } from './transitions.ts';
export { FAILURES, OUTCOMES, entails, type Consequences, type SessionEnd } from './outcomes.ts';
export { CREDIT_CAP_MS, addEntry, creditFor, deadline, isFreeEntryId, startEntries, type Gap } from './clock.ts';
export { practiceDurationMs, solutionRule } from './practice.ts';
