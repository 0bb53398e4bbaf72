/** A pass decides at the start only: a real control worker, and a host whose environments are made of nothing. */
import { UserView } from '@ckx/contracts';
import { AccessPassEntity, ExamAttemptEntity } from '@ckx/persistence';
import { testTemporal } from '@ckx/test-support';
import { expectProblem } from '@ckx/test-support/client';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { create } from './session-records.ts';
import { startWorkers, type Workers } from './workers.ts';

const SOON_MS = 30_000;
let api: TestApi;
let workers: Workers;
beforeAll(async () => {
  const temporal = await testTemporal();
  api = await startApi({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '3600000' });
  workers = await startWorkers(temporal, api.database, () => Promise.resolve());
});
afterAll(async () => {
  await api.close();
  await workers.stop();
});

test('a session that was started one second before the end of its pass runs to its own', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  const expiresAt = Date.now() + 3_000;
  const passId = await insertRunningPass(api.database.manager, userId, { expiresAt });
  await new Promise((resolve) => setTimeout(resolve, expiresAt - 1_000 - Date.now()));
  const id = await client.startSession('api-full');
  expect(Date.now()).toBeLessThan(expiresAt);
  await client.waitForState(id, 'ready', SOON_MS);
  await expect.poll(() => Date.now(), { timeout: SOON_MS }).toBeGreaterThan(expiresAt);
  await client.send('POST', `/sessions/${id}/start`);
  await client.waitForState(id, 'running', SOON_MS);
  expectProblem(await create(await api.candidate(), 'api-full'), 403, 'PASS_REQUIRED');
  await client.send('POST', `/sessions/${id}/submit`);
  const over = await client.waitFor(id, ({ attempt }) => attempt === 'graded', SOON_MS);
  expect(over).toMatchObject({ state: 'terminated', outcome: 'submitted' });
  expect(await api.database.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({ accessPassId: passId });
  expectProblem(await create(client, 'api-full'), 403, 'PASS_REQUIRED');
});

test('an activation is heard by the pass’s workflow at once, which begins with it', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  const id = await insertPass(api.database.manager, userId);
  expect((await client.send('POST', `/access/activate/${id}`)).status).toBe(200);
  await expect
    .poll(() => api.database.manager.findOneByOrFail(AccessPassEntity, { id }), { timeout: SOON_MS })
    .toMatchObject({ status: 'activated', revision: 1, heardRevision: 1 });
});
