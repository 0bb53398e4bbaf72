import { z } from 'zod';
import { CheckId } from './ids.ts';
import { Verdict } from './states.ts';

/** Bodies and answers about single questions of a session: notes, flags, and the help of practice. Unknown fields of a body are refused. */
const at = z.iso.datetime();
/** Of a question in its session, from 1. */
const position = z.int().positive();

/** How a session is sat: `exam` has a clock and no help, `practice` a generous clock and help. They never mix in statistics. */
export const SessionMode = z.enum(['exam', 'practice']);
export type SessionMode = z.infer<typeof SessionMode>;

/** In a path; one that the session does not have is answered as unknown. */
export const Position = z.coerce.number().int();

/** Practice of a draw: from chosen domains, or from those in which the candidate is weakest. */
export const Drill = z
  .strictObject({
    /** Of the lab, as its questions name them. */
    domains: z.array(z.string().trim().min(1).max(120)).min(1).max(20).optional(),
    /** By the candidate's graded exams of the lab's category. */
    weakest: z.literal(true).optional(),
    /** How many are asked. */
    questions: z.int().min(1).max(100),
  })
  .refine(({ domains, weakest }) => (domains === undefined) !== (weakest === undefined), {
    message: 'a drill has either `domains` or `weakest`',
  });
export type Drill = z.infer<typeof Drill>;

/** Empty text removes the note. */
export const NoteBody = z.strictObject({ text: z.string().max(10_000) });
export type NoteBody = z.infer<typeof NoteBody>;
export const Note = z.object({ position, text: z.string(), updatedAt: at });
export type Note = z.infer<typeof Note>;
/** In the order of the questions; those without a note are left out. */
export const Notes = z.object({ notes: z.array(Note) });
export type Notes = z.infer<typeof Notes>;

/** `opened` says that the candidate looks at the question; the first time counts. */
export const FlagBody = z
  .strictObject({ flagged: z.boolean().optional(), opened: z.literal(true).optional() })
  .refine(({ flagged, opened }) => flagged !== undefined || opened !== undefined, { message: 'says neither `flagged` nor `opened`' });
export type FlagBody = z.infer<typeof FlagBody>;
export const Flag = z.object({ position, flagged: z.boolean(), openedAt: at.nullable() });
export type Flag = z.infer<typeof Flag>;
/** In the order of the questions; those that were neither flagged nor opened are left out. */
export const Flags = z.object({ flags: z.array(Flag) });
export type Flags = z.infer<typeof Flags>;

/** What the checks of one question said while the session ran. */
export const CheckedQuestion = z.object({
  position,
  checks: z.array(
    z.object({
      id: CheckId,
      description: z.string(),
      weight: z.int().nonnegative(),
      verdict: Verdict,
      /** Why it could not be decided (errored), in a sentence. */
      reason: z.string().optional(),
      /** What the check printed; long output without its middle. */
      output: z.string(),
    }),
  ),
  earned: z.int().nonnegative(),
  possible: z.int().nonnegative(),
  checkedAt: at,
});
export type CheckedQuestion = z.infer<typeof CheckedQuestion>;

export const QuestionSolution = z.object({
  /** What a good candidate would have typed; null where the pack has none. */
  script: z.string().nullable(),
  /** Why that is the solution: markdown; null where the pack has none. */
  explanation: z.string().nullable(),
  /** Addresses of pages of official documentation. */
  documentation: z.array(z.string()),
});
export type QuestionSolution = z.infer<typeof QuestionSolution>;

/** The help that a question of a practice session has given, and what it has left. */
export const QuestionHelp = z.object({
  position,
  /** Those that were asked for, in order. */
  hints: z.array(z.string()),
  hintsLeft: z.int().nonnegative(),
  /** How often its checks ran. */
  tries: z.int().nonnegative(),
  lastCheck: CheckedQuestion.nullable(),
  /** After an honest try. */
  solution: QuestionSolution.nullable(),
  /** When the solution is shown: what is left to do for it, or why it is shown; a sentence. */
  solutionWhen: z.string(),
});
export type QuestionHelp = z.infer<typeof QuestionHelp>;

/** The objects of a question's namespace, as they were when it was graded; the data of secrets is left out. */
export const QuestionObjects = z.object({
  position,
  namespace: z.string(),
  /** YAML. */
  objects: z.string(),
  /** Whether the end of it is missing. */
  cut: z.boolean(),
  takenAt: at,
});
export type QuestionObjects = z.infer<typeof QuestionObjects>;
