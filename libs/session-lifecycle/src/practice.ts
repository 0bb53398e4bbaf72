/** Rules of practice, in one place: how long it may take, and when a solution is shown. Pure. */

/** Practice has this many times the lab's duration, and never less than {@link PRACTICE_LEAST_MS}. */
const PRACTICE_TIMES = 3;
const PRACTICE_LEAST_MS = 60 * 60_000;

/** A solution is shown after one failed run of the checks and this long with the question, or after two runs, or a passed one. */
const HONEST_MS = 3 * 60_000;
const HONEST_TRIES = 2;

/** How long the clock of a practice session runs. Milliseconds. */
export function practiceDurationMs(labDurationMs: number): number {
  return Math.max(PRACTICE_TIMES * labDurationMs, PRACTICE_LEAST_MS);
}

/** What a candidate has done about a question. */
interface Efforts {
  /** Runs of its checks. */
  readonly tries: number;
  /** Those in which not all of them passed. */
  readonly failedTries: number;
  /** Since the question was first opened; since the clock started where nobody said when that was. */
  readonly withItMs: number;
}

/**
 * Whether the solution of a question is shown by now.
 *
 * @returns a sentence for the candidate: why it is shown, or what is left to do for it.
 */
export function solutionRule({ tries, failedTries, withItMs }: Efforts): { readonly shown: boolean; readonly sentence: string } {
  if (tries > failedTries) return { shown: true, sentence: 'The checks of this question have passed.' };
  if (tries >= HONEST_TRIES) return { shown: true, sentence: `The checks of this question ran ${tries} times.` };
  if (tries === 0) {
    return { shown: false, sentence: 'The solution is shown after two runs of the checks, or 3 minutes and one run; run them first.' };
  }
  if (withItMs >= HONEST_MS) return { shown: true, sentence: 'The checks ran, and you spent 3 minutes with this question.' };
  const leftSeconds = Math.ceil((HONEST_MS - withItMs) / 1_000);
  return { shown: false, sentence: `The solution is shown after another run of the checks, or in ${leftSeconds} s.` };
}
