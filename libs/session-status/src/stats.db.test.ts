import { PART_UNITS, PORT_KINDS, unitsOf } from '@ckx/contracts';
import { EnvironmentEntity, openDatabase, PortAllocationEntity, SettingEntity, type DataSource } from '@ckx/persistence';
import { HOST_FACTS, insertEnvironment, insertHost, insertSession, LAB } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MAINTENANCE, readMaintenance, sessionStats } from './index.ts';

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  await database.query('TRUNCATE users, hosts, settings CASCADE');
});

const unit = { ...unitsOf(LAB.needs), maxConcurrentSessions: 50 };
const off = { on: false, message: '' };

it('is empty without hosts and sessions', async () => {
  expect(await sessionStats(database, unit)).toEqual({ active: 0, waiting: 0, free: 0, capacity: 0, byState: {}, maintenance: off });
});

it('counts by the smaller of what a host has, and by the bound over all', async () => {
  await insertHost(database.manager, { cpuMillis: 10_000, memoryMib: 100_000 });
  const hostId = await insertHost(database.manager, { cpuMillis: 100_000, memoryMib: 9_300 });
  await insertHost(database.manager, { state: 'draining' });
  await insertHost(database.manager, { state: 'lost' });
  const waiting = await insertSession(database.manager);
  expect(await sessionStats(database, unit)).toMatchObject({ active: 0, waiting: 1, free: 6, capacity: 6, byState: { created: 1 } });
  await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId: waiting });
  await insertSession(database.manager, { state: 'terminated', outcome: 'expired', endedAt: new Date() });
  expect(await sessionStats(database, unit)).toMatchObject({ active: 1, waiting: 0, free: 5, capacity: 6 });
  const stats = await sessionStats(database, { ...unit, maxConcurrentSessions: 3 });
  expect(stats).toMatchObject({ active: 1, waiting: 0, free: 2, capacity: 3, byState: { created: 1, terminated: 1 } });
});

it('takes environments for what they are: larger ones leave less room, those being removed and lost ones keep theirs', async () => {
  const hostId = await insertHost(database.manager, { cpuMillis: 10_000, memoryMib: 100_000 });
  const large = { cpuMillis: 2 * PART_UNITS.node.cpuMillis + 500, memoryMib: 9_000 };
  await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.0/26', state: 'destroying', ...large });
  expect(await sessionStats(database, unit)).toMatchObject({ free: 2, capacity: 3 });
  await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.64/26', state: 'lost' });
  expect(await sessionStats(database, unit)).toMatchObject({ free: 1, capacity: 3 });
  await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.128/26', state: 'destroyed', destroyedAt: new Date() });
  expect(await sessionStats(database, unit)).toMatchObject({ free: 1, capacity: 3 });
  // A host that was told it has less than it gave out takes nothing, and takes nothing from the others either.
  await database.query('UPDATE hosts SET cpu_millis = 1000');
  await insertHost(database.manager, { cpuMillis: 2_500, memoryMib: 5_000 });
  expect(await sessionStats(database, unit)).toMatchObject({ free: 1, capacity: 3 });
});

it('counts a node that environments share once', async () => {
  const hostId = await insertHost(database.manager, { cpuMillis: 10_000, memoryMib: 100_000 });
  const small = { cpuMillis: 100, memoryMib: 100 };
  for (const subnet of ['10.213.0.0/26', '10.213.0.64/26']) {
    const id = await insertEnvironment(database.manager, { hostId, subnet, state: 'destroying', ...small });
    await database.query(`UPDATE environments SET spec = jsonb_set(spec, '{needs}', '{"cluster": "namespace"}') WHERE id = $1`, [id]);
  }
  // 10,000 less 2,000 for the node and 100 for each.
  expect(await sessionStats(database, { ...unit, cpuMillis: 1_950, memoryMib: 1 })).toMatchObject({ free: 4 });
  expect(await sessionStats(database, { ...unit, cpuMillis: 1_951, memoryMib: 1 })).toMatchObject({ free: 3 });
});

it('has no more room than ports of any kind', async () => {
  const { portRanges } = HOST_FACTS;
  const hostId = await insertHost(database.manager, { portRanges: { ...portRanges, vnc: { start: 6901, end: 6902 } } });
  const take = async (subnet: string, vnc: number) => {
    const examSessionId = await insertSession(database.manager, { state: 'terminated', outcome: 'expired', endedAt: new Date() });
    const environmentId = await insertEnvironment(database.manager, { hostId, subnet, examSessionId });
    const ports = { vnc, sshTerminal: vnc - 4_000, sshJumphost: vnc - 3_000, k8sApi: vnc - 400 };
    for (const kind of PORT_KINDS) await database.manager.insert(PortAllocationEntity, { hostId, environmentId, kind, port: ports[kind] });
    return environmentId;
  };
  expect(await sessionStats(database, unit)).toMatchObject({ free: 2, capacity: 2 });
  const first = await take('10.213.0.0/26', 6901);
  await take('10.213.0.64/26', 6902);
  expect(await sessionStats(database, unit)).toMatchObject({ free: 0, capacity: 2 });
  await database.manager.delete(PortAllocationEntity, { environmentId: first });
  await database.manager.update(EnvironmentEntity, first, { state: 'destroyed', destroyedAt: new Date() });
  expect(await sessionStats(database, unit)).toMatchObject({ free: 1, capacity: 2 });
});

it('tells of maintenance', async () => {
  expect(await readMaintenance(database)).toEqual(off);
  const maintenance = { on: true, message: 'Back at noon.' };
  await database.manager.insert(SettingEntity, { name: MAINTENANCE, value: maintenance });
  expect(await readMaintenance(database)).toEqual(maintenance);
  expect((await sessionStats(database, unit)).maintenance).toEqual(maintenance);
});
