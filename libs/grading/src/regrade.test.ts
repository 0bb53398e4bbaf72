import { CheckId, QuestionId, type QuestionResult, type Verdict } from '@ckx/contracts';
import { expect, it } from 'vitest';
import { regrade, scoreOf, type GradingRules } from './index.ts';

const q = (id: string) => QuestionId.parse(id);
const c = (id: string) => CheckId.parse(id);

function result(questionId: string, ...checks: readonly (readonly [string, number, Verdict])[]): QuestionResult {
  const shared = { evidence: 'seen', exitCode: 0, durationMs: 1 };
  return {
    questionId: q(questionId),
    checks: checks.map(([id, weight, verdict]) => ({ checkId: c(id), description: id, weight, verdict, ...shared })),
  };
}

function pack(questions: Record<string, Record<string, readonly [weight: number, digest: string | null]>>): GradingRules {
  return {
    questions: Object.entries(questions).map(([id, checks]) => ({
      id: q(id),
      checks: Object.entries(checks).map(([check, [weight, digest]]) => ({ id: c(check), description: `${check}, anew`, weight, digest })),
    })),
  };
}

const STORED = [result('q1', ['a', 2, 'passed'], ['b', 2, 'failed']), result('q2', ['a', 4, 'errored'])];
const RAN = pack({ q1: { a: [2, 'A'], b: [2, 'B'] }, q2: { a: [4, 'C'] } });

it('takes over weights and descriptions, and says so', () => {
  const { results, statements } = regrade(STORED, RAN, pack({ q1: { a: [6, 'A'], b: [2, 'B'] }, q2: { a: [4, 'C'] } }));
  expect(scoreOf(results)).toEqual({ earned: 6, possible: 8, percent: 75, provisional: true });
  expect(results[0]?.checks[0]).toMatchObject({ description: 'a, anew', evidence: 'seen' });
  expect(statements).toEqual([
    { questionId: 'q1', checkId: 'a', statement: 'It counts 6 instead of 2.' },
    { questionId: 'q2', checkId: 'a', statement: expect.stringMatching(/stays open/) as string },
  ]);
});

it('leaves out what was dropped: a check that nobody could decide makes the score provisional no more', () => {
  const { results, statements } = regrade(STORED, RAN, pack({ q1: { a: [2, 'A'] } }));
  expect(scoreOf(results)).toEqual({ earned: 2, possible: 2, percent: 100, provisional: false });
  expect(statements.map(({ questionId, checkId }) => [questionId, checkId])).toEqual([
    ['q1', 'b'],
    ['q2', null],
  ]);
});

it('lets a verdict stand where the script was changed, or where nobody knows, and says which', () => {
  const corrected = pack({ q1: { a: [2, 'A'], b: [2, 'other'] }, q2: { a: [4, 'C'] } });
  const known = regrade(STORED, RAN, corrected);
  expect(scoreOf(known.results)).toEqual(scoreOf(STORED));
  expect(known.statements[0]).toMatchObject({
    checkId: 'b',
    statement: expect.stringMatching(/script was changed.*failed.*stands/) as string,
  });
  const unknown = regrade(STORED, null, corrected);
  expect(scoreOf(unknown.results)).toEqual(scoreOf(STORED));
  expect(unknown.statements.slice(0, 2).map(({ statement }) => statement)).toEqual([
    expect.stringMatching(/Nobody can tell.*passed.*stands/),
    expect.stringMatching(/Nobody can tell.*failed.*stands/),
  ]);
});

it('counts no check that did not run', () => {
  const { results, statements } = regrade([result('q1', ['a', 2, 'passed'])], RAN, pack({ q1: { a: [2, 'A'], z: [9, 'Z'] } }));
  expect(scoreOf(results)).toMatchObject({ earned: 2, possible: 2 });
  expect(statements).toEqual([{ questionId: 'q1', checkId: 'z', statement: expect.stringMatching(/is new/) as string }]);
});

it('brings back what an earlier correction had dropped', () => {
  expect(scoreOf(regrade(STORED, RAN, RAN).results)).toEqual(scoreOf(STORED));
});
