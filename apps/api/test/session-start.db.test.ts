import { LabPin, SessionStatus, SessionView } from '@ckx/contracts';
import { ExamSessionEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { create, emptyDatabase, rowOf } from './session-records.ts';

/** Start of a session. Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ QUEUE_LIMIT: '2' });
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

test('is accepted without the engine: the row is there for the relay', async () => {
  const client = await api.candidate();
  const answer = await create(client);
  expect(answer.status).toBe(202);
  const view = SessionView.parse(answer.body);
  expect(view).toMatchObject({
    state: 'created',
    labId: 'api-mock',
    labTitle: 'A mock lab',
    durationSeconds: 600,
    clock: [],
    rehearsal: false,
  });
  expect(answer.headers.get('location')).toBe(`/api/v1/sessions/${view.examSessionId}`);
  const row = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id: view.examSessionId });
  expect(LabPin.parse(row.lab)).toMatchObject({ id: 'api-mock', digest: view.labDigest });
  expect(SessionStatus.parse((await client.send('GET', `/sessions/${view.examSessionId}/status`)).body)).toMatchObject({
    state: 'created',
    waiting: { place: 1 },
  });
});

test('one at a time: a second one names the first; another user is not held up', async () => {
  const [one, other] = [await api.candidate(), await api.candidate()];
  const id = await one.startSession('api-mock');
  const problem = expectProblem(await create(one), 409, 'SESSION_ACTIVE');
  expect(problem.details).toEqual({ examSessionId: id });
  expect((await create(other)).status).toBe(202);
});

test('ten at once by one user give one session', async () => {
  const client = await api.candidate();
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => create(client)))).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([202, ...Array.from({ length: 9 }, () => 409)]);
});

test('of a lab that is not there, or needs a pass', async () => {
  const client = await api.candidate();
  expectProblem(await create(client, 'nothing-here'), 404, 'LAB_UNKNOWN');
  expectProblem(await create(client, 'api-full'), 403, 'PASS_REQUIRED');
  expectProblem(await create(client, '../etc'), 400, 'VALIDATION_FAILED');
});

test('where the queue is full: 503 with statistics and the time to wait; a second start stays a 409', async () => {
  const waiting = [await api.candidate(), await api.candidate()];
  for (const client of waiting) expect((await create(client)).status).toBe(202);
  const answer = await create(await api.candidate());
  expect(expectProblem(answer, 503, 'QUEUE_FULL').details).toMatchObject({ statistics: { waiting: 2, active: 0, capacity: 0 } });
  expect(answer.headers.get('retry-after')).toBe('60');
  expect(await api.database.manager.count(ExamSessionEntity)).toBe(2);
  if (waiting[0] !== undefined) expectProblem(await create(waiting[0]), 409, 'SESSION_ACTIVE');
});

test('the queue’s limit holds when many come at once', async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => api.candidate()));
  const statuses = (await Promise.all(clients.map((client) => create(client)))).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([202, 202, 503, 503, 503, 503]);
});

test('a rehearsal is for administrators, of a lab of any type', async () => {
  const [client, admin] = [await api.candidate(), await api.admin()];
  const rehearse = (as: ApiClient, rehearsal: unknown) => as.send('POST', '/sessions', { labId: 'api-full', rehearsal });
  expectProblem(await rehearse(client, true), 403, 'ADMIN_ONLY');
  expectProblem(await rehearse(client, 'yes'), 400, 'VALIDATION_FAILED');
  expectProblem(await rehearse(admin, false), 403, 'PASS_REQUIRED');
  expect(await api.database.manager.count(ExamSessionEntity)).toBe(0);
  const answer = await rehearse(admin, true);
  expect(answer.status).toBe(202);
  const view = SessionView.parse(answer.body);
  expect(view).toMatchObject({ rehearsal: true, extraTimeSeconds: 0 });
  expect((await rowOf(api, view.examSessionId)).rehearsal).toBe(true);
});
