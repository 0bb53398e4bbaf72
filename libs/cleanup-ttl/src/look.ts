import type {
  AttemptState,
  EnvironmentState,
  ExamSessionId,
  ExecutionEnvironmentId,
  FailureType,
  HostId,
  SessionOutcome,
  SessionState,
} from '@ckx/contracts';
import type { HostInventory } from '@ckx/contracts/maintenance-workflow';

/** As Temporal says by `describe`. `missing`: it knows none; `unknown`: it did not answer, or said what is not known here. */
export type WorkflowState = 'open' | 'closed' | 'missing' | 'unknown';

/** A session's record, with what its owner is judged by. Times are epoch milliseconds. */
export interface SessionLook {
  readonly examSessionId: ExamSessionId;
  readonly state: SessionState;
  readonly outcome: SessionOutcome | null;
  readonly failure: FailureType | null;
  readonly workflow: WorkflowState;
  /** Its workflow has written something of it; before that it is the relay's to start. */
  readonly seen: boolean;
  readonly started: boolean;
  readonly attempt: AttemptState | null;
  readonly lastActivityAt: number;
  readonly deadlineAt: number | null;
  /** The exam's duration, extra time included. */
  readonly durationMs: number;
  /** Somebody has asked for its end already. */
  readonly endRequested: boolean;
}

export interface EnvironmentLook {
  readonly executionEnvironmentId: ExecutionEnvironmentId;
  /** null while it belongs to no session yet: a workflow of its own keeps it. */
  readonly examSessionId: ExamSessionId | null;
  readonly hostId: HostId;
  readonly state: EnvironmentState;
}

export interface HostLook extends HostInventory {
  /** As recorded: a host that is lost is not expected to answer. */
  readonly lost: boolean;
}

/** The three lists at one moment: Docker by label, Postgres, workflows by `describe`. Docker is read first, workflows last. */
export interface Look {
  /** Postgres' clock, epoch milliseconds. */
  readonly at: number;
  readonly installation: string;
  readonly hosts: readonly HostLook[];
  /** Those that are not destroyed, and whichever Docker names. */
  readonly environments: readonly EnvironmentLook[];
  /** Those that are open, that have an environment or an unsettled attempt, and whichever Docker names. */
  readonly sessions: readonly SessionLook[];
  /** Workflows of sessions that Docker names and Postgres does not know. */
  readonly strangers: ReadonlyMap<ExamSessionId, WorkflowState>;
  /** Workflows of the environments on record that belong to no session. */
  readonly keepers: ReadonlyMap<ExecutionEnvironmentId, WorkflowState>;
}
