/** Packs as they come: with faults, and in CK-X's format. A fault of a pack never costs a candidate points. */
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { describe, expect, it } from 'vitest';
import { running, waitForGrade, waitForTeardown, workInShell } from './support.ts';

describe('a pack with faults', () => {
  it('is graded as far as that is honest: what cannot decide is errored, with the reason', async () => {
    const candidate = await ApiClient.register((await running()).apiUrl);
    const id = await candidate.startSession('faulty-01');
    await candidate.waitForState(id, 'ready');
    await candidate.send('POST', `/sessions/${id}/start`);
    await candidate.waitForState(id, 'running');
    await candidate.send('POST', `/sessions/${id}/submit`);
    await waitForGrade(candidate, id);

    const result = await candidate.result(id);
    const checks = new Map(result.questions.flatMap((question) => question.checks).map((check) => [String(check.checkId), check]));
    const verdicts = Object.fromEntries([...checks].map(([name, check]) => [name, check.verdict]));
    expect(verdicts).toEqual({
      passes: 'passed',
      fails: 'failed',
      'missing-script': 'errored',
      'syntax-error': 'errored',
      hangs: 'errored',
      floods: 'passed',
    });
    for (const name of ['missing-script', 'syntax-error', 'hangs']) expect(checks.get(name)?.reason, name).toMatch(/\w+ \w+/);
    // The first and the last of what it printed, by way of a blob.
    expect(checks.get('floods')?.evidence.length).toBeGreaterThan(130_000);
    expect(checks.get('floods')?.evidence.length).toBeLessThanOrEqual(128 * 1024);
    expect(checks.get('floods')?.evidence).toMatch(/… \d+ bytes left out …/);
    expect(checks.get('floods')?.evidence).toContain('the end');
    expect(checks.get('hangs')?.durationMs).toBeLessThan(15_000);
    // 3 + 2 of 3 + 1 + 2: only what was decided counts.
    expect(result).toMatchObject({ earned: 5, possible: 6, percent: 83, provisional: true });
    await waitForTeardown(candidate, id);
  });
});

describe('a pack in CK-X’s format', () => {
  it('sets up, is solved in the shell, and scores by its weights', async () => {
    const candidate = await ApiClient.register((await running()).apiUrl);
    const id = await candidate.startSession('ckx-format-001');
    await candidate.waitForState(id, 'ready');
    await candidate.send('POST', `/sessions/${id}/start`);
    await candidate.waitForState(id, 'running');
    const [worked] = await workInShell(candidate, id, ['echo granite > /tmp/exam/answer.txt && kubectl -n quarry get configmap stone']);
    expect(worked).toMatchObject({ exitCode: 0 });
    await candidate.send('POST', `/sessions/${id}/submit`);
    await waitForGrade(candidate, id);
    expect(await candidate.result(id)).toMatchObject({ earned: 2, possible: 4, percent: 50, provisional: false });
    await waitForTeardown(candidate, id);
  });
});

describe('a lab that is not there', () => {
  it('is refused with a sentence', async () => {
    const candidate = await ApiClient.register((await running()).apiUrl);
    expectProblem(await candidate.send('POST', '/sessions', { labId: 'no-such-lab' }), 404, 'LAB_UNKNOWN');
    expectProblem(await candidate.send('POST', '/sessions', { labId: '../../etc' }), 400, 'VALIDATION_FAILED');
    expectProblem(await candidate.send('POST', '/sessions', '{"labId":'), 400, 'BODY_UNREADABLE');
  });
});
