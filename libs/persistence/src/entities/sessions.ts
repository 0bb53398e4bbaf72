import type {
  ClockEntry,
  ExamSessionId,
  Failure,
  LabId,
  LabPin,
  PackDigest,
  PassId,
  SessionMode,
  SessionOutcome,
  SessionState,
  SessionStatus,
  UserId,
} from '@ckx/contracts';
import type { TerminateRequest } from '@ckx/contracts/exam-session';
import { EntitySchema } from 'typeorm';

export interface ExamSessionRow {
  id: ExamSessionId;
  userId: UserId;
  labId: LabId;
  labDigest: PackDigest;
  /** What the workflow was started with. */
  lab: LabPin;
  labTitle: string;
  state: SessionState;
  /** Highest sequence number of the workflow that was written. */
  sequence: number;
  outcome: SessionOutcome | null;
  failure: Failure | null;
  /** Place in the queue and reason as admission last found them. */
  waiting: SessionStatus['waiting'];
  createdAt: Date;
  /** Order in the queue; given by the database. */
  queueNumber: number;
  readyAt: Date | null;
  startedAt: Date | null;
  deadlineAt: Date | null;
  endedAt: Date | null;
  lastActivityAt: Date;
  startRequestedAt: Date | null;
  submitRequestedAt: Date | null;
  terminateRequestedAt: Date | null;
  terminateRequest: TerminateRequest | null;
  sshKeyIssuedAt: Date | null;
  /** Given to a candidate who is entitled to it, on top of the lab's duration. */
  extraTimeMs: number;
  /** Graded twice on the same cluster, for authors of labs. */
  rehearsal: boolean;
  mode: SessionMode;
  /** How often somebody who came later was given a place first. */
  overtaken: number;
  /** An administrator has declared it void: it counts as one that was taken from its candidate. */
  voidedAt: Date | null;
  /** The pass that opened it; null for a mock lab. */
  accessPassId: PassId | null;
  /** Whether its terminals may be recorded, where the installation records any. */
  recording: boolean;
  /** What its pass was given back for it, once; null: nothing was. */
  passTimeReturnedMs: number | null;
}

export const ExamSessionEntity = new EntitySchema<ExamSessionRow>({
  name: 'ExamSession',
  tableName: 'exam_sessions',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    labId: { type: 'text', name: 'lab_id' },
    labDigest: { type: 'text', name: 'lab_digest' },
    lab: { type: 'jsonb' },
    labTitle: { type: 'text', name: 'lab_title' },
    state: { type: 'text', default: 'created' },
    sequence: { type: 'integer', default: 0 },
    outcome: { type: 'text', nullable: true },
    failure: { type: 'jsonb', nullable: true },
    waiting: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
    // The database's own counter: never written from here.
    queueNumber: { type: 'bigint', name: 'queue_number', generated: 'increment', insert: false, update: false },
    readyAt: { type: 'timestamptz', name: 'ready_at', nullable: true },
    startedAt: { type: 'timestamptz', name: 'started_at', nullable: true },
    deadlineAt: { type: 'timestamptz', name: 'deadline_at', nullable: true },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
    lastActivityAt: { type: 'timestamptz', name: 'last_activity_at', default: () => 'now()' },
    startRequestedAt: { type: 'timestamptz', name: 'start_requested_at', nullable: true },
    submitRequestedAt: { type: 'timestamptz', name: 'submit_requested_at', nullable: true },
    terminateRequestedAt: { type: 'timestamptz', name: 'terminate_requested_at', nullable: true },
    terminateRequest: { type: 'jsonb', name: 'terminate_request', nullable: true },
    sshKeyIssuedAt: { type: 'timestamptz', name: 'ssh_key_issued_at', nullable: true },
    extraTimeMs: { type: 'integer', name: 'extra_time_ms', default: 0 },
    rehearsal: { type: 'boolean', default: false },
    mode: { type: 'text', default: 'exam' },
    overtaken: { type: 'integer', default: 0 },
    voidedAt: { type: 'timestamptz', name: 'voided_at', nullable: true },
    accessPassId: { type: 'uuid', name: 'access_pass_id', nullable: true },
    recording: { type: 'boolean', default: true },
    passTimeReturnedMs: { type: 'integer', name: 'pass_time_returned_ms', nullable: true },
  },
});

export interface SessionEventRow {
  id: number;
  examSessionId: ExamSessionId;
  /** Of the workflow; null for what the API wrote. */
  sequence: number | null;
  kind: string;
  /** By kind; read it through a schema. */
  data: object;
  at: Date;
}

export const SessionEventEntity = new EntitySchema<SessionEventRow>({
  name: 'SessionEvent',
  tableName: 'session_events',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    examSessionId: { type: 'uuid', name: 'exam_session_id' },
    sequence: { type: 'integer', nullable: true },
    kind: { type: 'text' },
    data: { type: 'jsonb', default: () => "'{}'" },
    at: { type: 'timestamptz', default: () => 'now()' },
  },
});

export interface ClockEntryRow {
  examSessionId: ExamSessionId;
  id: string;
  kind: ClockEntry['kind'];
  milliseconds: number;
  reason: string;
  at: Date;
}

export const ClockEntryEntity = new EntitySchema<ClockEntryRow>({
  name: 'ClockEntry',
  tableName: 'clock_entries',
  columns: {
    examSessionId: { type: 'uuid', name: 'exam_session_id', primary: true },
    id: { type: 'text', primary: true },
    kind: { type: 'text' },
    milliseconds: { type: 'bigint' },
    reason: { type: 'text' },
    at: { type: 'timestamptz' },
  },
});
