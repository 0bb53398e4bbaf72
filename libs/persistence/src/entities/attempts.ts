import type {
  PassId,
  AttemptId,
  AttemptState,
  CheckId,
  ExamSessionId,
  LabId,
  PackDigest,
  QuestionId,
  UserId,
  Verdict,
} from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface ExamAttemptRow {
  id: AttemptId;
  examSessionId: ExamSessionId;
  userId: UserId;
  labId: LabId;
  labDigest: PackDigest;
  state: AttemptState;
  /** Score and `passed` are set together with the state `graded`, and only then. */
  earned: number | null;
  possible: number | null;
  percent: number | null;
  provisional: boolean;
  passed: boolean | null;
  startedAt: Date;
  completedAt: Date | null;
  /** The pass that opened it; null for a mock lab. */
  accessPassId: PassId | null;
  /** The pack by which its score stands, where that is not `labDigest`. */
  regradedDigest: PackDigest | null;
}

export const ExamAttemptEntity = new EntitySchema<ExamAttemptRow>({
  name: 'ExamAttempt',
  tableName: 'exam_attempts',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    examSessionId: { type: 'uuid', name: 'exam_session_id' },
    userId: { type: 'uuid', name: 'user_id' },
    labId: { type: 'text', name: 'lab_id' },
    labDigest: { type: 'text', name: 'lab_digest' },
    state: { type: 'text', default: 'in_progress' },
    earned: { type: 'integer', nullable: true },
    possible: { type: 'integer', nullable: true },
    percent: { type: 'integer', nullable: true },
    provisional: { type: 'boolean', default: false },
    passed: { type: 'boolean', nullable: true },
    startedAt: { type: 'timestamptz', name: 'started_at', default: () => 'now()' },
    completedAt: { type: 'timestamptz', name: 'completed_at', nullable: true },
    accessPassId: { type: 'uuid', name: 'access_pass_id', nullable: true },
    regradedDigest: { type: 'text', name: 'regraded_digest', nullable: true },
  },
});

export interface QuestionResultRow {
  attemptId: AttemptId;
  questionId: QuestionId;
  /** Order in the lab, from 1. */
  position: number;
  gradedAt: Date;
  /** YAML of the objects of its namespace; null where there are none. */
  objects: string | null;
  objectsNamespace: string | null;
  /** Whether the end of them is missing. */
  objectsCut: boolean;
}

export const QuestionResultEntity = new EntitySchema<QuestionResultRow>({
  name: 'QuestionResult',
  tableName: 'question_results',
  columns: {
    attemptId: { type: 'uuid', name: 'attempt_id', primary: true },
    questionId: { type: 'text', name: 'question_id', primary: true },
    position: { type: 'integer' },
    gradedAt: { type: 'timestamptz', name: 'graded_at', default: () => 'now()' },
    objects: { type: 'text', nullable: true },
    objectsNamespace: { type: 'text', name: 'objects_namespace', nullable: true },
    objectsCut: { type: 'boolean', name: 'objects_cut', default: false },
  },
});

export interface CheckResultRow {
  attemptId: AttemptId;
  questionId: QuestionId;
  checkId: CheckId;
  position: number;
  description: string;
  weight: number;
  verdict: Verdict;
  /** Why it could not be decided; null otherwise. */
  reason: string | null;
  evidence: string;
  exitCode: number | null;
  durationMs: number;
  /** A corrected pack has it no more: it does not count. */
  dropped: boolean;
}

export const CheckResultEntity = new EntitySchema<CheckResultRow>({
  name: 'CheckResult',
  tableName: 'check_results',
  columns: {
    attemptId: { type: 'uuid', name: 'attempt_id', primary: true },
    questionId: { type: 'text', name: 'question_id', primary: true },
    checkId: { type: 'text', name: 'check_id', primary: true },
    position: { type: 'integer' },
    description: { type: 'text' },
    weight: { type: 'integer' },
    verdict: { type: 'text' },
    reason: { type: 'text', nullable: true },
    evidence: { type: 'text' },
    exitCode: { type: 'integer', name: 'exit_code', nullable: true },
    durationMs: { type: 'integer', name: 'duration_ms' },
    dropped: { type: 'boolean', default: false },
  },
});
