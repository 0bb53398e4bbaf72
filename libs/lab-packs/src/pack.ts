import type { CheckId, LabPin, LabSummary, PackDigest, QuestionView } from '@ckx/contracts';
import type { LEVELS } from './ckx-schema.ts';

/** A script of a pack: its path relative to the pack's root, `/`-separated. Run with bash, whatever its mode or first line. */
export interface PackScript {
  readonly path: string;
}

export interface PackCheck {
  readonly id: CheckId;
  readonly description: string;
  readonly weight: number;
  /** null where it cannot be run (see `fault`): the check is `errored`, the rest is graded. */
  readonly script: PackScript | null;
  /** Why there is no script to run, a sentence for the candidate's result; null exactly when there is one. */
  readonly fault: string | null;
  readonly timeoutMs: number;
  /** Must not run beside other checks of its question. */
  readonly serial: boolean;
  /** SHA-256 of what runs: its script, and the files that scripts share. Two packs with the same one decide alike. null where there is no script. */
  readonly digest: string | null;
}

/** An answer that is plausible and wrong, with which the oracle tries the checks. */
export interface PackWrongAnswer {
  readonly id: CheckId;
  readonly description: string;
  /** Checks that pass all the same; all others fail. */
  readonly passes: readonly CheckId[];
  readonly script: PackScript;
}

export interface PackQuestion {
  readonly view: QuestionView;
  /** How hard it is: draws take from every level. */
  readonly level: (typeof LEVELS)[number];
  /** Addresses of pages that explain the solution. */
  readonly documentation: readonly string[];
  /** For who practises, from the vaguest to the plainest. */
  readonly hints: readonly string[];
  /** In order; usually none or one. */
  readonly setup: readonly PackScript[];
  /** Whether it must not run beside the setup of another question: those before it are done then, those after it wait. */
  readonly setupSerial: boolean;
  /** Whether a setup that ends with an error fails the session. CK-X never looks at it, and its packs rely on that. */
  readonly setupMustSucceed: boolean;
  readonly checks: readonly PackCheck[];
  readonly solution: PackScript | null;
  /** What the solution's script says; null where there is none. */
  readonly solutionText: string | null;
  /** Why that is the solution: markdown; null where the pack does not say. */
  readonly explanation: string | null;
  readonly wrong: readonly PackWrongAnswer[];
}

/** A fault of a pack: where, what, and what to do. `error` keeps the pack out of the catalogue, `warning` does not. */
export interface PackProblem {
  readonly level: 'error' | 'warning';
  /** File relative to the pack's root, with `:line` where known. */
  readonly place: string;
  readonly message: string;
}

/** A lab pack as read from disk, whichever its format. */
export interface LabPack {
  readonly format: 'ckx' | 'ck-x';
  /** Absolute path. */
  readonly root: string;
  readonly digest: PackDigest;
  readonly summary: LabSummary;
  /** With all questions, also of a lab that draws. */
  readonly pin: LabPin;
  /** How many of the questions each session is asked; null for all. */
  readonly draw: number | null;
  readonly questions: readonly PackQuestion[];
  readonly problems: readonly PackProblem[];
}
