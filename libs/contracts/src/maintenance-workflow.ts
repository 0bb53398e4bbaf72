/** Ids and messages of the workflows that keep an installation clean: the sweep of design §4. */
import { z } from 'zod';
import { ExamSessionId, ExecutionEnvironmentId, HostId } from './ids.ts';

export const SWEEP_WORKFLOW = 'sweepWorkflow';

/** The schedule that sweeps an installation every five minutes. */
export function sweepScheduleId(installation: string): string {
  return `sweep/${installation}`;
}

/** A sweep that the schedule starts; the server adds the time. */
export function sweepWorkflowId(installation: string): string {
  return `sweep/${installation}/scheduled`;
}

/** A sweep that an operator starts: one at a time. */
export function sweepByHandWorkflowId(installation: string): string {
  return `sweep/${installation}/by-hand`;
}

/** Every five minutes (design §4). */
export const SWEEP_INTERVAL_MS = 5 * 60_000;
/** Between the two looks (design §4). */
export const SWEEP_LOOK_INTERVAL_MS = 2 * 60_000;
/** A resource younger than this is never touched: its row may be in flight. */
export const SWEEP_MIN_AGE_MS = 5 * 60_000;

export interface SweepInput {
  readonly installation: string;
  /** Looks, plans and reports, and does nothing. */
  readonly dryRun: boolean;
  readonly lookIntervalMs: number;
  readonly minAgeMs: number;
  /** How many may go at once, set by an operator who has read why; max(2, 20 %) where absent. */
  readonly mayGo?: number;
}

/** What one host's engine holds of one environment. Small: a host's answer crosses Temporal. */
export const HostedEnvironment = z.object({
  executionEnvironmentId: ExecutionEnvironmentId,
  examSessionId: ExamSessionId,
  /** As its label says: looked at again before anything is touched. */
  installation: z.string(),
  /** Of its youngest resource, by the host's clock. */
  ageMs: z.number(),
  /** Containers, networks and volumes. */
  resources: z.int().positive(),
});
export type HostedEnvironment = z.infer<typeof HostedEnvironment>;

/** What a host answered; null where it did not. */
export interface HostInventory {
  readonly hostId: HostId;
  readonly environments: readonly HostedEnvironment[] | null;
}

const why = z.string();
const ofSession = { examSessionId: ExamSessionId, why };
const ofEnvironment = { executionEnvironmentId: ExecutionEnvironmentId, examSessionId: ExamSessionId, hostId: HostId, why };

/** One thing that a sweep does. */
export const SweepAction = z.discriminatedUnion('kind', [
  /** Open on record, its workflow closed: it becomes `failed` as `infra`. */
  z.object({ kind: z.literal('fail_session'), ...ofSession }),
  /** Without activity for twice its exam's duration: it is ended as `abandoned`, through its workflow where there is one. */
  z.object({ kind: z.literal('abandon_session'), ...ofSession }),
  /** The session ended and its workflow closed before the attempt was settled. */
  z.object({ kind: z.literal('settle_attempt'), ...ofSession }),
  /** Nobody owns it: it is removed, and released where it is on record. */
  z.object({ kind: z.literal('remove_environment'), ...ofEnvironment, onRecord: z.boolean() }),
  /** Nobody owns it, and its host is gone: it keeps its ports until the host comes back. */
  z.object({ kind: z.literal('mark_lost'), ...ofEnvironment }),
  /** It was lost, and its host answers again. */
  z.object({ kind: z.literal('reclaim_environment'), ...ofEnvironment }),
]);
export type SweepAction = z.infer<typeof SweepAction>;

/** What became of an action. */
export const SweepResult = z.enum(['planned', 'stopped', 'done', 'not_needed', 'failed']);
export type SweepResult = z.infer<typeof SweepResult>;

/** What a sweep found and did: a row of `sweep_reports`, and what `cleanup-ttl sweep` prints. */
export const SweepReport = z.object({
  installation: z.string(),
  dryRun: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Why it stopped rather than act; null where it trusted what it saw. */
  alert: z.string().nullable(),
  /** What the last look saw; a host that did not answer was left out. */
  seen: z.object({
    hosts: z.array(z.object({ hostId: HostId, answered: z.boolean(), environments: z.int() })),
    openSessions: z.int(),
    openEnvironments: z.int(),
  }),
  /** Sessions, with their environments, that would go; how many there are; how many may go at once. */
  limit: z.object({ going: z.int(), of: z.int(), allowed: z.number() }),
  /** Found by the last look alone: the next sweep will see. */
  seenOnce: z.int(),
  actions: z.array(z.object({ action: SweepAction, result: SweepResult, error: z.string().optional() })),
});
export type SweepReport = z.infer<typeof SweepReport>;
