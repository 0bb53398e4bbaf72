/** Names and messages of the workflow that deletes what has been kept for long enough. */

export const RETENTION_WORKFLOW = 'retentionWorkflow';

/** The schedule that looks once a day. */
export function retentionScheduleId(installation: string): string {
  return `retention/${installation}`;
}

/** One that the schedule starts; the server adds the time. */
export function retentionWorkflowId(installation: string): string {
  return `retention/${installation}/scheduled`;
}

/** What is deleted, in this order: what goes with a session is not looked for once more. A new kind goes to the end: runs that are under way know only the others. */
export const RETAINED = [
  'sessions',
  'events',
  'blobs',
  'sweepReports',
  'audit',
  'refreshTokens',
  'nonces',
  'mails',
  'accountTokens',
  'recordings',
] as const;
export type Retained = (typeof RETAINED)[number];

/** For how many days each is kept; what ends by itself goes when it has ended. */
export type RetentionDays = Readonly<Record<Exclude<Retained, 'refreshTokens' | 'nonces' | 'accountTokens' | 'recordings'>, number>> & {
  /** Absent in runs that began before there were any: they leave them alone. */
  readonly recordings?: number;
};

export interface RetentionInput {
  readonly days: RetentionDays;
}

/** How many rows of each went. */
export type RetentionReport = Readonly<Record<Retained, number>>;
