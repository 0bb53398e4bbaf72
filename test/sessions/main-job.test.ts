/** The main job: from a new account to a graded result, on a real cluster, through the API and a shell alone. */
import { once } from 'node:events';
import { ExamPorts, LabSummary, SessionView } from '@ckx/contracts';
import { ApiClient, expectProblem, openShell, shellExec } from '@ckx/test-support/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { remains, running, solution, waitForGrade, waitForTeardown } from './support.ts';

const LAB = 'ckad-mock-01';

describe('the main job', () => {
  let candidate: ApiClient;
  beforeAll(async () => {
    candidate = await ApiClient.register((await running()).apiUrl);
  });

  it('shows the lab to somebody who is not signed in', async () => {
    const anonymous = new ApiClient((await running()).apiUrl);
    const labs = await anonymous.get('/labs?type=mock&category=CKAD', z.array(LabSummary));
    expect(labs.map((lab) => lab.id)).toContain(LAB);
  });

  it('goes from start to a graded result, and leaves nothing behind', async () => {
    const id = await candidate.startSession(LAB);
    const second = expectProblem(await candidate.send('POST', '/sessions', { labId: LAB }), 409, 'SESSION_ACTIVE');
    expect(second.detail).not.toBe('');

    const ready = await candidate.waitForState(id, 'ready');
    expect(ready.progress.map((entry) => entry.step)).toEqual(
      expect.arrayContaining(['admitted', 'containers', 'control_plane', 'node_ready', 'workloads', 'terminal', 'questions']),
    );
    for (const entry of ready.progress) expect(entry.durationMs, entry.step).toBeGreaterThanOrEqual(0);

    const questions = await candidate.get(`/sessions/${id}/questions`, z.array(z.object({ id: z.string() })));
    expect(questions).toHaveLength(5);

    expect((await candidate.send('POST', `/sessions/${id}/start`)).status).toBe(202);
    const started = await candidate.waitForState(id, 'running');
    expect(Date.parse(started.deadlineAt ?? '') - Date.parse(started.startedAt ?? '')).toBe(30 * 60_000);
    const current = await candidate.get('/exams/current', SessionView.nullable());
    expect(current?.examSessionId).toBe(id);
    const { ports } = await candidate.get(`/exams/${id}/ports`, ExamPorts);
    expect(ports.sshTerminal).toBeGreaterThan(0);

    const key = await candidate.sshKey(id);
    expectProblem(await candidate.send('POST', `/sessions/${id}/ssh-key`), 409, 'SSH_KEY_ISSUED');
    const shell = await openShell(key);
    const nodes = await shellExec(shell, 'bash -lc "kubectl get nodes --no-headers"');
    expect(nodes.stdout).toMatch(/controlplane\s+Ready/);
    expect((await shellExec(shell, 'id -u')).stdout.trim()).toBe('1000');

    const solved = questions.slice(0, 3).map((question) => question.id);
    for (const questionId of solved) {
      const worked = await shellExec(shell, 'bash -ls', await solution(LAB, questionId));
      expect(worked, `${questionId}: ${worked.stderr}`).toMatchObject({ exitCode: 0 });
    }
    const closed = once(shell, 'close');
    const before = await candidate.get(`/sessions/${id}`, SessionView);

    expect((await candidate.send('POST', `/sessions/${id}/submit`)).status).toBe(202);
    await closed; // the shell ends with the session
    await waitForGrade(candidate, id);
    const result = await candidate.result(id);
    expect(result.outcome).toBe('submitted');
    expect(result.provisional).toBe(false);
    let earned = 0;
    let possible = 0;
    for (const question of result.questions) {
      const expected = solved.includes(question.questionId) ? 'passed' : 'failed';
      for (const check of question.checks) {
        expect(`${question.questionId}/${check.checkId} ${check.verdict}`).toBe(`${question.questionId}/${check.checkId} ${expected}`);
        expect(check.evidence, `evidence of ${question.questionId}/${check.checkId}`).not.toBe('');
        possible += check.weight;
        if (expected === 'passed') earned += check.weight;
      }
    }
    expect(result).toMatchObject({ earned, possible, percent: Math.round((100 * earned) / possible) });

    await waitForTeardown(candidate, id);
    expect(await remains(id, before.executionEnvironmentId ?? '')).toEqual([]);
    await expect(openShell(key)).rejects.toThrow();
    expect(await candidate.get('/exams/current', SessionView.nullable())).toBeNull();
  });
});
