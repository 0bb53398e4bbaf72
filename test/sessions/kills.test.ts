/** Processes killed with -9 in the middle of a session: it goes on by itself. */
import { QuestionView, SessionView, type ExamSessionId } from '@ckx/contracts';
import { ApiClient } from '@ckx/test-support/client';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kill, remains, running, solution, waitForGrade, waitForTeardown, workInShell } from './support.ts';

const LAB = 'ckad-mock-01';

async function reached(client: ApiClient, id: ExamSessionId, step: string): Promise<void> {
  await client.waitFor(id, (status) => status.progress.some((entry) => entry.step === step), 60_000);
}

describe('a process killed with -9', () => {
  it('in provisioning, running and grading: the session goes on by itself to the right result', async () => {
    const { apiUrl } = await running();
    const candidate = await ApiClient.register(apiUrl);
    const id = await candidate.startSession(LAB);

    await reached(candidate, id, 'control_plane');
    await Promise.all([kill('worker-host'), kill('worker-control')]);
    await candidate.waitForState(id, 'ready', 120_000);

    await candidate.send('POST', `/sessions/${id}/start`);
    const started = await candidate.waitForState(id, 'running');
    await Promise.all([kill('api'), kill('worker-control'), kill('worker-host')]);
    const after = await candidate.waitForState(id, 'running');
    expect(after.deadlineAt).toBe(started.deadlineAt);

    const [first] = await candidate.get(`/sessions/${id}/questions`, z.array(QuestionView));
    const questionId = first?.id ?? '';
    const [worked] = await workInShell(candidate, id, [await solution(LAB, questionId)]);
    expect(worked).toMatchObject({ exitCode: 0 });

    await candidate.send('POST', `/sessions/${id}/submit`);
    await candidate.waitFor(id, (status) => status.attempt === 'grading', 60_000);
    await Promise.all([kill('worker-host'), kill('worker-control')]);
    await waitForGrade(candidate, id);
    const result = await candidate.result(id);
    expect(result.provisional).toBe(false);
    expect(result.questions.filter((question) => question.earned > 0).map((question) => question.questionId)).toEqual([questionId]);

    await waitForTeardown(candidate, id);
    const { executionEnvironmentId } = await candidate.get(`/sessions/${id}`, SessionView);
    expect(await remains(id, executionEnvironmentId ?? '')).toEqual([]);
  });
});
