import { AccessStatus, AuditPage, LabSummary, PassId, PassView, SessionView, UserView } from '@ckx/contracts';
import { AccessPassEntity, ExamAttemptEntity, ExamSessionEntity, MailEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { advance, create, emptyDatabase, end, rowOf } from './session-records.ts';

/** Access to full labs over HTTP. Temporal is where nobody listens: what is decided, is decided in Postgres. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

const idOf = async (client: ApiClient) => (await client.get('/users/me', UserView)).id;
const status = (client: ApiClient) => client.get('/access/status', AccessStatus);
const activate = (client: ApiClient, id: string) => client.send('POST', `/access/activate/${id}`);
const NO_ACCESS = {
  valid: false,
  type: null,
  passId: null,
  expiresAt: null,
  remainingSeconds: 0,
  accessUntil: null,
  upcoming: [],
  waiting: [],
};

test('the catalogue shows full labs to those who have an account, mock labs to everybody', async () => {
  const ids = async (client: ApiClient, query = '') => (await client.get(`/labs${query}`, z.array(LabSummary))).map(({ id }) => id);
  const [anonymous, client] = [new ApiClient(api.url), await api.candidate()];
  expect([await ids(anonymous), await ids(client)]).toEqual([['api-mock'], ['api-full', 'api-mock']]);
  expect([await ids(anonymous, '?type=full'), await ids(client, '?type=full')]).toEqual([[], ['api-full']]);
  expect(await ids(client, '?category=HELM')).toEqual([]);
  expectProblem(await client.send('GET', '/labs?type=free'), 400, 'VALIDATION_FAILED');
  expectProblem(await new ApiClient(api.url, 'nonsense').send('GET', '/labs'), 401, 'UNAUTHENTICATED');
});

describe('a full lab', () => {
  test('is refused without a pass: where the prices are, and that none waits', async () => {
    const client = await api.candidate();
    expect(await status(client)).toEqual(NO_ACCESS);
    const problem = expectProblem(await create(client, 'api-full'), 403, 'PASS_REQUIRED');
    expect(problem.details).toEqual({ waitingPassId: null, pricing: '/pricing' });
    expect(await api.database.manager.count(ExamSessionEntity)).toBe(0);
  });

  test('activates the oldest pass that waits, and not before it is asked to', async () => {
    const client = await api.candidate();
    const userId = await idOf(client);
    await insertPass(api.database.manager, userId, { purchasedAt: new Date(Date.now() - 60_000) });
    const oldest = await insertPass(api.database.manager, userId, { purchasedAt: new Date(Date.now() - 120_000) });
    const refused = await client.send('POST', '/sessions', { labId: 'api-full', activatePass: false });
    expect(expectProblem(refused, 403, 'PASS_REQUIRED').details).toEqual({ waitingPassId: oldest, pricing: '/pricing' });
    expect(await status(client)).toMatchObject({ valid: false, waiting: [{ id: oldest }, {}] });

    const session = SessionView.parse((await create(client, 'api-full')).body);
    expect((await rowOf(api, session.examSessionId)).accessPassId).toBe(oldest);
    const now = await status(client);
    expect(now).toMatchObject({ valid: true, type: '38_hours', passId: oldest, waiting: [{}], upcoming: [] });
    expect(now.remainingSeconds).toBeGreaterThan(38 * 3600 - 60);
    // Told again as soon as somebody listens.
    expect(await api.database.manager.findOneBy(AccessPassEntity, { id: oldest })).toMatchObject({ revision: 1, heardRevision: 0 });
  });

  test('that does not begin activates nothing', async () => {
    const client = await api.candidate();
    const id = await insertPass(api.database.manager, await idOf(client));
    await client.startSession('api-mock');
    expectProblem(await create(client, 'api-full'), 409, 'SESSION_ACTIVE');
    expect((await api.database.manager.findOneByOrFail(AccessPassEntity, { id })).status).toBe('purchased');
    expect(await api.database.manager.countBy(MailEntity, { kind: 'pass_activated' })).toBe(0);
  });

  test('may be sat again and again while the pass is valid, and never after', async () => {
    const client = await api.candidate();
    const id = await insertRunningPass(api.database.manager, await idOf(client));
    for (let times = 0; times < 3; times += 1) await end(api, await client.startSession('api-full'), 'cancelled');
    await api.database.manager.update(AccessPassEntity, id, { expiresAt: new Date() });
    expectProblem(await create(client, 'api-full'), 403, 'PASS_REQUIRED');
  });

  test('taken from its candidate gives the pass its time back, once; a mock lab has none to give', async () => {
    const [client, admin] = [await api.candidate(), await api.admin()];
    const userId = await idOf(client);
    const passId = await insertRunningPass(api.database.manager, userId);
    const expiry = async () => (await api.database.manager.findOneByOrFail(AccessPassEntity, { id: passId })).expiresAt?.getTime() ?? 0;
    const before = await expiry();
    const id = await client.startSession('api-full');
    await api.database.manager.update(ExamSessionEntity, id, { createdAt: new Date(Date.now() - 600_000) });
    await advance(api, id, 'initializing', 'ready', 'running');
    await api.database.manager.insert(ExamAttemptEntity, { examSessionId: id, userId, labId: (await rowOf(api, id)).labId, labDigest: (await rowOf(api, id)).labDigest, state: 'graded', earned: 1, possible: 2, percent: 50, passed: false, accessPassId: passId }); // prettier-ignore
    await end(api, id, 'submitted');
    expect(await expiry()).toBe(before);
    for (let times = 0; times < 3; times += 1) {
      expect((await admin.send('POST', `/admin/sessions/${id}/void`, { reason: 'The image was broken.' })).status).toBe(202);
    }
    const back = (await expiry()) - before;
    expect(back).toBeGreaterThanOrEqual(600_000);
    expect(back).toBeLessThan(660_000);
    const { passTimeReturnedMs, endedAt, createdAt } = await rowOf(api, id);
    expect([passTimeReturnedMs, (endedAt?.getTime() ?? 0) - createdAt.getTime()]).toEqual([back, back]);
    expect(await api.database.manager.countBy(MailEntity, { kind: 'attempt_voided' })).toBe(1);

    const another = await client.startSession('api-full');
    await end(api, another, 'terminated_by_admin');
    expect(await expiry()).toBe(before + back + ((await rowOf(api, another)).passTimeReturnedMs ?? Number.NaN));
    const mock = await client.startSession('api-mock');
    await end(api, mock, 'terminated_by_admin');
    expect((await rowOf(api, mock)).passTimeReturnedMs).toBeNull();
  });
});

test('two hundred activations and starts of one candidate at once: one active session, one activation', { timeout: 120_000 }, async () => {
  const client = await api.candidate();
  const userId = await idOf(client);
  const ids = await Promise.all(
    [3, 2, 1].map((minutes) => insertPass(api.database.manager, userId, { purchasedAt: new Date(Date.now() - minutes * 60_000) })),
  );
  const oldest = PassId.parse(ids[0]);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? activate(client, oldest) : create(client, 'api-full'))),
  );
  const codes = answers.map(({ status: http, body }) => (http < 300 ? String(http) : z.object({ code: z.string() }).parse(body).code));
  const counts = Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));
  expect(counts['202']).toBe(1);
  expect(counts['SESSION_ACTIVE']).toBe(99);
  expect((counts['200'] ?? 0) + (counts['PASS_ALREADY_ACTIVATED'] ?? 0)).toBe(100);
  expect(counts['200'] ?? 0).toBeLessThanOrEqual(1);
  const rows = await api.database.manager.findBy(AccessPassEntity, { userId });
  expect(rows.filter((row) => row.status === 'activated').map(({ id, revision }) => [id, revision])).toEqual([[oldest, 1]]);
  expect(await api.database.manager.countBy(MailEntity, { userId, kind: 'pass_activated' })).toBe(1);
  expect(await api.database.manager.countBy(ExamSessionEntity, { userId, accessPassId: oldest })).toBe(1);
});

test('passes that are activated by hand follow each other', async () => {
  const client = await api.candidate();
  const userId = await idOf(client);
  const [first, second] = [await insertPass(api.database.manager, userId), await insertPass(api.database.manager, userId)];
  const one = AccessStatus.parse((await activate(client, second)).body);
  expect(one).toMatchObject({ valid: true, passId: second, waiting: [{ id: first }] });
  const two = AccessStatus.parse((await activate(client, first)).body);
  expect(two).toMatchObject({ passId: second, expiresAt: one.expiresAt, waiting: [], upcoming: [{ id: first, startsAt: one.expiresAt }] });
  expect(two.accessUntil).toBe(two.upcoming[0]?.expiresAt);
  expectProblem(await activate(client, first), 409, 'PASS_ALREADY_ACTIVATED');
});

test('nobody sees or activates another’s pass, and nonsense is refused', async () => {
  const [client, other] = [await api.candidate(), await api.candidate()];
  const id = await insertPass(api.database.manager, await idOf(other));
  expectProblem(await activate(client, id), 404, 'PASS_UNKNOWN');
  expectProblem(await activate(client, randomUUID()), 404, 'PASS_UNKNOWN');
  expectProblem(await activate(client, 'nonsense'), 400, 'VALIDATION_FAILED');
  expect(await client.get('/access/passes', z.array(PassView))).toEqual([]);
  const anonymous = new ApiClient(api.url);
  for (const path of ['status', 'passes']) expectProblem(await anonymous.send('GET', `/access/${path}`), 401, 'UNAUTHENTICATED');
  expectProblem(await activate(anonymous, id), 401, 'UNAUTHENTICATED');
});

describe('administrators', () => {
  const reason = 'A workshop.';
  const grant = (admin: ApiClient, userId: string, body: object) => admin.send('POST', `/admin/users/${userId}/passes`, body);

  test('give a pass once per id, and take it away with a reason that its owner reads', async () => {
    const [client, admin] = [await api.candidate(), await api.admin()];
    const userId = await idOf(client);
    const id = randomUUID();
    for (let times = 0; times < 2; times += 1) {
      const answer = await grant(admin, userId, { id, type: '1_week', reason });
      expect([answer.status, PassView.parse(answer.body)]).toMatchObject([
        201,
        { id, type: '1_week', status: 'purchased', source: 'grant' },
      ]);
    }
    expect((await activate(client, id)).status).toBe(200);
    for (let times = 0; times < 2; times += 1) {
      const answer = await admin.send('POST', `/admin/passes/${id}/revoke`, { reason: 'Given by mistake.' });
      expect([answer.status, PassView.parse(answer.body).status]).toEqual([200, 'revoked']);
    }
    const [own] = await client.get('/access/passes', z.array(PassView));
    expect(own?.revoked).toMatchObject({ why: 'administrator', reason: 'Given by mistake.' });
    expect(await admin.get(`/admin/users/${userId}/passes`, z.array(PassView))).toEqual([own]);
    expect(await status(client)).toEqual(NO_ACCESS);
    expectProblem(await create(client, 'api-full'), 403, 'PASS_REQUIRED');
    const { entries } = await admin.get(`/admin/audit?targetKind=pass&targetId=${id}`, AuditPage);
    expect(entries.map(({ action, reason: said, data }) => [action, said, data])).toEqual([
      ['pass.revoke', 'Given by mistake.', { userId, was: 'activated' }],
      ['pass.grant', reason, { userId, type: '1_week' }],
    ]);
  });

  test('are told what cannot be done', async () => {
    const [client, admin] = [await api.candidate(), await api.admin()];
    const userId = await idOf(client);
    const id = randomUUID();
    expectProblem(await grant(admin, randomUUID(), { id, type: '1_week', reason }), 404, 'USER_UNKNOWN');
    expectProblem(await admin.send('GET', `/admin/users/${randomUUID()}/passes`), 404, 'USER_UNKNOWN');
    expectProblem(await admin.send('POST', `/admin/passes/${id}/revoke`, { reason }), 404, 'PASS_UNKNOWN');
    expect((await grant(admin, userId, { id, type: '1_week', reason })).status).toBe(201);
    expectProblem(await grant(admin, userId, { id, type: '2_weeks', reason }), 409, 'PASS_ID_TAKEN');
    expectProblem(await grant(admin, await idOf(admin), { id, type: '1_week', reason }), 409, 'PASS_ID_TAKEN');
    const over = await insertRunningPass(api.database.manager, userId, {
      startsAt: Date.now() - 7_200_000,
      expiresAt: Date.now() - 3_600_000,
    });
    await api.database.manager.update(AccessPassEntity, over, { status: 'expired', expiredAt: new Date() });
    expectProblem(await admin.send('POST', `/admin/passes/${over}/revoke`, { reason }), 409, 'PASS_OVER');
    for (const body of [
      {},
      { id, type: '1_year', reason },
      { id, type: '1_week', reason: ' ' },
      { id, type: '1_week', reason, status: 'activated' },
    ]) {
      expectProblem(await grant(admin, userId, body), 400, 'VALIDATION_FAILED');
    }
    expectProblem(await admin.send('POST', `/admin/passes/${over}/revoke`, {}), 400, 'VALIDATION_FAILED');
    expectProblem(await admin.send('POST', '/admin/passes/x/revoke', { reason }), 400, 'VALIDATION_FAILED');
  });

  test('are who they say', async () => {
    const client = await api.candidate();
    const userId = await idOf(client);
    expectProblem(await grant(client, userId, { id: randomUUID(), type: '1_week', reason }), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('GET', `/admin/users/${userId}/passes`), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('POST', `/admin/passes/${randomUUID()}/revoke`, { reason }), 403, 'ADMIN_ONLY');
  });
});
