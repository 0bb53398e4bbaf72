import {
  AuditPage,
  type ExamSessionId,
  HostId,
  HostView,
  Maintenance,
  PoolView,
  SessionStats,
  SessionView,
  WARM_POOL_SETTING,
} from '@ckx/contracts';
import { AuditEntity, type EnvironmentRow, HostEntity, SessionEventEntity, SettingEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { advance, create, emptyDatabase, end } from './session-records.ts';

/** Temporal is where nobody listens: what administrators set holds without the engine. */
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

const deeds = async () => (await api.database.manager.find(AuditEntity, { order: { id: 'ASC' } })).map(({ action }) => action);

describe('maintenance', () => {
  test('refuses new sessions with the message, lets rehearsals begin, and ends', async () => {
    const client = await api.candidate();
    expect(await admin.get('/admin/maintenance', Maintenance)).toEqual({ on: false, message: '' });
    const on = { on: true, message: 'Back at noon.' };
    expect((await admin.send('PUT', '/admin/maintenance', on)).body).toEqual(on);
    const answer = await create(client);
    const problem = expectProblem(answer, 503, 'MAINTENANCE');
    expect(problem.details).toMatchObject({ message: 'Back at noon.' });
    expect(answer.headers.get('retry-after')).toBe('300');
    expectProblem(await create(admin), 503, 'MAINTENANCE');
    expect((await admin.send('POST', '/sessions', { labId: 'api-mock', rehearsal: true })).status).toBe(202);
    expect((await client.get('/sessions/stats', SessionStats)).maintenance).toEqual(on);
    const ready = await fetch(`${api.url}/health/ready`);
    expect(await ready.json()).toMatchObject({ maintenance: on });
    expect((await admin.send('PUT', '/admin/maintenance', { on: false })).body).toEqual({ on: false, message: '' });
    expect((await create(client)).status).toBe(202);
    const [first, second] = await api.database.manager.find(AuditEntity, { order: { id: 'ASC' } });
    expect(first).toMatchObject({
      action: 'installation.maintenance',
      targetId: 'maintenance',
      reason: 'Back at noon.',
      data: { on: true },
    });
    expect(second).toMatchObject({ reason: null, data: { on: false, was: on } });
  });

  test.each([
    {},
    { on: true },
    { on: true, message: '  ' },
    { on: 'yes', message: 'x' },
    { on: true, message: 'x'.repeat(301) },
    { on: false, more: 1 },
    [],
  ])('is not set by %j', async (body) => {
    expectProblem(await admin.send('PUT', '/admin/maintenance', body), 400, 'VALIDATION_FAILED');
    expect(await deeds()).toEqual([]);
  });
});

describe('hosts', () => {
  const one = async (id: HostId) => (await admin.get('/admin/hosts', z.array(HostView))).find(({ hostId }) => hostId === id);

  test('are shown with what is taken of them', async () => {
    const id = await insertHost(api.database.manager, { cpuMillis: 10_000, memoryMib: 20_000, bootSlots: 3 });
    await insertEnvironment(api.database.manager, { hostId: id, subnet: '10.213.0.0/26' });
    await insertEnvironment(api.database.manager, { hostId: id, subnet: '10.213.0.64/26', state: 'lost' });
    await insertEnvironment(api.database.manager, { hostId: id, subnet: '10.213.0.128/26', state: 'destroyed', destroyedAt: new Date() });
    expect(await one(id)).toMatchObject({
      state: 'active',
      draining: false,
      capacity: { cpuMillis: 10_000, memoryMib: 20_000, bootSlots: 3 },
      used: { cpuMillis: 5_000, memoryMib: 9_216, environments: 2, booting: 1 },
      engine: { version: '29.0.0', userNamespaces: true, thinWalls: [] },
    });
  });

  test('are drained and taken back, each once in the audit log; a lost one stays lost and drains when it is back', async () => {
    const id = await insertHost(api.database.manager);
    const ask = (what: 'drain' | 'resume') => admin.send('POST', `/admin/hosts/${id}/${what}`, { reason: 'New disks.' });
    for (let times = 0; times < 2; times += 1) expect((await ask('drain')).body).toMatchObject({ state: 'draining', draining: true });
    expect(await deeds()).toEqual(['host.drain']);
    expect((await ask('resume')).body).toMatchObject({ state: 'active', draining: false });
    await api.database.manager.update(HostEntity, id, { state: 'lost' });
    expect((await ask('drain')).body).toMatchObject({ state: 'lost', draining: true });
    expect((await ask('resume')).body).toMatchObject({ state: 'lost', draining: false });
    expect(await deeds()).toEqual(['host.drain', 'host.resume', 'host.drain', 'host.resume']);
  });

  test('tell those who sit on them of maintenance, and that it is over; nobody else', async () => {
    const [hostId, elsewhere] = [await insertHost(api.database.manager), await insertHost(api.database.manager)];
    const sit = async (on: HostId, subnet: string, ...states: ('initializing' | 'ready' | 'running')[]) => {
      const { examSessionId: id } = SessionView.parse((await create(await api.candidate())).body);
      await insertEnvironment(api.database.manager, { hostId: on, subnet, examSessionId: id });
      await advance(api, id, ...states);
      return id;
    };
    const running = await sit(hostId, '10.213.0.0/26', 'initializing', 'ready', 'running');
    const preparing = await sit(hostId, '10.213.0.64/26', 'initializing');
    const ended = await sit(hostId, '10.213.0.128/26', 'initializing');
    await end(api, ended, 'cancelled');
    const other = await sit(elsewhere, '10.213.0.192/26', 'initializing', 'ready', 'running');
    const told = async (examSessionId: ExamSessionId) =>
      (await api.database.manager.find(SessionEventEntity, { where: { examSessionId, kind: 'maintenance' }, order: { id: 'ASC' } })).map(
        ({ data }) => data,
      );
    const drain = (body: object) => admin.send('POST', `/admin/hosts/${hostId}/drain`, { reason: 'New disks.', ...body });
    await drain({});
    expect(await told(running)).toEqual([]);
    await drain({ message: 'New disks at noon.' });
    const late = await sit(hostId, '10.213.1.0/26', 'initializing');
    const announced = { on: true, message: 'New disks at noon.' };
    for (const id of [running, preparing]) expect(await told(id)).toEqual([announced]);
    await admin.send('POST', `/admin/hosts/${hostId}/resume`, { reason: 'Done.' });
    for (const id of [running, preparing]) expect(await told(id)).toEqual([announced, { on: false }]);
    for (const id of [ended, other, late]) expect(await told(id)).toEqual([]);
    expect(await deeds()).toEqual(['host.drain', 'host.drain', 'host.resume']);
  });

  test('that are not there, or are no names', async () => {
    const drain = (id: string, body: unknown = { reason: 'x' }) => admin.send('POST', `/admin/hosts/${encodeURIComponent(id)}/drain`, body);
    expectProblem(await drain('nowhere'), 404, 'HOST_UNKNOWN');
    expectProblem(await drain('No Where'), 400, 'VALIDATION_FAILED');
    expectProblem(await drain("x'; DROP TABLE hosts; --"), 400, 'VALIDATION_FAILED');
    const id = await insertHost(api.database.manager);
    for (const body of [[], {}, { reason: '' }, { reason: 'x', force: true }, { reason: 'a\0b' }]) {
      expectProblem(await drain(id, body), 400, 'VALIDATION_FAILED');
    }
    expect(await deeds()).toEqual([]);
  });
});

test('the warm pool is shown host by host, as its keepers fill it', async () => {
  const { manager } = api.database;
  expect(await admin.get('/admin/pool', PoolView)).toEqual({ size: 0, hosts: [] });
  const [full, away] = [await insertHost(manager), await insertHost(manager, { state: 'lost' })];
  let place = 0;
  const insert = (values: Partial<EnvironmentRow>) =>
    insertEnvironment(manager, { hostId: full, subnet: `10.213.${(place += 1)}.0/26`, ...values });
  const gone = { state: 'destroyed', destroyedAt: new Date() } as const;
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  for (const values of [
    { state: 'ready', readyAt: new Date() },
    { state: 'ready', readyAt: new Date() },
    { state: 'provisioning' },
    { state: 'destroying', readyAt: new Date() },
    gone,
    { ...gone, createdAt: yesterday },
    { ...gone, readyAt: new Date() },
  ] as const) {
    await insert(values);
  }
  // Three that are sessions', of which two were made before them, one of these long ago.
  for (const [bornWarm, createdAt] of [
    [true, new Date()],
    [true, yesterday],
    [false, new Date()],
  ] as const) {
    const id = await insert({ examSessionId: await insertSession(manager), createdAt });
    if (bornWarm) await manager.query(`UPDATE environments SET spec = spec || '{"bornWarm": true}' WHERE id = $1`, [id]);
  }
  await manager.insert(SettingEntity, { name: WARM_POOL_SETTING, value: { size: 3 } });
  const shown = { hostId: full, wanted: 3, ready: 2, filling: 1, leaving: 1, lastDay: { taken: 1, neverReady: 1 } };
  const none = { hostId: away, wanted: 0, ready: 0, filling: 0, leaving: 0, lastDay: { taken: 0, neverReady: 0 } };
  const pool = await admin.get('/admin/pool', PoolView);
  expect(pool.size).toBe(3);
  expect(pool.hosts).toHaveLength(2);
  expect(pool.hosts).toEqual(expect.arrayContaining([shown, none]));
  await admin.send('PUT', '/admin/maintenance', { on: true, message: 'Disks.' });
  expect((await admin.get('/admin/pool', PoolView)).hosts).toContainEqual({ ...shown, wanted: 0 });
});

describe('the audit log', () => {
  test('is read page by page, newest first, and by target', async () => {
    const [one, other] = [await insertHost(api.database.manager), await insertHost(api.database.manager)];
    for (const id of [one, other, one]) {
      await admin.send('POST', `/admin/hosts/${id}/drain`, { reason: 'Disks.' });
      await admin.send('POST', `/admin/hosts/${id}/resume`, { reason: 'Done.' });
    }
    const all = await admin.get('/admin/audit', AuditPage);
    expect(all.entries).toHaveLength(6);
    expect(all.next).toBeNull();
    expect(all.entries[0]).toMatchObject({
      action: 'host.resume',
      targetId: one,
      reason: 'Done.',
      actorEmail: expect.stringContaining('admin-') as string,
    });
    const first = await admin.get('/admin/audit?limit=4', AuditPage);
    const second = await admin.get(`/admin/audit?limit=4&before=${first.next}`, AuditPage);
    expect([...first.entries, ...second.entries]).toEqual(all.entries);
    expect(second.next).toBeNull();
    expect((await admin.get(`/admin/audit?targetKind=host&targetId=${other}`, AuditPage)).entries).toHaveLength(2);
    expect((await admin.get('/admin/audit?targetKind=user', AuditPage)).entries).toEqual([]);
  });

  test.each(['limit=0', 'limit=201', 'limit=x', 'before=-1', 'before=1e30', 'targetKind=lab', 'targetId='])('refuses %s', async (query) => {
    expectProblem(await admin.send('GET', `/admin/audit?${query}`), 400, 'VALIDATION_FAILED');
  });
});
