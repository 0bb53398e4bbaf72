import { AttemptResult, PackDigest, PortStats, QuestionId, SessionRouting, SessionStats, SessionView, UserView } from '@ckx/contracts';
import { CheckResultEntity, EnvironmentEntity, ExamAttemptEntity, ExamSessionEntity, QuestionResultEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { advance, emptyDatabase, end, giveEnvironment } from './session-records.ts';

/** What is read of sessions. Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

test('lists: own, everybody’s, active, current', async () => {
  const [one, other, admin] = [await api.candidate(), await api.candidate(), await api.admin()];
  const first = await one.startSession('api-mock');
  await end(api, first, 'cancelled');
  const second = await one.startSession('api-mock');
  const third = await other.startSession('api-mock');
  const ids = async (client: ApiClient, path: string) =>
    z
      .array(SessionView)
      .parse((await client.send('GET', path)).body)
      .map(({ examSessionId }) => examSessionId);
  expect(await ids(one, '/sessions')).toEqual([second, first]);
  expect(await ids(one, '/sessions?limit=1')).toEqual([second]);
  expect(await ids(admin, '/sessions')).toEqual([]);
  for (const path of ['/sessions?all', '/sessions?all=true', '/admin/sessions'])
    expect(await ids(admin, path)).toEqual([third, second, first]);
  expect(await ids(one, '/exams/active')).toEqual([second]);
  expect(await ids(admin, '/exams/active')).toEqual([third, second]);
  expect(await ids(admin, '/admin/sessions?active=true')).toEqual([third, second]);

  const current = await one.send('GET', '/exams/current');
  expect(current).toMatchObject({ status: 200, body: null });
  expect(current.headers.get('content-type')).toContain('application/json');
  await giveEnvironment(api, second);
  await advance(api, second, 'initializing', 'ready', 'running');
  expect(SessionView.parse((await one.send('GET', '/exams/current')).body).examSessionId).toBe(second);
});

test('statistics and ports', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  for (const path of [`/sessions/${id}/ports`, `/sessions/${id}/routing`, `/exams/${id}/ports`]) {
    expectProblem(await client.send('GET', path), 409, 'ENVIRONMENT_NOT_READY');
  }
  const executionEnvironmentId = await giveEnvironment(api, id);
  const ports = { vnc: 6901, sshTerminal: 2201, sshJumphost: 2301, k8sApi: 6443 };
  expect((await client.send('GET', `/sessions/${id}/ports`)).body).toEqual(ports);
  expect((await client.send('GET', `/exams/${id}/ports`)).body).toEqual({ examSessionId: id, ports });
  expect((await client.get(`/sessions/${id}/routing`, SessionRouting)).ssh).toBeNull();
  const facts = { sshHostKey: 'ssh-ed25519 AAAA', nodes: [] };
  await api.database.manager.update(EnvironmentEntity, { id: executionEnvironmentId }, { facts });
  expect(await client.get(`/sessions/${id}/routing`, SessionRouting)).toMatchObject({
    identity: { examSessionId: id, executionEnvironmentId },
    address: '127.0.0.1',
    ssh: { user: 'candidate', host: '127.0.0.1', port: 2301, hostKey: 'ssh-ed25519 AAAA' },
  });
  expect(await client.get('/sessions/stats', SessionStats)).toMatchObject({ active: 1, waiting: 0, byState: { created: 1 } });
  const stats = await (await api.admin()).get('/admin/ports/stats', PortStats);
  expect(stats.vnc.total).toBe(99);
  await end(api, id, 'cancelled');
  expectProblem(await client.send('GET', `/sessions/${id}/routing`), 409, 'SESSION_ENDED');
});

test('questions once ready, without checks and solutions; not of another version of the lab', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  expectProblem(await client.send('GET', `/sessions/${id}/questions`), 409, 'SESSION_NOT_READY');
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing', 'ready');
  const { body } = await client.send('GET', `/sessions/${id}/questions`);
  expect(body).toEqual([
    {
      id: 'greet',
      position: 1,
      title: 'Greet',
      domain: 'Files',
      weight: 3,
      targetMinutes: 2,
      namespace: 'lobby',
      text: expect.stringContaining('greeting.txt') as unknown,
    },
  ]);
  await api.database.manager.update(ExamSessionEntity, { id }, { labDigest: PackDigest.parse(`sha256:${'0'.repeat(64)}`) });
  expectProblem(await client.send('GET', `/sessions/${id}/questions`), 503, 'LAB_CHANGED');
});

test('the result, as far as it is graded', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  const id = await client.startSession('api-mock');
  expectProblem(await client.send('GET', `/sessions/${id}/result`), 404, 'RESULT_UNKNOWN');
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing', 'ready', 'running');
  await end(api, id, 'submitted');
  const { labId, labDigest } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
  await api.database.manager.insert(ExamAttemptEntity, { examSessionId: id, userId, labId, labDigest, state: 'grading' });
  expect(await client.get(`/sessions/${id}/result`, AttemptResult)).toMatchObject({ state: 'grading', percent: null });
  const { id: attemptId } = await api.database.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
  const questionId = QuestionId.parse('greet');
  await api.database.manager.insert(QuestionResultEntity, { attemptId, questionId, position: 1 });
  const check = { attemptId, questionId, evidence: 'hello', exitCode: 0, durationMs: 5, description: 'd' };
  await api.database.query(
    `INSERT INTO check_results (attempt_id, question_id, check_id, position, description, weight, verdict, evidence, exit_code, duration_ms)
     VALUES ($1, $2, 'file-greets', 1, $3, 2, 'passed', $4, 0, 5)`,
    [attemptId, questionId, check.description, check.evidence],
  );
  expect(await api.database.manager.count(CheckResultEntity)).toBe(1);
  const result = await client.get(`/sessions/${id}/result`, AttemptResult);
  expect(result.questions).toMatchObject([
    { questionId: 'greet', earned: 2, possible: 2, checks: [{ verdict: 'passed', evidence: 'hello' }] },
  ]);
});
