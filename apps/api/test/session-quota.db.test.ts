import type { ExamSessionId, Failure } from '@ckx/contracts';
import { ExamSessionEntity } from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { advance, create, emptyDatabase, end, rowOf } from './session-records.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ MOCK_SESSIONS_PER_DAY: '2' });
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

/** A session of the client's that was sat to its end. */
async function sit(client: ApiClient): Promise<ExamSessionId> {
  const id = await client.startSession('api-mock');
  await advance(api, id, 'initializing', 'ready', 'running');
  await end(api, id, 'submitted');
  return id;
}

async function fail(id: ExamSessionId, type: Failure['type']): Promise<void> {
  const { sequence } = await rowOf(api, id);
  const failure = { type, code: 'A_TEST', reason: 'A test.' };
  await applyTransition(api.database.manager, { examSessionId: id, sequence: sequence + 1, to: 'failed', failure });
}

test('as many mock sessions a day as the quota allows, then 429 until midnight UTC', async () => {
  const [client, other] = [await api.candidate(), await api.candidate()];
  await sit(client);
  await sit(client);
  const answer = await create(client);
  const { details, remedy } = expectProblem(answer, 429, 'QUOTA_REACHED');
  const midnight = new Date();
  midnight.setUTCHours(24, 0, 0, 0);
  expect(details).toMatchObject({ perDay: 2, resetsAt: midnight.toISOString() });
  expect(remedy).toContain(midnight.toISOString());
  const retryAfterMs = Number(answer.headers.get('retry-after')) * 1000;
  expect(Math.abs(Date.now() + retryAfterMs - midnight.getTime())).toBeLessThan(3_000);
  expect((await create(other)).status).toBe(202);
  expect(await api.database.manager.count(ExamSessionEntity)).toBe(3);
  // Yesterday's do not count.
  await api.database.query(`UPDATE exam_sessions SET created_at = date_trunc('day', now(), 'UTC') - interval '1 second'`);
  await api.database.query(
    `UPDATE exam_sessions SET state = 'terminated', outcome = 'cancelled', ended_at = now() WHERE state = 'created'`,
  );
  expect((await create(client)).status).toBe(202);
});

test('what ended by no choice of the candidate costs nothing; what was seen and given up does', async () => {
  const client = await api.candidate();
  const begin = async (...states: ('initializing' | 'ready' | 'running')[]) => {
    const id = await client.startSession('api-mock');
    await advance(api, id, ...states);
    return id;
  };
  await end(api, await begin(), 'cancelled');
  await end(api, await begin('initializing', 'ready'), 'cancelled');
  await end(api, await begin('initializing', 'ready', 'running'), 'terminated_by_admin');
  for (const type of ['init', 'runtime', 'infra'] as const) await fail(await begin('initializing', 'ready', 'running'), type);
  await end(api, await begin('initializing', 'ready', 'running'), 'cancelled');
  await end(api, await begin('initializing', 'ready', 'running'), 'expired');
  expectProblem(await create(client), 429, 'QUOTA_REACHED');
  const [voided] = await api.database.manager.find(ExamSessionEntity, { where: { outcome: 'expired' } });
  await api.database.manager.update(ExamSessionEntity, voided?.id ?? expect.fail(), { voidedAt: new Date() });
  expect((await create(client)).status).toBe(202);
});

test('an open session counts, and is named before the quota is', async () => {
  const client = await api.candidate();
  await sit(client);
  await client.startSession('api-mock');
  expectProblem(await create(client), 409, 'SESSION_ACTIVE');
});

test('holds when many are asked for at once', async () => {
  const client = await api.candidate();
  await sit(client);
  const many = async () => (await Promise.all(Array.from({ length: 6 }, () => create(client)))).map(({ status }) => status).toSorted();
  expect(await many()).toEqual([202, 409, 409, 409, 409, 409]);
  const { id } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { state: 'created' });
  await advance(api, id, 'initializing', 'ready', 'running');
  await end(api, id, 'submitted');
  expect(await many()).toEqual([429, 429, 429, 429, 429, 429]);
});

test('is not for administrators, and none where it is 0', async () => {
  const admin = await api.admin();
  for (let times = 0; times < 3; times += 1) await sit(admin);
  const open = await startApi({ DATABASE_URL: api.config.DATABASE_URL, MOCK_SESSIONS_PER_DAY: '0' });
  try {
    const client = await open.candidate();
    for (let times = 0; times < 3; times += 1) await sit(client);
    expect((await create(client)).status).toBe(202);
  } finally {
    await open.close();
  }
});
