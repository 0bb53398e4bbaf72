import type { ExamSessionId, ExecutionEnvironmentId, HostId } from '@ckx/contracts';
import type { HostedEnvironment, HostInventory, SweepInput, SweepReport } from '@ckx/contracts/maintenance-workflow';
import type { Decision, Findings } from '@ckx/cleanup-ttl';

/** Queue `host-<hostId>`, host role. */
export interface InventoryActivities {
  /** What the engine holds of this installation; no more than a sweep needs to know. */
  takeInventory(): Promise<readonly HostedEnvironment[]>;
  /**
   * Removes every trace of an environment, by its id and this installation's label, and the folders of its session. Succeeds where nothing is
   * left.
   */
  removeEnvironment(request: {
    readonly executionEnvironmentId: ExecutionEnvironmentId;
    readonly examSessionId?: ExamSessionId;
  }): Promise<void>;
}

export interface LookRequest {
  readonly input: SweepInput;
  /** What the hosts answered just before. */
  readonly hosts: readonly HostInventory[];
  /** The first look's findings, when this is the second. */
  readonly first: Findings | null;
}

export interface LookResult {
  readonly findings: Findings;
  /** With the second look. */
  readonly decision: Decision | null;
  readonly openSessions: number;
  readonly openEnvironments: number;
}

export interface LostEnvironment {
  readonly executionEnvironmentId: ExecutionEnvironmentId;
  /** null where it never was a session's. */
  readonly examSessionId: ExamSessionId | null;
}

/** Queue `exam-sessions`, control role. Each looks again before it writes, and may be repeated. False where there was nothing to do. */
export interface MaintenanceRecordActivities {
  /** Hosts that are expected to answer. */
  listHosts(): Promise<readonly HostId[]>;
  /** One look at Postgres and at the workflows; with the second, what follows. */
  lookForOwners(request: LookRequest): Promise<LookResult>;
  /** `failed` as `infra`, its attempt void; refused while its workflow is open. */
  failLostSession(request: { readonly examSessionId: ExamSessionId }): Promise<boolean>;
  /** Records the request and signals it, or writes the end where there is no workflow. */
  abandonSession(request: { readonly examSessionId: ExamSessionId }): Promise<boolean>;
  /** `void`, or `grading_failed` where the session's end entails a grade. */
  settleAttempt(request: { readonly examSessionId: ExamSessionId }): Promise<boolean>;
  /** Environments of a host that were given up while it was gone, of sessions that have ended, and of none. */
  listLostEnvironments(request: { readonly hostId: HostId }): Promise<readonly LostEnvironment[]>;
  recordSweep(report: SweepReport): Promise<void>;
}
