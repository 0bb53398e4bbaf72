import { CheckedQuestion } from '@ckx/contracts';
import { expect, it } from 'vitest';
import { describeChecked } from './result.ts';

it('says how far a question is, and of what did not pass what was seen', () => {
  const checked = CheckedQuestion.parse({
    position: 2,
    checks: [
      { id: 'a', description: 'The Pod runs', weight: 2, verdict: 'passed', output: 'OK: it runs' },
      { id: 'b', description: 'The Service answers', weight: 3, verdict: 'failed', output: 'expected 200\nseen 503\n' },
      { id: 'c', description: 'The probe fails', weight: 1, verdict: 'errored', reason: 'It took too long.', output: '' },
    ],
    earned: 2,
    possible: 5,
    checkedAt: '2026-11-21T10:00:00Z',
  });
  const lines = describeChecked(checked)
    .split('\n')
    .map((line) => line.trim());
  expect(lines).toEqual([
    '2.  2/5',
    expect.stringMatching(/^passed +2 +The Pod runs$/),
    expect.stringMatching(/^failed +3 +The Service answers$/),
    'expected 200',
    'seen 503',
    expect.stringMatching(/^errored +1 +The probe fails$/),
    'It took too long.',
  ]);
});
