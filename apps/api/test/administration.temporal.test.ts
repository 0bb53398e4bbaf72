/** What administrators do, seen through to its effect: a real control worker, and a host whose environments are made of nothing. */
import { AuditPage, EnvironmentUse, type ExamSessionId, SessionView, UserView } from '@ckx/contracts';
import { testTemporal } from '@ckx/test-support';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { startWorkers, type Workers } from './workers.ts';

/** Well below the 25 s after which one who waits looks by itself. */
const SOON_MS = 15_000;
const reason = 'A test.';
const hostId = 'host-of-test';
let api: TestApi;
let workers: Workers;
let admin: ApiClient;

beforeAll(async () => {
  const temporal = await testTemporal();
  api = await startApi({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '3600000' });
  workers = await startWorkers(temporal, api.database, () => Promise.resolve());
  admin = await api.admin();
});
afterAll(async () => {
  await api.close();
  await workers.stop();
});

const deeds = async (id: ExamSessionId) =>
  (await admin.get(`/admin/audit?targetKind=session&targetId=${id}`, AuditPage)).entries.map(({ action }) => action).toReversed();

async function waiting(client: ApiClient, text: string): Promise<ExamSessionId> {
  const id = await client.startSession('api-mock');
  await expect.poll(async () => (await client.status(id)).waiting?.reason, { timeout: SOON_MS }).toContain(text);
  return id;
}

test('a host is there', async () => {
  await expect.poll(async () => (await fetch(`${api.url}/health/ready`)).status, { timeout: 20_000 }).toBe(200);
});

test('extra time is in the clock from its start, and credit is given once, on record', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  await admin.send('PUT', `/admin/users/${userId}/extra-time`, { percent: 50, reason });
  const id = await client.startSession('api-mock');
  await client.waitForState(id, 'ready', SOON_MS);
  const credit = { minutes: 2, reason: 'The network was down.', id: randomUUID() };
  expectProblem(await admin.send('POST', `/admin/sessions/${id}/credit`, { ...credit, id: randomUUID() }), 409, 'CREDIT_REFUSED');
  await client.send('POST', `/sessions/${id}/start`);
  const { startedAt } = await client.waitForState(id, 'running', SOON_MS);
  for (let times = 0; times < 2; times += 1) {
    expect((await admin.send('POST', `/admin/sessions/${id}/credit`, credit)).status).toBe(200);
  }
  expect(await deeds(id)).toEqual(['session.credit', 'session.credit_refused', 'session.credit']);
  const minutes = async () => (Date.parse((await client.status(id)).deadlineAt ?? '') - Date.parse(startedAt ?? '')) / 60_000;
  // Ten of the lab, half of that on top, two of credit.
  await expect.poll(minutes, { timeout: SOON_MS }).toBe(17);

  const use = await client.get(`/sessions/${id}/inspect`, EnvironmentUse);
  expect(use.executionEnvironmentId).toBe((await client.get(`/sessions/${id}`, SessionView)).executionEnvironmentId);
  expect((await admin.send('GET', `/sessions/${id}/inspect`)).status).toBe(200);

  await client.send('POST', `/sessions/${id}/submit`);
  await client.waitFor(id, ({ attempt }) => attempt === 'graded', SOON_MS);
  expect((await admin.send('POST', `/admin/sessions/${id}/void`, { reason })).body).toMatchObject({ attempt: 'void' });
});

test('an open session that is voided ends, and its attempt is void', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  await client.waitForState(id, 'ready', SOON_MS);
  await client.send('POST', `/sessions/${id}/start`);
  await client.waitForState(id, 'running', SOON_MS);
  await admin.send('POST', `/admin/sessions/${id}/void`, { reason });
  const over = await client.waitFor(id, ({ attempt }) => attempt === 'void', SOON_MS);
  expect(over).toMatchObject({ state: 'terminated', outcome: 'terminated_by_admin' });
});

test('a host that drains takes nobody; those who wait are told why, and are admitted as soon as it is back', async () => {
  const [before, client] = [await api.candidate(), await api.candidate()];
  const running = await before.startSession('api-mock');
  await before.waitForState(running, 'ready', SOON_MS);
  await admin.send('POST', `/admin/hosts/${hostId}/drain`, { reason });
  const id = await waiting(client, 'No host takes sessions');
  expect((await before.status(running)).state).toBe('ready');
  await admin.send('POST', `/admin/hosts/${hostId}/resume`, { reason });
  await client.waitForState(id, 'ready', SOON_MS);
});

test('sessions that wait while maintenance is on are told so, and are admitted as soon as it is over', async () => {
  const client = await api.candidate();
  await admin.send('POST', `/admin/hosts/${hostId}/drain`, { reason });
  const id = await waiting(client, 'No host takes sessions');
  await admin.send('PUT', '/admin/maintenance', { on: true, message: 'Back at noon.' });
  await admin.send('POST', `/admin/hosts/${hostId}/resume`, { reason });
  const rehearsal = await admin.send('POST', '/sessions', { labId: 'api-mock', rehearsal: true });
  const { examSessionId } = SessionView.parse(rehearsal.body);
  await admin.waitForState(examSessionId, 'ready', SOON_MS);
  expect((await client.status(id)).state).toBe('created');
  await admin.send('PUT', '/admin/maintenance', { on: false });
  await client.waitForState(id, 'ready', SOON_MS);
});

test('one who waits may leave the queue', async () => {
  const client = await api.candidate();
  await admin.send('POST', `/admin/hosts/${hostId}/drain`, { reason });
  const id = await waiting(client, 'No host takes sessions');
  expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
  await client.waitFor(id, ({ outcome }) => outcome === 'cancelled', SOON_MS);
  await admin.send('POST', `/admin/hosts/${hostId}/resume`, { reason });
});

test('the session of an account that is disabled ends, and gives its place back', async () => {
  const client = await api.candidate();
  const { id: userId } = await client.get('/users/me', UserView);
  const id = await client.startSession('api-mock');
  await client.waitForState(id, 'ready', SOON_MS);
  expect((await admin.send('PUT', `/admin/users/${userId}/disabled`, { disabled: true, reason })).status).toBe(200);
  await expect
    .poll(async () => await admin.get(`/sessions/${id}`, SessionView), { timeout: SOON_MS })
    .toMatchObject({ state: 'terminated', outcome: 'terminated_by_admin' });
  expect(await deeds(id)).toEqual(['session.terminate']);
  await expect
    .poll(() => api.database.query(`SELECT state FROM environments WHERE exam_session_id = $1`, [id]), { timeout: SOON_MS })
    .toEqual([{ state: 'destroyed' }]);
});
