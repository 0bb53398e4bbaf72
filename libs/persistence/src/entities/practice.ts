import type { CheckedQuestion, EarlierResult, ExamSessionId, AttemptId, PackDigest, RegradeStatement, UserId } from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface QuestionMarkRow {
  examSessionId: ExamSessionId;
  /** Order in the session, from 1. */
  position: number;
  /** Empty: there is none. */
  note: string;
  noteUpdatedAt: Date | null;
  flagged: boolean;
  /** When the candidate first looked at the question. */
  openedAt: Date | null;
}

export const QuestionMarkEntity = new EntitySchema<QuestionMarkRow>({
  name: 'QuestionMark',
  tableName: 'question_marks',
  columns: {
    examSessionId: { type: 'uuid', name: 'exam_session_id', primary: true },
    position: { type: 'integer', primary: true },
    note: { type: 'text', default: '' },
    noteUpdatedAt: { type: 'timestamptz', name: 'note_updated_at', nullable: true },
    flagged: { type: 'boolean', default: false },
    openedAt: { type: 'timestamptz', name: 'opened_at', nullable: true },
  },
});

export interface QuestionHelpRow {
  examSessionId: ExamSessionId;
  position: number;
  /** How many were asked for. */
  hints: number;
  /** How often its checks ran. */
  tries: number;
  /** How often not all of them passed. */
  failedTries: number;
  lastCheck: CheckedQuestion | null;
}

export const QuestionHelpEntity = new EntitySchema<QuestionHelpRow>({
  name: 'QuestionHelp',
  tableName: 'question_help',
  columns: {
    examSessionId: { type: 'uuid', name: 'exam_session_id', primary: true },
    position: { type: 'integer', primary: true },
    hints: { type: 'integer', default: 0 },
    tries: { type: 'integer', default: 0 },
    failedTries: { type: 'integer', name: 'failed_tries', default: 0 },
    lastCheck: { type: 'jsonb', name: 'last_check', nullable: true },
  },
});

export interface RegradeRow {
  id: string;
  attemptId: AttemptId;
  at: Date;
  /** null where the account is gone. */
  actorId: UserId | null;
  reason: string;
  /** The corrected pack. */
  labDigest: PackDigest;
  statements: RegradeStatement[];
  /** The result that it took the place of. */
  earlier: EarlierResult;
}

export const RegradeEntity = new EntitySchema<RegradeRow>({
  name: 'Regrade',
  tableName: 'regrades',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    attemptId: { type: 'uuid', name: 'attempt_id' },
    at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    reason: { type: 'text' },
    labDigest: { type: 'text', name: 'lab_digest' },
    statements: { type: 'jsonb' },
    earlier: { type: 'jsonb' },
  },
});
