import { CheckResult, EVIDENCE_LIMIT } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { excerptEvidence } from './excerpt.ts';

const PAYLOAD_LIMIT_BYTES = 128 * 1024;

const checksOf = (count: number, evidence: string, description = 'd'.repeat(300)) =>
  Array.from({ length: count }, (_, index) =>
    CheckResult.parse({ checkId: `c${index}`, description, weight: 1, verdict: 'failed', evidence, exitCode: 1, durationMs: 1 }),
  );
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** What takes most bytes for its length: quotes and line ends are escaped, characters beyond Latin have three bytes, pairs four. */
const TEXTS = { 'plain text': 'x', quotes: '"', 'line ends': '\n', Chinese: '字', emoji: '🙂' };

describe('the evidence of a question in an activity’s result', () => {
  it('is whole where it is small', () => {
    const checks = checksOf(5, 'seen '.repeat(1_600));
    expect(excerptEvidence(checks)).toEqual(checks);
  });

  it('is an excerpt, beginning and end, where it is long; its neighbours stay whole', () => {
    const checks = [...checksOf(1, `first${'x'.repeat(EVIDENCE_LIMIT - 9)}last`), ...checksOf(2, 'short')];
    const [long, ...short] = excerptEvidence(checks);
    expect(long?.evidence).toMatch(/^first.*last$/s);
    expect(long?.evidence).toHaveLength(2_000);
    expect(short.map(({ evidence }) => evidence)).toEqual(['short', 'short']);
  });

  it.for(Object.entries(TEXTS))('fits, however many checks print however much %s', ([, letter]) => {
    const worst = [1, 2, 10, 11, 12, 13, 20, 50, 100, 150].map((count) => {
      const evidence = letter.repeat(EVIDENCE_LIMIT / letter.length);
      const almost = letter.repeat(Math.floor(8_100 / bytesOf(letter).valueOf()));
      return Math.max(bytesOf(excerptEvidence(checksOf(count, evidence))), bytesOf(excerptEvidence(checksOf(count, almost))));
    });
    expect(Math.max(...worst)).toBeLessThan(PAYLOAD_LIMIT_BYTES);
  });

  it('keeps something of each check up to a hundred of them', () => {
    for (const { evidence } of excerptEvidence(checksOf(100, 'x'.repeat(10_000)))) expect(evidence.length).toBeGreaterThanOrEqual(100);
  });
});
