import { expect, it } from 'vitest';
import { practiceDurationMs, solutionRule } from './index.ts';

const MINUTE = 60_000;

it.each([
  [15, 60],
  [20, 60],
  [21, 63],
  [120, 360],
])('a lab of %i minutes is practised for %i', (lab, practice) => {
  expect(practiceDurationMs(lab * MINUTE)).toBe(practice * MINUTE);
});

it.each([
  ['nothing was tried, however long', { tries: 0, failedTries: 0, withItMs: 60 * MINUTE }, false],
  ['one failed run, too soon', { tries: 1, failedTries: 1, withItMs: 3 * MINUTE - 1 }, false],
  ['one failed run and three minutes', { tries: 1, failedTries: 1, withItMs: 3 * MINUTE }, true],
  ['two failed runs at once', { tries: 2, failedTries: 2, withItMs: 0 }, true],
  ['a passed run at once', { tries: 1, failedTries: 0, withItMs: 0 }, true],
])('the solution after %s', (_, efforts, shown) => {
  const rule = solutionRule(efforts);
  expect(rule.shown).toBe(shown);
  expect(rule.sentence).toMatch(/^[A-Z].*\.$/);
});

it('says how long is left', () => {
  expect(solutionRule({ tries: 1, failedTries: 1, withItMs: MINUTE }).sentence).toContain('in 120 s');
});
