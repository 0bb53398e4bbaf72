import type {
  AttemptState,
  CheckedQuestion,
  ClockEntry,
  EnvironmentFacts,
  EnvironmentSpec,
  EnvironmentState,
  ExamSessionId,
  ExecutionEnvironmentId,
  Failure,
  HostFacts,
  HostId,
  ProvisionStep,
  GradedQuestion,
  QuestionResult,
  Score,
  SessionOutcome,
  SessionState,
  WatchedPart,
} from '@ckx/contracts';
import type { Retained } from '@ckx/contracts/retention-workflow';

/** Either the place that was given, or the place in the queue and why nothing is free. */
export type Admission =
  | { readonly admitted: true; readonly environment: EnvironmentSpec }
  | { readonly admitted: false; readonly place: number; readonly reason: string };

export interface TransitionRecord {
  readonly examSessionId: ExamSessionId;
  /** Issued by the workflow, unique in the session; a repeated one counts as success. */
  readonly sequence: number;
  readonly to: SessionState;
  readonly outcome?: SessionOutcome;
  readonly failure?: Failure;
}

export interface ProgressRecord {
  readonly examSessionId: ExamSessionId;
  readonly sequence: number;
  readonly step: ProvisionStep;
  /** Absent when the step begins; how long it took when it ends. */
  readonly durationMs?: number;
  readonly done?: number;
  readonly total?: number;
}

export interface RestartRecord {
  readonly examSessionId: ExamSessionId;
  readonly sequence: number;
  readonly part: WatchedPart;
  /** The first, second or third of the session. */
  readonly number: number;
  readonly state: 'down' | 'up';
  /** With `down`: what became of the part. */
  readonly reason?: string;
  /** With `up`: false where the node runs and its Kubernetes does not answer. */
  readonly ready?: boolean;
}

export interface ClockRecord {
  readonly examSessionId: ExamSessionId;
  readonly entry: ClockEntry;
  /** Epoch milliseconds that follow from the whole ledger. */
  readonly deadlineAt: number;
}

/** Queue `exam-sessions`, control role: the only writers of a session's records. Each is idempotent. */
export interface RecordActivities {
  /** One transaction: lock the host, take the head of the queue, insert the environment with its ports and subnet. */
  admitSession(request: {
    readonly examSessionId: ExamSessionId;
    readonly executionEnvironmentId: ExecutionEnvironmentId;
  }): Promise<Admission>;
  recordTransition(record: TransitionRecord): Promise<void>;
  recordProgress(record: ProgressRecord): Promise<void>;
  /** A part of the environment that died, and that it runs again: an event for the candidate. */
  recordRestart(record: RestartRecord): Promise<void>;
  recordClock(record: ClockRecord): Promise<void>;
  /** Opens the attempt, `in_progress`; once per session. */
  beginAttempt(request: { readonly examSessionId: ExamSessionId }): Promise<void>;
  /** One question's results, written as they arrive; evidence that lies in a blob is written whole. */
  recordQuestionResult(request: { readonly examSessionId: ExamSessionId; readonly result: GradedQuestion }): Promise<void>;
  /** What a second grading of the same cluster said of one question, for authors of labs: beside the result, never in its place. */
  recordSecondGrading(request: { readonly examSessionId: ExamSessionId; readonly result: QuestionResult }): Promise<void>;
  /**
   * What the checks of a question said in practice. `number` counts the runs of this question, so that a repeated record counts once.
   * @returns what the candidate is told.
   */
  recordQuestionCheck(request: {
    readonly examSessionId: ExamSessionId;
    readonly number: number;
    /** Epoch milliseconds. */
    readonly checkedAt: number;
    readonly result: QuestionResult;
  }): Promise<CheckedQuestion>;
  /** The attempt's state; with `graded`, the score computed from the stored results by libs/grading. Returns that score. */
  recordAttempt(request: {
    readonly examSessionId: ExamSessionId;
    readonly state: Exclude<AttemptState, 'in_progress'>;
  }): Promise<Score | null>;
  recordEnvironment(request: {
    readonly executionEnvironmentId: ExecutionEnvironmentId;
    readonly state: EnvironmentState;
    readonly facts?: EnvironmentFacts;
  }): Promise<void>;
  /** That the desktop is open, with the secret of it for the gateway; null where there is none any more. An event for the candidate. */
  recordDesktop(request: { readonly executionEnvironmentId: ExecutionEnvironmentId; readonly desktopSecret: string | null }): Promise<void>;
  /**
   * Gives an environment another network and other ports, since its host's engine refused `refused`, a port or a network (CIDR notation) that
   * is then given to nobody for a while. The same answer again where that was done before.
   */
  moveEnvironment(request: { readonly executionEnvironmentId: ExecutionEnvironmentId; readonly refused: string }): Promise<EnvironmentSpec>;
  /** Gives a desktop another port, as {@link moveEnvironment} does for all; the environment stays where it is. */
  moveDesktop(request: { readonly executionEnvironmentId: ExecutionEnvironmentId; readonly refused: string }): Promise<EnvironmentSpec>;
  /** After teardown: frees ports and capacity (`destroyed`), or keeps them (`lost`); then wakes the next in the queue. */
  releaseEnvironment(request: {
    readonly executionEnvironmentId: ExecutionEnvironmentId;
    readonly state: 'destroyed' | 'lost';
  }): Promise<void>;
  /** A warm environment is built: a session may have it, unless it has to go. */
  recordWarm(request: { readonly executionEnvironmentId: ExecutionEnvironmentId }): Promise<void>;
  /**
   * What becomes of a warm environment. `waits`: it is kept. `leaves`: no session gets it any more, and it is to be removed; always where
   * `giveUp` says so, but for one that is a session's already. `not_ours`: a session's workflow has it, or it is gone.
   */
  reviewWarm(request: {
    readonly executionEnvironmentId: ExecutionEnvironmentId;
    readonly giveUp: boolean;
  }): Promise<'waits' | 'leaves' | 'not_ours'>;
  /** Registers a host or refreshes what it said of itself; `lost` when it no longer answers. */
  recordHost(
    request: { readonly hostId: HostId; readonly facts: HostFacts } | { readonly hostId: HostId; readonly lost: true },
  ): Promise<void>;
  /**
   * Deletes what is due of one kind, at most `limit` rows of it, with what belongs to them. @returns how many; fewer than `limit` when
   * nothing is left.
   */
  deleteExpired(request: { readonly what: Retained; readonly before: number; readonly limit: number }): Promise<number>;
}
