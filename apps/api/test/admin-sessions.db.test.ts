import { AdminSessionView, AttemptResult, type ExamSessionId, UserView } from '@ckx/contracts';
import { AuditEntity, ExamAttemptEntity, type ExamAttemptRow, SessionEventEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { advance, create, emptyDatabase, end, giveEnvironment, rowOf } from './session-records.ts';

/** Temporal is where nobody listens: a deed is on record before its effect. */
let api: TestApi;
let admin: ApiClient;
let client: ApiClient;
let id: ExamSessionId;
beforeAll(async () => {
  api = await startApi({ MOCK_SESSIONS_PER_DAY: '1' });
});
afterAll(() => api.close());
beforeEach(async () => {
  await emptyDatabase(api);
  [admin, client] = [await api.admin(), await api.candidate()];
  id = await client.startSession('api-mock');
});

const deeds = () => api.database.manager.find(AuditEntity, { where: { targetKind: 'session', targetId: id }, order: { id: 'ASC' } });

async function attempt(values: Partial<ExamAttemptRow>): Promise<void> {
  const { userId, labId, labDigest } = await rowOf(api, id);
  await api.database.manager.insert(ExamAttemptEntity, { examSessionId: id, userId, labId, labDigest, ...values });
}

test('ending a session is on record with who, why and what', async () => {
  const { id: actorId } = await admin.get('/users/me', UserView);
  expect((await admin.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'The room is closed.' })).status).toBe(202);
  expect(await deeds()).toMatchObject([{ actorId, action: 'session.terminate', reason: 'The room is closed.' }]);
  await end(api, id, 'terminated_by_admin');
  expectProblem(await admin.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'Again.' }), 409, 'ILLEGAL_TRANSITION');
  // What was refused was not done.
  expect(await deeds()).toHaveLength(1);
});

test.each(['admin/sessions/:id/extend', 'admin/sessions/:id/credit', 'sessions/:id/extend'])(
  '%s is on record before the engine is asked, once for its id',
  async (path) => {
    const body = { minutes: 5, reason: 'A power cut.', id: randomUUID() };
    const ask = (what: unknown) => admin.send('POST', `/${path.replace(':id', id)}`, what);
    for (let times = 0; times < 2; times += 1) expectProblem(await ask(body), 503, 'ENGINE_UNAVAILABLE');
    const action = path.endsWith('credit') ? 'session.credit' : 'session.extend';
    expect(await deeds()).toMatchObject([{ action, reason: 'A power cut.', data: { id: body.id, minutes: 5 } }]);
    for (const wrong of [
      {},
      { ...body, minutes: 0 },
      { ...body, minutes: 241 },
      { ...body, minutes: 1.5 },
      { ...body, id: '1' },
      { ...body, reason: ' ' },
    ]) {
      expectProblem(await ask(wrong), 400, 'VALIDATION_FAILED');
    }
    expect(await deeds()).toHaveLength(1);
  },
);

describe('void', () => {
  const ask = (body: unknown = { reason: 'The wrong lab.' }) => admin.send('POST', `/admin/sessions/${id}/void`, body);

  test('takes the score of an ended session and gives the quota back, once', async () => {
    await advance(api, id, 'initializing', 'ready', 'running');
    await end(api, id, 'submitted');
    await attempt({ state: 'graded', earned: 3, possible: 4, percent: 75, passed: true });
    expectProblem(await create(client), 429, 'QUOTA_REACHED');
    for (let times = 0; times < 2; times += 1) expect((await ask()).body).toMatchObject({ state: 'terminated', attempt: 'void' });
    expect(await client.get(`/sessions/${id}/result`, AttemptResult)).toMatchObject({ state: 'void', percent: null, passed: null });
    expect(await deeds()).toMatchObject([
      { action: 'session.void', reason: 'The wrong lab.', data: { was: { state: 'graded', percent: 75 } } },
    ]);
    expect((await create(client)).status).toBe(202);
  });

  test('of an open session ends it', async () => {
    expect((await ask()).status).toBe(202);
    expect((await rowOf(api, id)).terminateRequest).toEqual({ outcome: 'terminated_by_admin', reason: 'The wrong lab.' });
    expect(await deeds()).toMatchObject([{ action: 'session.terminate' }]);
  });

  test('waits for the grading, and needs an attempt', async () => {
    await advance(api, id, 'initializing', 'ready', 'running');
    await end(api, id, 'submitted');
    expectProblem(await ask(), 409, 'NOTHING_TO_VOID');
    await attempt({ state: 'grading' });
    expect(expectProblem(await ask(), 409, 'GRADING_UNDER_WAY').remedy).toContain('graded');
    for (const body of [[], {}, { reason: '' }, { reason: 7 }]) expectProblem(await ask(body), 400, 'VALIDATION_FAILED');
    expect(await deeds()).toEqual([]);
    expect((await rowOf(api, id)).voidedAt).toBeNull();
  });
});

test('inspect says where the session has nothing to show, and where the engine is silent', async () => {
  expectProblem(await client.send('GET', `/sessions/${id}/inspect`), 409, 'ENVIRONMENT_NOT_READY');
  await giveEnvironment(api, id);
  expectProblem(await client.send('GET', `/sessions/${id}/inspect`), 503, 'ENGINE_UNAVAILABLE');
  await end(api, id, 'cancelled');
  expectProblem(await admin.send('GET', `/sessions/${id}/inspect`), 409, 'SESSION_ENDED');
});

test('what the candidate does moves the last activity, at most once a minute; what others do or look at does not', async () => {
  await advance(api, id, 'initializing', 'ready');
  const last = async () => (await rowOf(api, id)).lastActivityAt.getTime();
  const age = (seconds: number) =>
    api.database.query(`UPDATE exam_sessions SET last_activity_at = now() - make_interval(secs => $2) WHERE id = $1`, [id, seconds]);
  await age(3_600);
  const before = await last();
  for (const path of ['', '/status', '/ports', '/routing', '/result']) await client.send('GET', `/sessions/${id}${path}`);
  await admin.send('GET', `/sessions/${id}/questions`);
  expect(await last()).toBe(before);
  for (const [method, path] of [
    ['GET', 'questions'],
    ['POST', 'start'],
    ['POST', 'submit'],
    ['POST', 'ssh-key'],
  ] as const) {
    await age(3_600);
    await client.send(method, `/sessions/${id}/${path}`);
    expect(Date.now() - (await last()), path).toBeLessThan(10_000);
  }
  await age(50);
  const recent = await last();
  await client.send('GET', `/sessions/${id}/questions`);
  expect(await last()).toBe(recent);
});

test('the list says whose a session is, where it is, and how far', async () => {
  const list = () => admin.get('/admin/sessions?active=true', z.array(AdminSessionView));
  const { email } = await client.get('/users/me', UserView);
  expect(await list()).toMatchObject([{ examSessionId: id, userEmail: email, place: 1, hostId: null, step: null, environment: null }]);
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing');
  const event = (step: string, durationMs?: number) =>
    api.database.manager.insert(SessionEventEntity, { examSessionId: id, kind: 'progress', data: { step, durationMs } });
  await event('containers', 700);
  await event('node_ready');
  const [session] = await list();
  expect(session).toMatchObject({ state: 'initializing', place: null, step: 'node_ready' });
  expect(session?.hostId).not.toBeNull();
  // No console is known to this API.
  expect(session?.consoleUrl).toBeNull();
});

test('a session leads to its workflow in the console', async () => {
  const other = await startApi({
    DATABASE_URL: api.config.DATABASE_URL,
    TEMPORAL_CONSOLE_URL: 'https://console.example/ui',
    TEMPORAL_NAMESPACE: 'exams',
  });
  try {
    const [session] = await (await other.admin()).get('/admin/sessions', z.array(AdminSessionView));
    expect(session?.consoleUrl).toBe(`https://console.example/ui/namespaces/exams/workflows/exam-session%2F${id}`);
  } finally {
    await other.close();
  }
});
