import { SessionStatus } from '@ckx/contracts';
import { EnvironmentEntity, ExamSessionEntity } from '@ckx/persistence';
import { expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { advance, create, emptyDatabase, end, giveEnvironment } from './session-records.ts';

/** What is asked is written before it is passed on. Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

test('start, submit and cancel, each where the lifecycle allows it', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  const row = () => api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
  const ask = (what: 'start' | 'submit') => client.send('POST', `/sessions/${id}/${what}`);
  expectProblem(await ask('start'), 409, 'ILLEGAL_TRANSITION');
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing', 'ready');
  expectProblem(await ask('submit'), 409, 'ILLEGAL_TRANSITION');
  const started = await ask('start');
  expect(started.status).toBe(202);
  expect(SessionStatus.parse(started.body).state).toBe('ready');
  expect((await row()).startRequestedAt).not.toBeNull();
  await advance(api, id, 'running');
  expect((await ask('submit')).status).toBe(202);
  const first = (await row()).submitRequestedAt;
  expect(first).not.toBeNull();
  expect((await ask('submit')).status).toBe(202);
  expect((await row()).submitRequestedAt).toEqual(first);
  expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
  expect((await row()).terminateRequest).toMatchObject({ outcome: 'cancelled' });
  await end(api, id, 'cancelled');
  expectProblem(await client.send('DELETE', `/sessions/${id}`), 409, 'ILLEGAL_TRANSITION');
  expect((await create(client)).status).toBe(202);
});

test('live and extend say so; status still answers', async () => {
  const [client, admin] = [await api.candidate(), await api.admin()];
  const id = await client.startSession('api-mock');
  const answer = await client.send('GET', `/sessions/${id}/live`);
  expectProblem(answer, 503, 'ENGINE_UNAVAILABLE');
  expect(answer.headers.get('retry-after')).toBe('5');
  const body = { minutes: 5, reason: 'noise', id: randomUUID() };
  expectProblem(await admin.send('POST', `/sessions/${id}/extend`, body), 503, 'ENGINE_UNAVAILABLE');
  expect((await client.send('GET', `/sessions/${id}/status`)).status).toBe(200);
});

test('a key that cannot be installed is not used up', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  expectProblem(await client.send('POST', `/sessions/${id}/ssh-key`), 409, 'ENVIRONMENT_NOT_READY');
  const environment = await giveEnvironment(api, id);
  await api.database.manager.update(EnvironmentEntity, { id: environment }, { facts: { sshHostKey: 'ssh-ed25519 AAAA', nodes: [] } });
  expectProblem(await client.send('POST', `/sessions/${id}/ssh-key`), 503, 'ENGINE_UNAVAILABLE');
  expect((await api.database.manager.findOneByOrFail(ExamSessionEntity, { id })).sshKeyIssuedAt).toBeNull();
});
