import { z } from 'zod';
import { PassStatus, PassTypeId } from './access.ts';
import { LoginBody, RegisterBody, UserView, VerifyEmailBody } from './api.ts';
import { AttemptId, ExamSessionId, LabId, PassId } from './ids.ts';
import { LabCategory, LabType } from './lab.ts';
import { CheckedQuestion, SessionMode } from './practice.ts';
import { AttemptState, SessionOutcome, SessionState } from './states.ts';

/** Bodies and answers about one's own account: its address, its end, its history. Unknown fields of a body are refused. */
const at = z.iso.datetime();
const percent = z.int().min(0).max(100);

export const ChangeEmailBody = z.strictObject({ newEmail: RegisterBody.shape.email, password: LoginBody.shape.password });
export type ChangeEmailBody = z.infer<typeof ChangeEmailBody>;

/** The token of the link that went to the new address. */
export const ConfirmEmailBody = z.strictObject({ token: VerifyEmailBody.shape.token });
export type ConfirmEmailBody = z.infer<typeof ConfirmEmailBody>;

export const DeleteAccountBody = z.strictObject({ password: LoginBody.shape.password });
export type DeleteAccountBody = z.infer<typeof DeleteAccountBody>;

/** Part of a score: of one domain of a lab. */
export const DomainScore = z.object({ domain: z.string(), earned: z.int(), possible: z.int(), percent });
export type DomainScore = z.infer<typeof DomainScore>;

/** One attempt as its candidate keeps it; scores are null unless it is graded. */
export const HistoryEntry = z.object({
  attemptId: AttemptId,
  examSessionId: ExamSessionId,
  labId: LabId,
  labTitle: z.string(),
  category: LabCategory,
  type: LabType,
  mode: SessionMode,
  state: AttemptState,
  outcome: SessionOutcome.nullable(),
  earned: z.int().nullable(),
  possible: z.int().nullable(),
  percent: percent.nullable(),
  /** A check could not be decided: the score may change. */
  provisional: z.boolean(),
  passed: z.boolean().nullable(),
  startedAt: at,
  /** null while the session is open. */
  endedAt: at.nullable(),
  durationSeconds: z.int().nullable(),
  /** In the order of the lab; without checks that could not be decided. */
  domains: z.array(DomainScore),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** The newest first; `next` goes into `before` for the next page. */
export const HistoryPage = z.object({ attempts: z.array(HistoryEntry), next: AttemptId.nullable() });
export type HistoryPage = z.infer<typeof HistoryPage>;

/** Over the graded attempts at exams: practice, rehearsals and void ones apart. */
export const UserStats = z.object({
  /** Begun ones, graded or not. */
  attempts: z.int(),
  graded: z.int(),
  passed: z.int(),
  /** Time in exams that have ended. */
  totalSeconds: z.int(),
  categories: z.array(
    z.object({
      category: LabCategory,
      graded: z.int(),
      passed: z.int(),
      bestPercent: percent,
      averagePercent: percent,
      /** The weakest first. */
      domains: z.array(DomainScore),
    }),
  ),
  /** At most five, the weakest first: of what all checks of a domain were worth, how much was earned. */
  weakestDomains: z.array(DomainScore.extend({ category: LabCategory })),
  trend: z.object({
    /** The last twenty, the oldest first. */
    points: z.array(z.object({ attemptId: AttemptId, category: LabCategory, endedAt: at, percent })),
    /** Mean of the later half of the points less that of the earlier half, in points of percent; null with fewer than two. */
    change: z.number().nullable(),
  }),
});
export type UserStats = z.infer<typeof UserStats>;

const PassOfExport = z.object({
  passId: PassId,
  passTypeId: PassTypeId,
  status: PassStatus,
  source: z.enum(['purchase', 'grant']),
  priceCents: z.int(),
  purchasedAt: at,
  activatedAt: at.nullable(),
  startsAt: at.nullable(),
  expiresAt: at.nullable(),
});

/** Everything that is kept about a person, but for what would help an attacker more than them: hashes of passwords and tokens. */
export const AccountExport = z.object({
  exportedAt: at,
  profile: UserView.extend({ emailVerifiedAt: at.nullable(), extraTimePercent: z.int() }),
  /** One for each sign-in whose refresh tokens are still kept. */
  signIns: z.array(
    z.object({ at, lastUsedAt: at, signedOutAt: at.nullable(), browser: z.string().nullable(), system: z.string().nullable() }),
  ),
  sessions: z.array(
    z.object({
      examSessionId: ExamSessionId,
      labId: LabId,
      labTitle: z.string(),
      state: SessionState,
      outcome: SessionOutcome.nullable(),
      mode: SessionMode,
      rehearsal: z.boolean(),
      createdAt: at,
      startedAt: at.nullable(),
      endedAt: at.nullable(),
      events: z.array(z.object({ at, kind: z.string(), data: z.record(z.string(), z.unknown()) })),
      /** Notes and flags, by question. */
      marks: z.array(z.object({ position: z.int(), note: z.string(), flagged: z.boolean(), openedAt: at.nullable() })),
      /** Of practice: help that was asked for, and what the checks said last. */
      help: z.array(z.object({ position: z.int(), hints: z.int(), tries: z.int(), lastCheck: CheckedQuestion.nullable() })),
    }),
  ),
  attempts: z.array(
    HistoryEntry.extend({
      checks: z.array(
        z.object({
          questionId: z.string(),
          checkId: z.string(),
          description: z.string(),
          weight: z.int(),
          verdict: z.string(),
          evidence: z.string(),
        }),
      ),
    }),
  ),
  passes: z.array(PassOfExport),
  payments: z.array(
    z.object({
      id: z.uuid(),
      passId: PassId,
      passTypeId: PassTypeId,
      priceCents: z.int(),
      currency: z.string(),
      status: z.string(),
      sandbox: z.boolean(),
      createdAt: at,
      paidAt: at.nullable(),
    }),
  ),
  mails: z.array(
    z.object({ recipient: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), createdAt: at, sentAt: at.nullable() }),
  ),
});
export type AccountExport = z.infer<typeof AccountExport>;

const subject = z
  .string()
  .trim()
  .min(1)
  .max(150)
  // In the words of JSON Schema, which knows no classes of Unicode: Cc, Zl, Zp.
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, 'must be one line');

export const SupportBody = z.strictObject({ subject, message: z.string().trim().min(1).max(5_000) });
export type SupportBody = z.infer<typeof SupportBody>;

/** `priority`: a pass of the candidate promises it. */
export const SupportReceipt = z.object({ priority: z.boolean() });
export type SupportReceipt = z.infer<typeof SupportReceipt>;
