import { CheckResult } from '@ckx/contracts';
import { digestOf } from '@ckx/blobs';
import { expect, it } from 'vitest';
import { toTravel } from './evidence.ts';

const check = (checkId: string, evidence: string) =>
  CheckResult.parse({ checkId, description: 'd', weight: 1, verdict: 'failed', evidence, exitCode: 1, durationMs: 1 });
const LONG = `first${'x'.repeat(100_000)}last`;
const never = new AbortController().signal;
const mayNot = () => expect.unreachable();

it('leaves short evidence where it is, and hands in the long', async () => {
  const kept: string[] = [];
  const keepEvidence = (text: string) => {
    kept.push(text);
    return Promise.resolve(digestOf(Buffer.from(text)));
  };
  const [short, long] = await toTravel({ keepEvidence }, [check('a', 'short'), check('b', LONG)], never, mayNot);
  expect(short).toEqual(check('a', 'short'));
  expect(long).toMatchObject({ evidence: expect.stringMatching(/^first.*last$/s) as string, evidenceBlob: digestOf(Buffer.from(LONG)) });
  expect(kept).toEqual([LONG]);
});

it('waits while the control plane is being started again, and goes on without it', { timeout: 20_000 }, async () => {
  let calls = 0;
  const failing = (until: number) => () => {
    calls += 1;
    return calls < until ? Promise.reject(new Error('down')) : Promise.resolve(digestOf(Buffer.from(LONG)));
  };
  expect(await toTravel({ keepEvidence: failing(3) }, [check('b', LONG)], never, mayNot)).toMatchObject([
    { evidenceBlob: expect.any(String) as string },
  ]);
  const lost: string[] = [];
  const [left] = await toTravel({ keepEvidence: failing(Infinity) }, [check('b', LONG)], never, ({ checkId }) => lost.push(checkId));
  expect(lost).toEqual(['b']);
  expect(left).not.toHaveProperty('evidenceBlob');
  expect(left?.evidence).toMatch(/^first.*last$/s);
});

it('ends when the activity is cancelled', async () => {
  const keepEvidence = () => Promise.reject(new Error('down'));
  const cancelled = AbortSignal.timeout(50);
  await expect(toTravel({ keepEvidence }, [check('b', LONG)], cancelled, mayNot)).rejects.toThrow(/abort|timeout/i);
});
