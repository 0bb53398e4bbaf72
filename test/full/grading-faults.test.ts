/** What befalls the grading of a full lab changes nothing of its result: workers and the API server are killed in the middle of it. */
import { QuestionView, UserView, type ExamSessionId } from '@ckx/contracts';
import { openDatabase } from '@ckx/persistence';
import { ApiClient } from '@ckx/test-support/client';
import { insertRunningPass } from '@ckx/test-support/passes';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { kill, running, solution, waitForTeardown, workInShell } from '../sessions/support.ts';

const LAB = 'ckad-full-01';
/** Of sixteen questions, those that are solved: what they earn must all be there, and nothing else. */
const SOLVED = 8;
const WITHIN_MS = 15 * 60_000;
const GRADED_WITHIN_MS = 5 * 60_000;

async function killApiServer(id: ExamSessionId): Promise<void> {
  const exec = await new Docker().getContainer(`ckx-node-${id}`).exec({ Cmd: ['pkill', '-9', 'kube-apiserver'], AttachStdout: true });
  const stream = await exec.start({});
  await new Promise((resolve) => stream.on('end', resolve).resume());
  expect((await exec.inspect()).ExitCode).toBe(0);
}

it(
  'a full lab is graded as if nothing had happened',
  async () => {
    const { apiUrl, databaseUrl } = await running();
    const client = await ApiClient.register(apiUrl);
    await using cleanup = new AsyncDisposableStack();
    const dataSource = await openDatabase(databaseUrl);
    cleanup.defer(() => dataSource.destroy());
    await insertRunningPass(dataSource.manager, (await client.get('/users/me', UserView)).id);
    const id = await client.startSession(LAB);
    await client.waitForState(id, 'ready', 240_000);
    await client.send('POST', `/sessions/${id}/start`);
    await client.waitForState(id, 'running');
    const asked = await client.get(`/sessions/${id}/questions`, z.array(QuestionView));
    const solved = asked.slice(0, SOLVED).map((question) => question.id);
    const worked = await workInShell(client, id, await Promise.all(solved.map((questionId) => solution(LAB, questionId))));
    expect(worked.map(({ exitCode }) => exitCode)).toEqual(solved.map(() => 0));

    await client.send('POST', `/sessions/${id}/submit`);
    await client.waitFor(id, ({ attempt }) => attempt === 'grading', 60_000);
    await kill('worker-host');
    await killApiServer(id);
    await kill('worker-control');
    await kill('worker-host');
    expect((await client.status(id)).attempt).toBe('grading');
    await client.waitFor(id, ({ attempt }) => attempt === 'graded' || attempt === 'grading_failed', GRADED_WITHIN_MS);

    const result = await client.result(id);
    expect(result).toMatchObject({ state: 'graded', provisional: false });
    const wrong = result.questions.flatMap(({ questionId, checks }) =>
      checks
        .filter(({ verdict }) => verdict !== (solved.includes(questionId) ? 'passed' : 'failed'))
        .map((check) => `${questionId}/${check.checkId} is ${check.verdict}: ${check.evidence.slice(-300)}`),
    );
    expect(wrong).toEqual([]);
    await waitForTeardown(client, id);
  },
  WITHIN_MS,
);
