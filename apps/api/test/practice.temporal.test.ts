import { CheckedQuestion, QuestionHelp, SessionView, type ExamSessionId } from '@ckx/contracts';
import { testTemporal } from '@ckx/test-support';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { startWorkers, type Workers } from './workers.ts';

let api: TestApi;
let workers: Workers;
let env: Record<string, string>;
beforeAll(async () => {
  const temporal = await testTemporal();
  env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '1' };
  api = await startApi(env);
  workers = await startWorkers(temporal, api.database, () => Promise.resolve());
  await vi.waitFor(async () => expect((await fetch(`${api.url}/health/ready`)).status).toBe(200), { timeout: 20_000, interval: 200 });
});
afterAll(async () => {
  await api.close();
  await workers.stop();
});

async function practise(): Promise<{ client: ApiClient; id: ExamSessionId }> {
  const client = await api.candidate();
  const { body } = await client.send('POST', '/sessions', { labId: 'api-mock', mode: 'practice' });
  const id = SessionView.parse(body).examSessionId;
  await client.waitForState(id, 'running', 30_000);
  return { client, id };
}

test('checks are run over HTTP, not twice within five seconds, and a reload shows what they said', async () => {
  const { client, id } = await practise();
  const path = `/sessions/${id}/questions/1`;
  const answer = await client.send('POST', `${path}/check`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const checked = CheckedQuestion.parse(answer.body);
  expect(checked).toMatchObject({ position: 1, earned: 2, possible: 3, checks: [{ id: 'file-greets' }, { id: 'file-is-short' }] });
  const problem = expectProblem(await client.send('POST', `${path}/check`), 429, 'CHECKED_JUST_NOW');
  expect(problem.details).toMatchObject({ retryAfterSeconds: 5 });
  expect(await client.get(`${path}/help`, QuestionHelp)).toMatchObject({ tries: 1, lastCheck: checked, solution: null });
  await client.send('POST', `/sessions/${id}/submit`);
  await client.waitForState(id, 'terminated', 30_000);
  expectProblem(await client.send('POST', `${path}/check`), 409, 'SESSION_NOT_RUNNING');
});

test('an engine whose workflows nobody runs lets no end of the API wait for it', async () => {
  const { client, id } = await practise();
  await workers.stopControl();
  const another = await startApi({ ...env, DATABASE_URL: api.config.DATABASE_URL });
  const asked = new ApiClient(another.url, client.accessToken).send('POST', `/sessions/${id}/questions/1/check`);
  const answered = asked.catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const begun = performance.now();
  await another.close();
  await answered;
  expect(performance.now() - begun).toBeLessThan(15_000);
});
