import {
  AttemptResult,
  ExamSessionId,
  LabPin,
  PackDigest,
  PortStats,
  QuestionId,
  SessionRouting,
  SessionStats,
  SessionStatus,
  SessionView,
  UserView,
} from '@ckx/contracts';
import {
  CheckResultEntity,
  EnvironmentEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  QuestionResultEntity,
  SessionEventEntity,
} from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEvents } from './event-source.ts';
import { startApi, type TestApi } from './harness.ts';

/** Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ QUEUE_LIMIT: '2' });
});
afterAll(() => api.close());

/** For those who count what there is. */
const emptyDatabase = () => api.database.query('TRUNCATE users, hosts CASCADE');

const create = (client: ApiClient, labId = 'api-mock') => client.send('POST', '/sessions', { labId });

/** Moves a session as its workflow would. */
async function advance(id: ExamSessionId, ...states: ('initializing' | 'ready' | 'running')[]): Promise<void> {
  for (const to of states) {
    const { sequence } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
    await applyTransition(api.database.manager, { examSessionId: id, sequence: sequence + 1, to });
  }
}

async function end(id: ExamSessionId, outcome: 'submitted' | 'cancelled'): Promise<void> {
  const { sequence } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
  await applyTransition(api.database.manager, { examSessionId: id, sequence: sequence + 1, to: 'terminated', outcome });
}

async function giveEnvironment(examSessionId: ExamSessionId) {
  const hostId = await insertHost(api.database.manager);
  return insertEnvironment(api.database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId });
}

describe('start of a session', () => {
  beforeEach(emptyDatabase);

  test('is accepted without the engine: the row is there for the relay', async () => {
    const client = await api.candidate();
    const answer = await create(client);
    expect(answer.status).toBe(202);
    const view = SessionView.parse(answer.body);
    expect(view).toMatchObject({ state: 'created', labId: 'api-mock', labTitle: 'A mock lab', durationSeconds: 600, clock: [] });
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
});

describe('the one access rule', () => {
  const paths = [
    ['GET', '/sessions/:id'],
    ['GET', '/sessions/:id/status'],
    ['GET', '/sessions/:id/live'],
    ['GET', '/sessions/:id/events'],
    ['GET', '/sessions/:id/questions'],
    ['GET', '/sessions/:id/routing'],
    ['GET', '/sessions/:id/ports'],
    ['POST', '/sessions/:id/start'],
    ['POST', '/sessions/:id/submit'],
    ['GET', '/sessions/:id/result'],
    ['POST', '/sessions/:id/ssh-key'],
    ['DELETE', '/sessions/:id'],
    ['GET', '/exams/:id/ports'],
  ] as const;

  let mine: ApiClient;
  let others: ApiClient;
  let id: ExamSessionId;
  beforeAll(async () => {
    await emptyDatabase();
    [mine, others] = [await api.candidate(), await api.candidate()];
    id = await others.startSession('api-mock');
  });

  test.each(paths)('%s %s: another’s, unknown and malformed ids answer the same', async (method, path) => {
    const problems = [];
    for (const value of [id, randomUUID(), 'malformed', `${id}'--`, '%00']) {
      const answer = await mine.send(method, path.replace(':id', encodeURI(value)));
      problems.push(JSON.stringify({ ...expectProblem(answer, 403, 'ACCESS_DENIED'), instance: '' }));
    }
    expect(new Set(problems).size).toBe(1);
    expectProblem(await new ApiClient(api.url).send(method, path.replace(':id', id)), 401, 'UNAUTHENTICATED');
    expect((await others.send('GET', `/sessions/${id}`)).status).toBe(200);
  });

  test('holds every path with an id: none is missing above', async () => {
    const { paths: documented } = z
      .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(await (await fetch(`${api.url}/api/docs-json`)).json());
    const found = Object.entries(documented)
      .filter(([path]) => path.includes('{id}') && !path.includes('/admin/') && !path.endsWith('/extend'))
      .flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '').replace('{id}', ':id')}`),
      );
    expect(found.toSorted()).toEqual(paths.map(([method, path]) => `${method} ${path}`).toSorted());
  });

  test('an administrator looks at everything, ends by the admin paths, and never acts as the candidate', async () => {
    const admin = await api.admin();
    expect((await admin.send('GET', `/sessions/${id}`)).status).toBe(200);
    for (const [method, path] of [
      ['POST', 'start'],
      ['POST', 'submit'],
      ['POST', 'ssh-key'],
      ['DELETE', ''],
    ] as const) {
      expectProblem(await admin.send(method, `/sessions/${id}/${path}`), 403, 'OWNER_ONLY');
    }
    expectProblem(await admin.send('POST', `/admin/sessions/${randomUUID()}/terminate`, { reason: 'x' }), 403, 'ACCESS_DENIED');
    const answer = await admin.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'The room is closed.' });
    expect(answer.status).toBe(202);
    const row = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
    expect(row.terminateRequest).toEqual({ outcome: 'terminated_by_admin', reason: 'The room is closed.' });
  });

  test('admin paths are for administrators', async () => {
    const client = others;
    const extension = { minutes: 5, reason: 'noise', id: randomUUID() };
    expectProblem(await client.send('GET', '/admin/sessions'), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('GET', '/admin/ports/stats'), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'x' }), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('POST', `/admin/sessions/${id}/extend`, extension), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('POST', `/sessions/${id}/extend`, extension), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('GET', '/sessions?all'), 403, 'ADMIN_ONLY');
  });
});

describe('what is asked is written before it is passed on', () => {
  beforeEach(emptyDatabase);

  test('start, submit and cancel, each where the lifecycle allows it', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    const row = () => api.database.manager.findOneByOrFail(ExamSessionEntity, { id });
    const ask = (what: 'start' | 'submit') => client.send('POST', `/sessions/${id}/${what}`);
    expectProblem(await ask('start'), 409, 'ILLEGAL_TRANSITION');
    await giveEnvironment(id);
    await advance(id, 'initializing', 'ready');
    expectProblem(await ask('submit'), 409, 'ILLEGAL_TRANSITION');
    const started = await ask('start');
    expect(started.status).toBe(202);
    expect(SessionStatus.parse(started.body).state).toBe('ready');
    expect((await row()).startRequestedAt).not.toBeNull();
    await advance(id, 'running');
    expect((await ask('submit')).status).toBe(202);
    const first = (await row()).submitRequestedAt;
    expect(first).not.toBeNull();
    expect((await ask('submit')).status).toBe(202);
    expect((await row()).submitRequestedAt).toEqual(first);
    expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
    expect((await row()).terminateRequest).toMatchObject({ outcome: 'cancelled' });
    await end(id, 'cancelled');
    expectProblem(await client.send('DELETE', `/sessions/${id}`), 409, 'ILLEGAL_TRANSITION');
    expect((await create(client)).status).toBe(202);
  });
});

describe('what is read', () => {
  beforeEach(emptyDatabase);

  test('lists: own, everybody’s, active, current', async () => {
    const [one, other, admin] = [await api.candidate(), await api.candidate(), await api.admin()];
    const first = await one.startSession('api-mock');
    await end(first, 'cancelled');
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
    await giveEnvironment(second);
    await advance(second, 'initializing', 'ready', 'running');
    expect(SessionView.parse((await one.send('GET', '/exams/current')).body).examSessionId).toBe(second);
  });

  test('statistics and ports', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    for (const path of [`/sessions/${id}/ports`, `/sessions/${id}/routing`, `/exams/${id}/ports`]) {
      expectProblem(await client.send('GET', path), 409, 'ENVIRONMENT_NOT_READY');
    }
    const executionEnvironmentId = await giveEnvironment(id);
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
    await end(id, 'cancelled');
    expectProblem(await client.send('GET', `/sessions/${id}/routing`), 409, 'SESSION_ENDED');
  });

  test('questions once ready, without checks and solutions; not of another version of the lab', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    expectProblem(await client.send('GET', `/sessions/${id}/questions`), 409, 'SESSION_NOT_READY');
    await giveEnvironment(id);
    await advance(id, 'initializing', 'ready');
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
    await giveEnvironment(id);
    await advance(id, 'initializing', 'ready', 'running');
    await end(id, 'submitted');
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
});

describe('without the engine', () => {
  beforeEach(emptyDatabase);

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
    const environment = await giveEnvironment(id);
    await api.database.manager.update(EnvironmentEntity, { id: environment }, { facts: { sshHostKey: 'ssh-ed25519 AAAA', nodes: [] } });
    expectProblem(await client.send('POST', `/sessions/${id}/ssh-key`), 503, 'ENGINE_UNAVAILABLE');
    expect((await api.database.manager.findOneByOrFail(ExamSessionEntity, { id })).sshKeyIssuedAt).toBeNull();
  });
});

describe('events', () => {
  beforeEach(emptyDatabase);

  test('come in order, resume after the last one, and end when nothing is left to happen', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    await giveEnvironment(id);
    const stream = readEvents(api.url, client, id);
    expect((await stream.next()).value).toMatchObject({ comment: 'still here' });
    await advance(id, 'initializing', 'ready');
    const first = (await stream.next()).value;
    const second = (await stream.next()).value;
    expect(first).toMatchObject({ event: 'transition', data: { kind: 'transition', data: { to: 'initializing' } } });
    expect(second).toMatchObject({ event: 'transition', data: { data: { to: 'ready' } } });
    await stream.return();

    await end(id, 'cancelled');
    const resumed = readEvents(api.url, client, id, first?.id);
    expect((await resumed.next()).value).toMatchObject({ id: second?.id });
    expect((await resumed.next()).value).toMatchObject({ data: { data: { to: 'terminated', outcome: 'cancelled' } } });
    // The environment is still there: the stream goes on.
    await api.database.manager.insert(SessionEventEntity, { examSessionId: id, kind: 'teardown', data: {} });
    const last = (await resumed.next()).value;
    expect(last).toMatchObject({ event: 'teardown' });
    await api.database.manager.update(EnvironmentEntity, { examSessionId: id }, { state: 'destroyed', destroyedAt: new Date() });
    expect((await resumed.next()).value).toMatchObject({ event: 'end', id: last?.id });
    expect((await resumed.next()).done).toBe(true);
  });

  test('a client that left is noticed, and an API that stops ends its streams', async () => {
    const own = await startApi();
    const client = await own.candidate();
    const id = await insertSession(own.database.manager, { userId: (await client.get('/users/me', UserView)).id });
    const streams = [readEvents(own.url, client, id), readEvents(own.url, client, id)];
    for (const stream of streams) await stream.next();
    await streams[0]?.return();
    const from = performance.now();
    await own.close();
    expect(performance.now() - from).toBeLessThan(3_000);
    expect((await streams[1]?.next())?.done).toBe(true);
  });
});
