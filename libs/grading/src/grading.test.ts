import { CheckResult, EVIDENCE_LIMIT, QuestionId, Score, VERDICTS, type QuestionResult, type Verdict } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { passed, questionScore, scoreOf, trimEvidence, verdictOf } from './index.ts';

function question(...checks: readonly (readonly [Verdict, number])[]): QuestionResult {
  return {
    questionId: QuestionId.parse('q1'),
    checks: checks.map(([verdict, weight], index) =>
      CheckResult.parse({ checkId: `c${index}`, description: 'd', weight, verdict, evidence: '', exitCode: 0, durationMs: 1 }),
    ),
  };
}

/** A small generator of repeatable pseudo-random numbers (Lehmer), so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

describe('scoreOf', () => {
  it('is round(100 × earned ÷ possible)', () => {
    expect(scoreOf([question(['passed', 1], ['failed', 2])])).toEqual({ earned: 1, possible: 3, percent: 33, provisional: false });
    expect(scoreOf([question(['passed', 2]), question(['failed', 1])]).percent).toBe(67);
    expect(scoreOf([question(['passed', 1], ['failed', 199])]).percent).toBe(1);
  });

  it('leaves errored checks out of both sides and says that the score is provisional', () => {
    expect(scoreOf([question(['passed', 3], ['errored', 7])])).toEqual({ earned: 3, possible: 3, percent: 100, provisional: true });
  });

  it('is 0 when nothing was decided', () => {
    expect(scoreOf([])).toEqual({ earned: 0, possible: 0, percent: 0, provisional: false });
    expect(scoreOf([question(['errored', 5])])).toEqual({ earned: 0, possible: 0, percent: 0, provisional: true });
    expect(scoreOf([question(['passed', 0])]).percent).toBe(0);
  });

  it('holds its rules for any results', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const results = Array.from({ length: random(6) }, () =>
        question(...Array.from({ length: random(5) }, () => [VERDICTS[random(3)] ?? 'failed', random(9)] as const)),
      );
      const score = Score.parse(scoreOf(results));
      const parts = results.map(questionScore);
      expect(parts.reduce((sum, part) => sum + part.earned, 0)).toBe(score.earned);
      expect(parts.reduce((sum, part) => sum + part.possible, 0)).toBe(score.possible);
      expect(score.earned).toBeLessThanOrEqual(score.possible);
      expect(scoreOf(results.toReversed())).toEqual(score);
      expect(score.provisional).toBe(results.some((result) => result.checks.some((check) => check.verdict === 'errored')));
      const better = results.map((result) => ({
        ...result,
        checks: result.checks.map((check) => (check.verdict === 'failed' ? { ...check, verdict: 'passed' as const } : check)),
      }));
      expect(scoreOf(better).percent).toBeGreaterThanOrEqual(score.percent);
    }
  });
});

describe('passed', () => {
  it('reaches the threshold or does not', () => {
    expect(passed(scoreOf([question(['passed', 66], ['failed', 34])]), 66)).toBe(true);
    expect(passed(scoreOf([question(['passed', 65], ['failed', 35])]), 66)).toBe(false);
  });

  it('is false when nothing was decided, even without a threshold', () => {
    expect(passed(scoreOf([question(['errored', 1])]), 0)).toBe(false);
  });
});

describe('verdictOf', () => {
  const exit = (exitCode: number | null, stderr = '', timedOut = false) => verdictOf({ exitCode, timedOut, stderr, timeoutMs: 20_000 });

  it('takes the exit code for the answer', () => {
    expect(exit(0, 'kubectl: warning')).toEqual({ verdict: 'passed' });
    for (const code of [1, 2, 3, 124, 125, 255]) expect(exit(code)).toEqual({ verdict: 'failed' });
  });

  it.each([
    [exit(null, '', true), 'The check gave no answer within its limit of 20 s.'],
    [exit(137, '', true), 'The check gave no answer within its limit of 20 s.'],
    [exit(null), 'The check was ended before it gave an answer.'],
    [exit(75, 'the API does not answer'), 'The check said that it could not decide (exit code 75).'],
    [exit(126), 'The check called a command that could not be executed (exit code 126).'],
    [exit(127, 'x.sh: line 1: yqq: command not found'), 'The check called a command that the grader does not have (exit code 127).'],
    [exit(137), 'The check was ended by signal 9.'],
    [exit(2, '/tmp/x.sh: line 7: syntax error: unexpected end of file'), "The check's script has a syntax error at line 7."],
    [exit(2, 'x.sh: line 3: unexpected EOF while looking for matching `"\''), "The check's script has a syntax error at line 3."],
  ])('is errored where no answer came: %j', (decision, reason) => {
    expect(decision).toEqual({ verdict: 'errored', reason });
  });

  it("takes what a command in the candidate's container did for an answer about that container", () => {
    expect(exit(127, 'sh: curl: not found\ncommand terminated with exit code 127')).toEqual({ verdict: 'failed' });
    expect(exit(137, 'command terminated with exit code 137')).toEqual({ verdict: 'failed' });
  });

  it("does not take a program's own exit code 2 for a syntax error", () => {
    expect(exit(2, 'grep: file: No such file or directory')).toEqual({ verdict: 'failed' });
  });
});

describe('trimEvidence', () => {
  it('joins both streams and drops what cannot be stored or shown', () => {
    expect(trimEvidence('expected 2\r\n\u001b[31mseen 1\u001b[0m\0\n\n', 'warning\ud800\n')).toBe('expected 2\nseen 1\nwarning\ufffd');
    expect(trimEvidence('', 'only this')).toBe('only this');
    expect(trimEvidence('', '')).toBe('');
  });

  it('keeps the beginning and the end of what is too long', () => {
    const evidence = trimEvidence(`first${'x'.repeat(1_000_000)}`, 'last');
    expect(evidence.length).toBeLessThanOrEqual(EVIDENCE_LIMIT);
    expect(evidence).toMatch(/^first/);
    expect(evidence).toMatch(/last$/);
    expect(evidence).toMatch(/\[… \d+ characters left out …\]/);
  });

  it('never exceeds its limit and is always whole text, wherever the cut falls', () => {
    for (let length = 0; length < 400; length++) {
      const evidence = trimEvidence('🙂'.repeat(length), 'a'.repeat(length % 7), 100);
      expect(evidence.length).toBeLessThanOrEqual(100);
      expect(evidence.isWellFormed()).toBe(true);
    }
  });
});
