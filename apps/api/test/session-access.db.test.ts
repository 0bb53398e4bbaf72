import { ExamSessionId } from '@ckx/contracts';
import { AuditEntity, ExamSessionEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { emptyDatabase } from './session-records.ts';

/** The one access rule. Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const paths = [
  ['GET', '/sessions/:id'],
  ['GET', '/sessions/:id/status'],
  ['GET', '/sessions/:id/live'],
  ['GET', '/sessions/:id/inspect'],
  ['GET', '/sessions/:id/events'],
  ['GET', '/sessions/:id/questions'],
  ['GET', '/sessions/:id/questions/{position}/help'],
  ['GET', '/sessions/:id/questions/{position}/objects'],
  ['POST', '/sessions/:id/questions/{position}/check'],
  ['POST', '/sessions/:id/questions/{position}/hints'],
  ['GET', '/sessions/:id/notes'],
  ['PUT', '/sessions/:id/notes/{position}'],
  ['GET', '/sessions/:id/flags'],
  ['PUT', '/sessions/:id/flags/{position}'],
  ['GET', '/sessions/:id/routing'],
  ['GET', '/sessions/:id/ports'],
  ['POST', '/sessions/:id/start'],
  ['POST', '/sessions/:id/submit'],
  ['GET', '/sessions/:id/result'],
  ['POST', '/sessions/:id/ssh-key'],
  ['POST', '/sessions/:id/connect'],
  ['GET', '/sessions/:id/recordings'],
  ['GET', '/sessions/:id/recordings/{recordingId}'],
  ['DELETE', '/sessions/:id'],
  ['GET', '/exams/:id/ports'],
] as const;

let mine: ApiClient;
let others: ApiClient;
let id: ExamSessionId;
beforeAll(async () => {
  await emptyDatabase(api);
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

test('holds every path with a session’s id: none is missing above', async () => {
  const { paths: documented } = z
    .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(await (await fetch(`${api.url}/api/docs-json`)).json());
  const found = Object.entries(documented)
    // Ids of all else, and whose they are: security.db.test.ts.
    .filter(([path]) => /^\/api\/v1\/(sessions|exams)\/\{id\}/.test(path) && !path.endsWith('/extend'))
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
  for (const path of ['ports/stats', 'hosts', 'pool', 'users', 'audit', 'maintenance']) {
    expectProblem(await client.send('GET', `/admin/${path}`), 403, 'ADMIN_ONLY');
    expectProblem(await new ApiClient(api.url).send('GET', `/admin/${path}`), 401, 'UNAUTHENTICATED');
  }
  for (const path of [`sessions/${id}/terminate`, `sessions/${id}/void`, 'hosts/some-host/drain', 'hosts/some-host/resume']) {
    expectProblem(await client.send('POST', `/admin/${path}`, { reason: 'x' }), 403, 'ADMIN_ONLY');
  }
  for (const path of ['extend', 'credit']) {
    expectProblem(await client.send('POST', `/admin/sessions/${id}/${path}`, extension), 403, 'ADMIN_ONLY');
  }
  expectProblem(await client.send('PUT', '/admin/maintenance', { on: true, message: 'x' }), 403, 'ADMIN_ONLY');
  expectProblem(await client.send('PUT', `/admin/users/${randomUUID()}/extra-time`, { percent: 25, reason: 'x' }), 403, 'ADMIN_ONLY');
  expect(await api.database.manager.count(AuditEntity)).toBe(1);
  expectProblem(await client.send('POST', `/sessions/${id}/extend`, extension), 403, 'ADMIN_ONLY');
  expectProblem(await client.send('GET', '/sessions?all'), 403, 'ADMIN_ONLY');
});
