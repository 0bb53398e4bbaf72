import { z } from 'zod';
import { Score } from './grading.ts';
import { AttemptId, CheckId, ExamSessionId, LabId, PackDigest, QuestionId } from './ids.ts';
import { Verdict } from './states.ts';

/** A score with what it means. */
const Standing = Score.extend({ passed: z.boolean() });

/** What a regrade says of one check beyond its weight, or of a whole question (`checkId` null). */
export const RegradeStatement = z.object({ questionId: QuestionId, checkId: CheckId.nullable(), statement: z.string() });
export type RegradeStatement = z.infer<typeof RegradeStatement>;

/** A result as it was before a regrade took its place. */
export const EarlierResult = Standing.extend({
  /** The pack by which it was graded. */
  labDigest: PackDigest,
  questions: z.array(
    z.object({
      questionId: QuestionId,
      checks: z.array(z.object({ checkId: CheckId, description: z.string(), weight: z.int(), verdict: Verdict })),
    }),
  ),
});
export type EarlierResult = z.infer<typeof EarlierResult>;

/** One regrade of an attempt, as its result shows it. */
export const Regrade = z.object({
  regradeId: z.uuid(),
  at: z.iso.datetime(),
  reason: z.string(),
  /** The corrected pack. */
  labDigest: PackDigest,
  statements: z.array(RegradeStatement),
  earlier: EarlierResult,
});
export type Regrade = z.infer<typeof Regrade>;

/** What a regrade did to one attempt. */
export const RegradeReport = z.object({
  examSessionId: ExamSessionId,
  attemptId: AttemptId,
  labDigest: PackDigest,
  /** false: it was graded by this pack already, and nothing was done. */
  regraded: z.boolean(),
  earlier: Standing,
  current: Standing,
  statements: z.array(RegradeStatement),
});
export type RegradeReport = z.infer<typeof RegradeReport>;

export const LabRegradeReport = z.object({
  labId: LabId,
  labDigest: PackDigest,
  attempts: z.array(RegradeReport),
  /** Attempts of the lab that are left for the next call. */
  remaining: z.int().nonnegative(),
});
export type LabRegradeReport = z.infer<typeof LabRegradeReport>;
