import { CheckId, QuestionId, VERDICTS, type QuestionResult, type Verdict } from '@ckx/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { passed, questionScore, scoreOf } from './index.ts';

type Vector = readonly (readonly [verdict: Verdict, weight: number])[];

const vector: fc.Arbitrary<Vector> = fc.array(fc.tuple(fc.constantFrom(...VERDICTS), fc.oneof(fc.nat(9), fc.nat(1_000))), {
  maxLength: 60,
});

/** The checks as the questions of a lab have them, `size` to each. */
function asQuestions(checks: Vector, size: number): QuestionResult[] {
  const results = checks.map(([verdict, weight], index) => {
    return { checkId: CheckId.parse(`c${index}`), description: 'd', weight, verdict, evidence: '', exitCode: 0, durationMs: 1 };
  });
  return Array.from({ length: Math.ceil(results.length / size) }, (_, nth) => {
    return { questionId: QuestionId.parse(`q${nth}`), checks: results.slice(nth * size, (nth + 1) * size) };
  });
}

/** The plain formula in whole numbers: round(100 × earned ÷ possible), halves up, over the checks that were decided. */
function plainly(checks: Vector) {
  let [earned, possible] = [0n, 0n];
  for (const [verdict, weight] of checks) {
    if (verdict === 'errored') continue;
    possible += BigInt(weight);
    if (verdict === 'passed') earned += BigInt(weight);
  }
  const percent = possible === 0n ? 0 : Number((200n * earned + possible) / (2n * possible));
  return { earned: Number(earned), possible: Number(possible), percent, provisional: checks.some(([verdict]) => verdict === 'errored') };
}

it('the score of any verdicts is the plain formula, however the checks are spread over questions', () => {
  fc.assert(
    fc.property(vector, fc.integer({ min: 1, max: 7 }), (checks, size) => {
      const questions = asQuestions(checks, size);
      expect(scoreOf(questions)).toEqual(plainly(checks));
      expect(questions.map(questionScore)).toEqual(
        questions.map(({ checks: own }) => plainly(own.map(({ verdict, weight }) => [verdict, weight]))),
      );
    }),
    { numRuns: 1_000 },
  );
});

it('it passes exactly where something was decided and the rounded percentage reaches the threshold', () => {
  fc.assert(
    fc.property(vector, fc.integer({ min: 0, max: 100 }), (checks, threshold) => {
      const { possible, percent } = plainly(checks);
      expect(passed(scoreOf(asQuestions(checks, 3)), threshold)).toBe(possible > 0 && percent >= threshold);
    }),
  );
});
