/**
 * The messages of `examSessionWorkflow`: its name, input, signals, query and updates. Workflow, API and worker import them from
 * here and from nowhere else.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ClockEntry } from './clock.ts';
import type { EnvironmentUse } from './environment.ts';
import type { ExamSessionId, HostId, QuestionId, UserId } from './ids.ts';
import type { LabPin } from './lab.ts';
import type { CheckedQuestion, SessionMode } from './practice.ts';
import type { AttemptState, EnvironmentState, Failure, ProvisionStep, SessionOutcome, SessionState } from './states.ts';
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId } from './task-queues.ts';

export const EXAM_SESSION_WORKFLOW = 'examSessionWorkflow';

export interface ExamSessionInput {
  readonly userId: UserId;
  readonly examSessionId: ExamSessionId;
  readonly lab: LabPin;
  /** How long `ready` waits for the candidate before the clock starts by itself. */
  readonly graceMs: number;
  /** How long `initializing` may take before the session fails as `init`. */
  readonly provisionTimeoutMs: number;
  /** On top of the lab's duration, for a candidate who is entitled to it; none where absent (sessions from before there was any). */
  readonly extraTimeMs?: number;
  /** Grade twice on the same cluster, for authors of labs. */
  readonly rehearsal?: boolean;
  /** An exam where absent (sessions from before there was anything else). */
  readonly mode?: SessionMode;
}

/** The candidate (or an administrator) starts the clock. */
export const startClockSignal = defineSignal<[]>('startClock');

/** Hand in. The API wrote the intent to Postgres first. */
export const submitSignal = defineSignal<[]>('submit');

export interface TerminateRequest {
  readonly outcome: Extract<SessionOutcome, 'cancelled' | 'terminated_by_admin' | 'abandoned'>;
  readonly reason: string;
}
/** End without handing in. The API wrote the intent to Postgres first. */
export const terminateSignal = defineSignal<[TerminateRequest]>('terminate');

/** Capacity was released: a session that waits for admission looks again at once. */
export const capacityReleasedSignal = defineSignal<[]>('capacityReleased');

export interface ExtendRequest {
  readonly milliseconds: number;
  readonly reason: string;
}
export interface ClockView {
  readonly deadlineAt: number | null;
  readonly entries: readonly ClockEntry[];
}
/** Give more time. The update id is the ledger entry's id, so that a repeated call gives time once. */
export const extendUpdate = defineUpdate<ClockView, [ExtendRequest]>('extend');

/** Give time back for a gap that was not the candidate's (design §4). The update id is the ledger entry's id, as with `extend`. */
export const creditUpdate = defineUpdate<ClockView, [ExtendRequest]>('credit');

/** What the environment's containers are limited to and use now, asked of the host. */
export const inspectUpdate = defineUpdate<EnvironmentUse, []>('inspect');

/** Install a public key for the candidate's own SSH client; returns when the terminal accepts it. */
export const authorizeKeyUpdate = defineUpdate<void, [{ readonly publicKey: string }]>('authorizeKey');

/**
 * Of a practice session: run the checks of one question now. One at a time, and not more often than {@link CHECK_PAUSE_MS} allows; it ends
 * with the session. Fails with a type of {@link CHECK_REFUSALS} where it is not taken.
 */
export const checkQuestionUpdate = defineUpdate<CheckedQuestion, [{ readonly questionId: QuestionId }]>('checkQuestion');

/** From the end of one run of checks to the beginning of the next. */
export const CHECK_PAUSE_MS = 5_000;

export const CHECK_REFUSALS = ['PRACTICE_ONLY', 'SESSION_NOT_RUNNING', 'POSITION_UNKNOWN', 'CHECK_UNDER_WAY', 'CHECKED_JUST_NOW'] as const;

/** The workflow's own view, for the console and `:id/live`. Clients otherwise read Postgres. */
export interface ExamSessionStatus {
  readonly state: SessionState;
  readonly sequence: number;
  readonly step: ProvisionStep | null;
  readonly outcome: SessionOutcome | null;
  readonly failure: Failure | null;
  readonly attempt: AttemptState | null;
  readonly environment: EnvironmentState | null;
  readonly hostId: HostId | null;
  readonly clock: ClockView;
}
export const statusQuery = defineQuery<ExamSessionStatus>('status');

/** Search attributes; Keyword all, no personal data. Registered by scripts that start a Temporal server. */
export const SEARCH_ATTRIBUTES = {
  user: defineSearchAttributeKey('CkxUser', SearchAttributeType.KEYWORD),
  lab: defineSearchAttributeKey('CkxLab', SearchAttributeType.KEYWORD),
  category: defineSearchAttributeKey('CkxCategory', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('CkxState', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('CkxOutcome', SearchAttributeType.KEYWORD),
  host: defineSearchAttributeKey('CkxHost', SearchAttributeType.KEYWORD),
} as const;

/** What a session's row says about its start. */
export interface SessionToStart {
  readonly id: ExamSessionId;
  readonly userId: UserId;
  readonly lab: LabPin;
  readonly labTitle: string;
  readonly extraTimeMs: number;
  readonly rehearsal: boolean;
  readonly mode: SessionMode;
}

/**
 * Start options of a session's workflow, the same for the API and for the relay that repeats what the API could not do:
 * `client.workflow.start(EXAM_SESSION_WORKFLOW, examSessionStart(row, limits))`. A session that was started before is found, not
 * started again; where it has already ended the client throws WorkflowExecutionAlreadyStartedError, which counts as success.
 */
export function examSessionStart(session: SessionToStart, limits: Pick<ExamSessionInput, 'graceMs' | 'provisionTimeoutMs'>) {
  const { lab } = session;
  const input: ExamSessionInput = {
    userId: session.userId,
    examSessionId: session.id,
    lab,
    graceMs: limits.graceMs,
    provisionTimeoutMs: limits.provisionTimeoutMs,
    extraTimeMs: session.extraTimeMs,
    rehearsal: session.rehearsal,
    mode: session.mode,
  };
  const args: [ExamSessionInput] = [input];
  return {
    workflowId: examSessionWorkflowId(session.id),
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    args,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.user, value: session.userId },
      { key: SEARCH_ATTRIBUTES.lab, value: lab.id },
      { key: SEARCH_ATTRIBUTES.category, value: lab.category },
      { key: SEARCH_ATTRIBUTES.state, value: 'created' },
    ],
    staticSummary: `${lab.id} · ${lab.durationMs / 60_000} min${session.mode === 'practice' ? ' · practice' : ''}`,
    staticDetails: `**${session.labTitle}** (${lab.category}, ${lab.type}), ${lab.questions.length} questions\n\nPack \`${lab.digest}\``,
  };
}
