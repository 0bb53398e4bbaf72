import { z } from 'zod';
import { BlobDigest, CheckId, QuestionId } from './ids.ts';
import { Verdict } from './states.ts';

/** Longest evidence kept of one check, in characters: the first and the last 64 Ki of them; the middle is cut out. */
export const EVIDENCE_LIMIT = 128 * 1024;

/** The outcome of one check. */
export const CheckResult = z.object({
  checkId: CheckId,
  description: z.string(),
  weight: z.int().nonnegative(),
  verdict: Verdict,
  /** Why it could not be decided (errored), in a sentence; absent otherwise. */
  reason: z.string().optional(),
  /** What the check printed, cut to EVIDENCE_LIMIT. */
  evidence: z.string(),
  exitCode: z.int().nullable(),
  durationMs: z.int().nonnegative(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const QuestionResult = z.object({
  questionId: QuestionId,
  checks: z.array(CheckResult),
});
export type QuestionResult = z.infer<typeof QuestionResult>;

/** A question as its host graded it: evidence that is too long for an activity's result is an excerpt, and lies as a whole in a blob. */
export const GradedQuestion = z.object({
  questionId: QuestionId,
  checks: z.array(CheckResult.extend({ evidenceBlob: BlobDigest.optional() })),
  /** The objects of its namespace, as YAML in a blob; absent where it has no namespace, or they could not be read. */
  objects: z.object({ namespace: z.string(), blob: BlobDigest, cut: z.boolean() }).optional(),
});
export type GradedQuestion = z.infer<typeof GradedQuestion>;

/** A score over the decided checks. */
export const Score = z.object({
  earned: z.int().nonnegative(),
  possible: z.int().nonnegative(),
  /** round(100 × earned ÷ possible), as CK-X computes it; 0 where nothing was decided. */
  percent: z.int().min(0).max(100),
  /** True while a check is errored: the score may change by a regrade. */
  provisional: z.boolean(),
});
export type Score = z.infer<typeof Score>;

/** Kind of the session event that holds a {@link SecondGrading}. */
export const SECOND_GRADING = 'second_grading';

/** What the second grading of a rehearsal said of one question. */
export const SecondGrading = z.object({ questionId: QuestionId, verdicts: z.array(z.object({ checkId: CheckId, verdict: Verdict })) });
export type SecondGrading = z.infer<typeof SecondGrading>;
