import { AdminUserView, SessionView, UserPage, UserView } from '@ckx/contracts';
import { AuditEntity, UserEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertUser } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { emptyDatabase, end, rowOf } from './session-records.ts';

let api: TestApi;
let admin: ApiClient;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  await emptyDatabase(api);
  admin = await api.admin();
});

test('accounts are found by a part of the address, page by page, without what they keep secret', async () => {
  for (const email of ['ada@example.org', 'bob@example.org', 'b_b@example.org', 'eve@example.net'])
    await insertUser(api.database.manager, { email });
  const emails = async (query: string) => (await admin.get(`/admin/users?${query}`, UserPage)).users.map(({ email }) => email);
  expect(await emails('email=EXAMPLE.org&limit=3')).toEqual(expect.arrayContaining(['ada@example.org', 'b_b@example.org']));
  expect(await emails('email=b_b')).toEqual(['b_b@example.org']);
  expect(await emails('email=%25')).toEqual([]);
  const first = await admin.get('/admin/users?email=@example.&limit=2&after=ada@example.org', UserPage);
  const second = await admin.get(`/admin/users?email=@example.&limit=2&after=${first.next}`, UserPage);
  // The administrator's own address is at example.org too, and comes first.
  expect([...first.users, ...second.users].map(({ email }) => email).filter((email) => !email.startsWith('admin-'))).toEqual([
    'b_b@example.org',
    'bob@example.org',
    'eve@example.net',
  ]);
  expect(second.next).toBeNull();
  expect(JSON.stringify(first)).not.toContain('assword');
  for (const query of ['limit=0', 'limit=many', `email=${'x'.repeat(255)}`]) {
    expectProblem(await admin.send('GET', `/admin/users?${query}`), 400, 'VALIDATION_FAILED');
  }
});

test('extra time is given from the next session on, of its duration, and shown before the start', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  const before = await client.startSession('api-mock');
  const give = (percent: unknown, reason: unknown = 'Attested.') =>
    admin.send('PUT', `/admin/users/${userId}/extra-time`, { percent, reason });
  for (let times = 0; times < 2; times += 1) {
    const answer = await give(25);
    expect(answer.status).toBe(200);
    expect(AdminUserView.parse(answer.body)).toMatchObject({ id: userId, extraTimePercent: 25, disabled: false });
  }
  expect((await rowOf(api, before)).extraTimeMs).toBe(0);
  await end(api, before, 'cancelled');
  const id = await client.startSession('api-mock');
  expect(await client.get(`/sessions/${id}`, SessionView)).toMatchObject({ durationSeconds: 600, extraTimeSeconds: 150, clock: [] });
  expect((await rowOf(api, id)).extraTimeMs).toBe(150_000);
  expect((await give(0)).status).toBe(200);
  const deeds = await api.database.manager.find(AuditEntity, { order: { id: 'ASC' } });
  expect(deeds).toMatchObject([
    { action: 'user.extra_time', targetKind: 'user', targetId: userId, reason: 'Attested.', data: { from: 0, to: 25 } },
    { data: { from: 25, to: 0 } },
  ]);
});

test('extra time of nobody, or that is none', async () => {
  const { id: userId } = await (await api.candidate()).get('/users/me', UserView);
  const put = (id: string, body: unknown) => admin.send('PUT', `/admin/users/${id}/extra-time`, body);
  expectProblem(await put(randomUUID(), { percent: 25, reason: 'x' }), 404, 'USER_UNKNOWN');
  expectProblem(await put('somebody', { percent: 25, reason: 'x' }), 400, 'VALIDATION_FAILED');
  for (const body of [
    {},
    { percent: 25 },
    { percent: -1, reason: 'x' },
    { percent: 201, reason: 'x' },
    { percent: 12.5, reason: 'x' },
    { percent: '25', reason: 'x' },
  ]) {
    expectProblem(await put(userId, body), 400, 'VALIDATION_FAILED');
  }
  expect((await api.database.manager.findOneByOrFail(UserEntity, { id: userId })).extraTimePercent).toBe(0);
  expect(await api.database.manager.count(AuditEntity)).toBe(0);
});
