import { AdminUserView, AuditPage, SessionView, TokenPair, UserPage, UserView } from '@ckx/contracts';
import { AuditEntity, ExamSessionEntity, UserEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertUser } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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

async function person(role: 'candidate' | 'admin' = 'candidate') {
  const mine = { email: `p-${randomUUID()}@example.org`, password: 'correct horse battery' };
  const { id } = UserView.parse((await new ApiClient(api.url).send('POST', '/auth/register', { ...mine, name: 'Grace Hopper' })).body);
  await api.database.manager.update(UserEntity, { id }, { role });
  return { id, ...mine, client: await ApiClient.login(api.url, mine) };
}
const put = (client: ApiClient, id: string, what: 'role' | 'disabled', value: unknown, reason: unknown = 'A test.') =>
  client.send('PUT', `/admin/users/${id}/${what}`, { [what]: value, reason });

test('accounts are found by name, role and whether they are disabled', async () => {
  const { id, email } = await person();
  const found = async (query: string) => (await admin.get(`/admin/users?${query}`, UserPage)).users.map((user) => user.id);
  expect(await found('name=hOPPer')).toEqual([id]);
  expect(await found('name=%25')).toEqual([]);
  expect(await found('role=candidate')).toEqual([id]);
  expect(await found('disabled=true')).toEqual([]);
  await put(admin, id, 'disabled', true);
  expect(await found('disabled=true&role=candidate')).toEqual([id]);
  expect(await admin.get(`/admin/users/${id}`, AdminUserView)).toMatchObject({ email, disabled: true });
  expectProblem(await admin.send('GET', `/admin/users/${randomUUID()}`), 404, 'USER_UNKNOWN');
  for (const query of ['role=king', 'disabled=perhaps'])
    expectProblem(await admin.send('GET', `/admin/users?${query}`), 400, 'VALIDATION_FAILED');
});

test('a role is changed at once, without a new sign-in; who did it and from where is in the audit log, once', async () => {
  const { id, client } = await person();
  expectProblem(await client.send('GET', '/admin/users'), 403, 'ADMIN_ONLY');
  for (let times = 0; times < 2; times += 1) expect(AdminUserView.parse((await put(admin, id, 'role', 'admin')).body).role).toBe('admin');
  expect((await client.send('GET', '/admin/users')).status).toBe(200);
  expect((await put(client, id, 'role', 'candidate')).status).toBe(200);
  expectProblem(await client.send('GET', '/admin/users'), 403, 'ADMIN_ONLY');
  const { id: rootId } = await admin.get('/users/me', UserView);
  const { entries } = await admin.get(`/admin/audit?targetKind=user&targetId=${id}`, AuditPage);
  expect(entries).toMatchObject([
    { actorId: id, action: 'user.role', data: { from: 'admin', to: 'candidate' } },
    { actorId: rootId, action: 'user.role', reason: 'A test.', data: { from: 'candidate', to: 'admin' } },
  ]);
  for (const { address } of entries) expect(address).toMatch(/127\.0\.0\.1$/);
});

test('a disabled account is out at once and stays out; enabled it signs in again', async () => {
  const { id, email, password, client } = await person();
  const tokens = TokenPair.parse((await new ApiClient(api.url).send('POST', '/auth/login', { email, password })).body);
  expect(AdminUserView.parse((await put(admin, id, 'disabled', true)).body).disabled).toBe(true);
  expectProblem(await client.send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
  const anonymous = new ApiClient(api.url);
  expectProblem(await anonymous.send('POST', '/auth/refresh', { refreshToken: tokens.refreshToken }), 401, 'REFRESH_TOKEN_INVALID');
  expectProblem(await anonymous.send('POST', '/auth/login', { email, password }), 401, 'INVALID_CREDENTIALS');
  expect((await put(admin, id, 'disabled', false)).status).toBe(200);
  expectProblem(await client.send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
  expect((await anonymous.send('POST', '/auth/login', { email, password })).status).toBe(200);
  const { entries } = await admin.get(`/admin/audit?targetKind=user&targetId=${id}`, AuditPage);
  expect(entries.map(({ action }) => action)).toEqual(['user.enable', 'user.disable']);
});

test('the session of an account that is disabled is ended, on record, once; one that was handed in before is not', async () => {
  const { id, client } = await person();
  const session = await client.startSession('api-mock');
  for (let times = 0; times < 2; times += 1) expect((await put(admin, id, 'disabled', true, 'Shared it.')).status).toBe(200);
  expect(await rowOf(api, session)).toMatchObject({
    terminateRequest: { outcome: 'terminated_by_admin', reason: 'The account was disabled.' },
    terminateRequestedAt: expect.any(Date) as Date,
  });
  const { entries } = await admin.get(`/admin/audit?targetKind=session&targetId=${session}`, AuditPage);
  expect(entries).toMatchObject([{ action: 'session.terminate', reason: 'Shared it.', data: { by: 'user.disable' } }]);

  const other = await person();
  const handedIn = await other.client.startSession('api-mock');
  await api.database.manager.update(
    ExamSessionEntity,
    { id: handedIn },
    { state: 'running', startedAt: new Date(), submitRequestedAt: new Date() },
  );
  await put(admin, other.id, 'disabled', true);
  expect((await rowOf(api, handedIn)).terminateRequest).toBeNull();
});

test('an account that is disabled while it starts a session has none that goes on', async () => {
  for (let times = 0; times < 6; times += 1) {
    const { id, client } = await person();
    const start = async () => {
      await sleep(times * 8);
      return await client.send('POST', '/sessions', { labId: 'api-mock' });
    };
    const [disabled, started] = await Promise.all([put(admin, id, 'disabled', true), start()]);
    expect(disabled.status).toBe(200);
    expect([202, 401]).toContain(started.status);
    const open = await api.database.manager.findBy(ExamSessionEntity, { userId: id });
    expect(open).toHaveLength(started.status === 202 ? 1 : 0);
    for (const { terminateRequest } of open) expect(terminateRequest).not.toBeNull();
  }
});

test('the last administrator stays one; of two who remove each other at once one stays', async () => {
  const { id } = await admin.get('/users/me', UserView);
  expectProblem(await put(admin, id, 'role', 'candidate'), 409, 'LAST_ADMIN');
  expectProblem(await put(admin, id, 'disabled', true), 409, 'LAST_ADMIN');
  const other = await person('admin');
  const answers = await Promise.all([put(admin, other.id, 'role', 'candidate'), put(other.client, id, 'disabled', true)]);
  // The first of them is obeyed; the second is none any more, signed out, or the last.
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(answers.map(({ status }) => status)).not.toEqual([200, 200]);
  const left: unknown = await api.database.query(`SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL`);
  expect(left).toHaveLength(1);
});

test.each([
  ['role', 'king'],
  ['role', ''],
  ['role', true],
  ['disabled', 'yes'],
  ['disabled', null],
] as const)('%s: %j is refused', async (what, value) => {
  const { id } = await person();
  expectProblem(await put(admin, id, what, value), 400, 'VALIDATION_FAILED');
  expectProblem(await put(admin, id, what, what === 'role' ? 'admin' : true, ' '), 400, 'VALIDATION_FAILED');
  expectProblem(await put(admin, randomUUID(), what, what === 'role' ? 'admin' : true), 404, 'USER_UNKNOWN');
  expect(await api.database.manager.count(AuditEntity)).toBe(0);
});
