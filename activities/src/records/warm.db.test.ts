/** Warm environments on a real Postgres: each goes to one session, or away, and never both. */
import { randomUUID } from 'node:crypto';
import { EnvironmentNeeds, ExecutionEnvironmentId, unitsOf, WARM_POOL_SETTING, type ExamSessionId, type HostId } from '@ckx/contracts';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  openDatabase,
  PortAllocationEntity,
  SettingEntity,
  type DataSource,
  type EnvironmentRow,
} from '@ckx/persistence';
import { sessionStats } from '@ckx/session-status';
import { insertHost, insertSession, LAB } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admissionRecords } from './admission.ts';
import { environmentRecords } from './environments.ts';
import { arrangePool } from './warm-pool.ts';
import { warmRecords } from './warm.ts';

const MINUTE = 60_000;
const units = unitsOf(LAB.needs);
const DEMAND = [{ needs: LAB.needs, sessions: 1 }];

let dataSource: DataSource;
let hostId: HostId;
let told: ExecutionEnvironmentId[];
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url, { poolSize: 20 });
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  await dataSource.query('TRUNCATE hosts, environments, port_allocations, exam_sessions, session_events, settings CASCADE');
  hostId = await insertHost(dataSource.manager, { bootSlots: 50 });
  told = [];
});

const wake = () => Promise.resolve();
const review = (executionEnvironmentId: ExecutionEnvironmentId, giveUp = false) =>
  warmRecords(dataSource, wake).reviewWarm({ executionEnvironmentId, giveUp });
const built = (executionEnvironmentId: ExecutionEnvironmentId) => warmRecords(dataSource, wake).recordWarm({ executionEnvironmentId });
const arrange = (size: number, demand = DEMAND) => arrangePool(dataSource, { size, maxConcurrentSessions: 50, demand });
const environment = (id: ExecutionEnvironmentId): Promise<EnvironmentRow> => dataSource.manager.findOneByOrFail(EnvironmentEntity, { id });

function admit(examSessionId: ExamSessionId) {
  const executionEnvironmentId = ExecutionEnvironmentId.parse(randomUUID());
  const tell = (ids: readonly ExecutionEnvironmentId[]) => Promise.resolve(void told.push(...ids));
  return admissionRecords(dataSource, { maxConcurrentSessions: 50, wake, tell }).admitSession({ examSessionId, executionEnvironmentId });
}

/** As many as are asked for, built. */
async function pool(size: number): Promise<ExecutionEnvironmentId[]> {
  for (let n = 1; n <= size; n += 1) for (const { executionEnvironmentId: id } of (await arrange(n)).open) await built(id);
  return (await arrange(size)).open.map(({ executionEnvironmentId }) => executionEnvironmentId);
}

async function resize(places: number): Promise<void> {
  await dataSource.manager.update(HostEntity, hostId, { memoryMib: units.memoryMib * places });
}

const remove = (executionEnvironmentId: ExecutionEnvironmentId) =>
  environmentRecords(dataSource, wake).releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });

it('is built one after the other, each with its own place, under its own id', async () => {
  const [first, second] = await pool(2);
  if (first === undefined || second === undefined) return expect.fail();
  const row = await environment(first);
  expect(row).toMatchObject({ examSessionId: null, state: 'ready', ...units, spec: { userId: first, examSessionId: first, hostId } });
  expect((await environment(second)).subnet).not.toBe(row.subnet);
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(8);
  // Full, and nothing more comes.
  expect((await arrange(2)).open).toHaveLength(2);
});

it('says how large the pool is to be, and when that changed', async () => {
  const said = () => dataSource.manager.findOneBy(SettingEntity, { name: WARM_POOL_SETTING });
  await arrange(2);
  const first = await said();
  expect(first?.value).toEqual({ size: 2 });
  await arrange(2);
  expect(await said()).toEqual(first);
  await arrange(0);
  expect((await said())?.value).toEqual({ size: 0 });
});

it('becomes the session’s own with the place that it has, and only one session’s', async () => {
  const ids = await pool(3);
  const sessions = await Promise.all(Array.from({ length: 5 }, () => insertSession(dataSource.manager)));
  for (let round = 0; round < 5; round += 1) await Promise.all(sessions.map((id) => admit(id)));
  const rows = await dataSource.manager.find(EnvironmentEntity);
  expect(new Set(rows.map(({ examSessionId }) => examSessionId))).toEqual(new Set(sessions));
  const bound = rows.filter(({ id }) => ids.includes(id));
  expect(bound).toHaveLength(3);
  for (const { id, spec, state, examSessionId } of bound) {
    expect(spec).toMatchObject({ bornWarm: true, executionEnvironmentId: id, examSessionId, category: 'CKAD', needs: LAB.needs });
    expect(state).toBe('ready');
    const { userId } = await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id: examSessionId ?? expect.fail() });
    expect(spec.userId).toBe(userId);
    expect(await review(id, true)).toBe('not_ours');
  }
  expect(rows.filter(({ spec }) => spec.bornWarm === undefined)).toHaveLength(2);
  expect(told.toSorted()).toEqual(ids.toSorted());
});

it('asked again after a lost answer, says the same', async () => {
  await pool(1);
  const id = await insertSession(dataSource.manager);
  const first = await admit(id);
  expect(first).toMatchObject({ admitted: true, environment: { bornWarm: true } });
  expect(await admit(id)).toEqual(first);
});

it('goes to a session or away, whoever is quicker, and never both', async () => {
  for (let round = 0; round < 12; round += 1) {
    const [id] = await pool(1);
    if (id === undefined) return expect.fail();
    const session = await insertSession(dataSource.manager);
    const [place, standing] = await Promise.all([admit(session), review(id, true)]);
    const bound = place.admitted && place.environment.executionEnvironmentId === id;
    expect(standing).toBe(bound ? 'not_ours' : 'leaves');
    expect(await environment(id)).toMatchObject(
      bound ? { state: 'ready', examSessionId: session } : { state: 'destroying', examSessionId: null },
    );
    for (const { id: each } of await dataSource.manager.find(EnvironmentEntity)) await remove(each);
    await dataSource.query("UPDATE environments SET destroyed_at = now() - interval '2 minutes'");
  }
});

describe('is given to nobody', () => {
  it.for([
    ['while it is built', (id) => dataSource.manager.update(EnvironmentEntity, id, { state: 'provisioning' })],
    ['once it is given up', async (id) => void (await review(id, true))],
    ['when it is old', (id) => dataSource.manager.update(EnvironmentEntity, id, { createdAt: new Date(Date.now() - 121 * MINUTE) })],
    ['when its host drains', () => dataSource.manager.update(HostEntity, hostId, { state: 'draining' })],
    [
      'of another shape',
      (id) => dataSource.query(`UPDATE environments SET spec = jsonb_set(spec, '{needs,nodes}', '2') WHERE id = $1`, [id]),
    ],
  ] satisfies [string, (id: ExecutionEnvironmentId) => Promise<unknown>][])('%s', async ([, prepare]) => {
    const [id] = await pool(1);
    if (id === undefined) return expect.fail();
    await prepare(id);
    await insertHost(dataSource.manager, { bootSlots: 50 });
    expect(await admit(await insertSession(dataSource.manager))).toMatchObject({ admitted: true });
    expect((await environment(id)).examSessionId).toBeNull();
  });
});

describe('takes nothing from those who need it', () => {
  const large = () => insertSession(dataSource.manager, { lab: { ...LAB, needs: EnvironmentNeeds.parse({ nodes: 2 }) } });

  it('makes way for a session of another shape, which has the place as soon as it is gone', async () => {
    await resize(2);
    const [id] = await pool(1);
    if (id === undefined) return expect.fail();
    const session = await large();
    expect(await admit(session)).toEqual({ admitted: false, place: 1, reason: 'Room is being made.' });
    expect(told).toEqual([id]);
    expect(await review(id)).toBe('leaves');
    expect(await admit(session)).toMatchObject({ admitted: false });
    expect((await arrange(1)).open.map((spec) => spec.executionEnvironmentId)).toEqual([id]);
    await remove(id);
    expect(await admit(session)).toMatchObject({ admitted: true });
  });

  it('lets go of a slot to start in at once', async () => {
    await dataSource.manager.update(HostEntity, hostId, { bootSlots: 1 });
    const [spec] = (await arrange(1)).open;
    if (spec === undefined) return expect.fail();
    expect(await admit(await large())).toMatchObject({ admitted: true });
    expect(told).toEqual([spec.executionEnvironmentId]);
    expect(await review(spec.executionEnvironmentId)).toBe('leaves');
  });

  it('gives its ports back to a session that finds none', async () => {
    const { portRanges } = await dataSource.manager.findOneByOrFail(HostEntity, { id: hostId });
    await dataSource.manager.update(HostEntity, hostId, { portRanges: { ...portRanges, k8sApi: { start: 6443, end: 6443 } } });
    const [id] = await pool(1);
    if (id === undefined) return expect.fail();
    // A second one finds none, and is not built.
    expect((await arrange(2)).open).toHaveLength(1);
    const session = await large();
    expect(await admit(session)).toMatchObject({ admitted: false, reason: 'Every k8sApi port from 6443 to 6443 is taken.' });
    expect(told).toEqual([id]);
    await remove(id);
    expect(await admit(session)).toMatchObject({ admitted: true });
  });

  it('is not built while somebody waits, and counts as room for who looks', async () => {
    await resize(3);
    await pool(2);
    const stats = () => sessionStats(dataSource.manager, { ...units, maxConcurrentSessions: 50 });
    expect(await stats()).toMatchObject({ free: 3, capacity: 3 });
    await insertSession(dataSource.manager);
    expect((await arrange(3)).open).toHaveLength(2);
  });
});

it('is emptied in maintenance, and where its host drains or is lost', async () => {
  const ids = await pool(2);
  await dataSource.manager.insert(SettingEntity, { name: 'maintenance', value: { on: true, message: 'Back at noon.' } });
  expect((await arrange(2)).leaving.toSorted()).toEqual(ids.toSorted());
  for (const id of ids) expect(await review(id)).toBe('leaves');
  for (const id of ids) await remove(id);
  expect(await arrange(2)).toEqual({ open: [], leaving: [] });
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(0);
  await dataSource.manager.delete(SettingEntity, 'maintenance');
  const again = await pool(1);
  await dataSource.manager.update(HostEntity, hostId, { state: 'draining' });
  expect((await arrange(2)).leaving).toEqual(again);
});

it('waits a minute after one that came to nothing', async () => {
  const [spec] = (await arrange(1)).open;
  if (spec === undefined) return expect.fail();
  const { executionEnvironmentId: id } = spec;
  expect(await review(id, true)).toBe('leaves');
  await remove(id);
  expect((await arrange(1)).open).toEqual([]);
  await dataSource.manager.update(EnvironmentEntity, id, { destroyedAt: new Date(Date.now() - 2 * MINUTE) });
  expect((await arrange(1)).open).toHaveLength(1);
});

it('leaves no row behind for longer than a day', async () => {
  const [id] = await pool(1);
  if (id === undefined) return expect.fail();
  await remove(id);
  await dataSource.manager.update(EnvironmentEntity, id, { destroyedAt: new Date(Date.now() - 25 * 60 * MINUTE) });
  await arrange(1);
  expect(await dataSource.manager.findOneBy(EnvironmentEntity, { id })).toBeNull();
});
