import type { QuestionResult, Score } from '@ckx/contracts';

/**
 * The score over all decided checks, by CK-X's arithmetic: `percent = round(100 × earned ÷ possible)`. An errored check counts
 * neither as earned nor as possible, and makes the score provisional. Nothing decided is 0 percent.
 */
export function scoreOf(results: readonly QuestionResult[]): Score {
  const checks = results.flatMap((result) => result.checks);
  const decided = checks.filter((check) => check.verdict !== 'errored');
  const possible = decided.reduce((sum, check) => sum + check.weight, 0);
  const earned = decided.reduce((sum, check) => sum + (check.verdict === 'passed' ? check.weight : 0), 0);
  return {
    earned,
    possible,
    percent: possible === 0 ? 0 : Math.round((100 * earned) / possible),
    provisional: decided.length < checks.length,
  };
}

/** One question's part of the score. */
export function questionScore(result: QuestionResult): Score {
  return scoreOf([result]);
}

/** Whether a score reaches the lab's threshold. A session in which nothing could be decided has not passed. */
export function passed(score: Score, passPercent: number): boolean {
  return score.possible > 0 && score.percent >= passPercent;
}
