/** What a client is told about sessions: read from Postgres alone, each answer of one moment. */
export { getSessionStatus } from './status.ts';
export { getEvents, getSessionView, listActive, listSessions, type ListFilter } from './views.ts';
export { MAINTENANCE, readMaintenance, sessionStats, type CapacityUnit } from './stats.ts';
export { getAttemptResult } from './result.ts';
export type { Reader } from './reader.ts';
