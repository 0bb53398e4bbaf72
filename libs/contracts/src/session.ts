import { z } from 'zod';
import { AttemptId, CheckId, ExamSessionId, ExecutionEnvironmentId, HostId, LabId, PackDigest, QuestionId, UserId } from './ids.ts';
import { ClockEntry } from './clock.ts';
import { LabCategory, LabType } from './lab.ts';
import { CheckResult } from './grading.ts';
import { QuestionSolution, SessionMode } from './practice.ts';
import { Regrade } from './regrade.ts';
import { AttemptState, EnvironmentState, Failure, ProvisionStep, SessionOutcome, SessionState, Verdict } from './states.ts';

const timestamp = z.iso.datetime();

/** One step of provisioning as it happened. */
export const StepProgress = z.object({
  step: ProvisionStep,
  /** Absent while the step is under way. */
  durationMs: z.int().nonnegative().optional(),
  /** For steps with parts, such as questions: how many of how many. */
  done: z.int().nonnegative().optional(),
  total: z.int().positive().optional(),
});
export type StepProgress = z.infer<typeof StepProgress>;

/** `GET /sessions/:id/status`: what a client is told, read from Postgres alone. */
export const SessionStatus = z.object({
  examSessionId: ExamSessionId,
  mode: SessionMode,
  state: SessionState,
  sequence: z.int().nonnegative(),
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  /** Why nothing moves while `created`: place in the queue and the reason. */
  waiting: z.object({ place: z.int().positive(), reason: z.string() }).nullable(),
  /** The steps in which its environment is built, in order: what it does not need is not among them. */
  steps: z.array(ProvisionStep),
  progress: z.array(StepProgress),
  attempt: AttemptState.nullable(),
  environment: EnvironmentState.nullable(),
  /** The session has a desktop beside its terminal. */
  desktop: z.boolean(),
  /** It answered, and can be connected to: it comes some seconds after the session is ready. */
  desktopOpen: z.boolean(),
  createdAt: timestamp,
  readyAt: timestamp.nullable(),
  startedAt: timestamp.nullable(),
  deadlineAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  /** The server's time, for a client to show a fair clock whatever its own says. */
  now: timestamp,
});
export type SessionStatus = z.infer<typeof SessionStatus>;

/** `GET /sessions/:id`: the session and its lab. */
export const SessionView = z.object({
  examSessionId: ExamSessionId,
  userId: UserId,
  executionEnvironmentId: ExecutionEnvironmentId.nullable(),
  labId: LabId,
  labTitle: z.string(),
  labDigest: PackDigest,
  category: LabCategory,
  type: LabType,
  mode: SessionMode,
  /** The domains that a drill was drawn from; null where this is none. */
  drill: z.object({ domains: z.array(z.string()) }).nullable(),
  durationSeconds: z.int(),
  /** On top of that, for a candidate who is entitled to it; the clock gets it when it starts. */
  extraTimeSeconds: z.int(),
  /** Graded twice, for authors of labs; nobody's exam. */
  rehearsal: z.boolean(),
  state: SessionState,
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  deadlineAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  clock: z.array(ClockEntry),
});
export type SessionView = z.infer<typeof SessionView>;

/** `GET /sessions/:id/events`, one by one. */
export const SessionEvent = z.object({
  id: z.int(),
  kind: z.string(),
  at: timestamp,
  data: z.record(z.string(), z.unknown()),
});
export type SessionEvent = z.infer<typeof SessionEvent>;

/** `GET /sessions/:id/result`. */
export const AttemptResult = z.object({
  attemptId: AttemptId,
  examSessionId: ExamSessionId,
  labId: LabId,
  labDigest: PackDigest,
  mode: SessionMode,
  state: AttemptState,
  outcome: SessionOutcome.nullable(),
  passPercent: z.int(),
  percent: z.int().nullable(),
  earned: z.int().nullable(),
  possible: z.int().nullable(),
  provisional: z.boolean(),
  passed: z.boolean().nullable(),
  startedAt: timestamp,
  completedAt: timestamp.nullable(),
  durationSeconds: z.int().nullable(),
  questions: z.array(
    z.object({
      questionId: QuestionId,
      position: z.int(),
      title: z.string(),
      domain: z.string(),
      earned: z.int(),
      possible: z.int(),
      /** Once the session has ended; null before, and where nobody has the pack any more. */
      solution: QuestionSolution.nullable(),
      /** Path of the objects of its namespace as they were graded; null where none were kept. */
      objects: z.string().nullable(),
      checks: z.array(
        CheckResult.extend({
          checkId: CheckId,
          /** Of a rehearsal: what the second grading of the same cluster said. */
          secondVerdict: Verdict.optional(),
        }),
      ),
    }),
  ),
  /** Why no solutions are shown, a sentence; null where they are. */
  solutionsMissing: z.string().nullable(),
  /** The newest first; each with the result that it took the place of. */
  regrades: z.array(Regrade),
});
export type AttemptResult = z.infer<typeof AttemptResult>;

/** `GET /sessions/:id/routing`: how to reach the environment's terminal; its owner may read it. */
export const SessionRouting = z.object({
  identity: z.object({ userId: UserId, examSessionId: ExamSessionId, executionEnvironmentId: ExecutionEnvironmentId }),
  hostId: HostId,
  /** Address of the host's published ports. */
  address: z.string(),
  ssh: z.object({ user: z.string(), host: z.string(), port: z.int(), hostKey: z.string() }).nullable(),
});
export type SessionRouting = z.infer<typeof SessionRouting>;

/**
 * How many at the head of the queue have a workflow. Those behind them are rows: however many wait, they take nothing from the engine that those
 * with a place need.
 */
export const HEAD_OF_QUEUE = 20;
