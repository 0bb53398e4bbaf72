import { randomUUID } from 'node:crypto';
import {
  EnvironmentNeeds,
  ExecutionEnvironmentId,
  NAMESPACES_PER_NODE,
  SHARED_NODE_UNITS,
  unitsOf,
  type ExamSessionId,
} from '@ckx/contracts';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  openDatabase,
  PortAllocationEntity,
  SettingEntity,
  type DataSource,
} from '@ckx/persistence';
import { insertHost, insertSession, LAB } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admissionRecords } from './admission.ts';
import { environmentRecords } from './environments.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url, { poolSize: 20 });
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  await dataSource.query('TRUNCATE hosts, environments, port_allocations, exam_sessions, session_events, settings CASCADE');
});

const units = unitsOf(LAB.needs);
const wake = () => Promise.resolve();
const tell = () => Promise.resolve();

function admit(examSessionId: ExamSessionId, maxConcurrentSessions = 50) {
  const executionEnvironmentId = ExecutionEnvironmentId.parse(randomUUID());
  return admissionRecords(dataSource, { maxConcurrentSessions, wake, tell }).admitSession({ examSessionId, executionEnvironmentId });
}

const session = () => insertSession(dataSource.manager);

async function sessions(count: number): Promise<ExamSessionId[]> {
  const ids: ExamSessionId[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await session());
  return ids;
}

const host = (values: Parameters<typeof insertHost>[1] = {}) => insertHost(dataSource.manager, { bootSlots: 50, ...values });

it('gives out what there is, in the order of arrival, whoever asks first', async () => {
  await host({ memoryMib: units.memoryMib * 3 });
  const ids = await sessions(10);
  for (let round = 0; round < 10; round += 1) await Promise.all(ids.map((id) => admit(id)).reverse());
  const environments = await dataSource.manager.find(EnvironmentEntity);
  expect(new Set(environments.map(({ examSessionId }) => examSessionId))).toEqual(new Set(ids.slice(0, 3)));
  expect(new Set(environments.map(({ subnet }) => subnet)).size).toBe(3);
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(12);
  const waiting = await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id: ids[4] ?? expect.fail() });
  expect(waiting.waiting).toEqual({ place: 2, reason: 'The hosts are full.' });
});

it('gives one session one place, however often it asks', async () => {
  await host();
  const id = await session();
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => admit(id)));
  expect(first).toMatchObject({ admitted: true });
  for (const other of others) expect(other).toEqual(first);
  expect(await dataSource.manager.count(EnvironmentEntity)).toBe(1);
});

it('counts a node that sessions share once, with the first of them, and bounds how many they are', async () => {
  const needs = EnvironmentNeeds.parse({ cluster: 'namespace' });
  const shares = () => insertSession(dataSource.manager, { lab: { ...LAB, needs } });
  const own = unitsOf(needs);
  const room = (sharing: number) => SHARED_NODE_UNITS.memoryMib + sharing * own.memoryMib;
  const hostId = await host({ cpuMillis: 1_000_000, memoryMib: room(2) });
  const said = async (id: ExamSessionId) => {
    const place = await admit(id);
    return place.admitted ? 'admitted' : place.reason;
  };
  expect(await said(await shares())).toBe('admitted');
  // Beside a shared node there is no room for a node of one's own.
  await dataSource.manager.update(HostEntity, hostId, { memoryMib: room(1) + units.memoryMib - 1 });
  const dedicated = await session();
  expect(await said(dedicated)).toBe('The hosts are full.');
  await dataSource.manager.update(ExamSessionEntity, dedicated, { state: 'terminated', outcome: 'cancelled', endedAt: new Date() });
  await dataSource.manager.update(HostEntity, hostId, { memoryMib: 1_000_000 });
  for (let others = 1; others < NAMESPACES_PER_NODE; others += 1) expect(await said(await shares())).toBe('admitted');
  expect(await said(await shares())).toBe('The hosts are full.');
});

it('chooses the host with the most free memory, and none that drains or is lost', async () => {
  await host({ memoryMib: units.memoryMib * 50, state: 'draining' });
  await host({ memoryMib: units.memoryMib * 50, state: 'lost' });
  const small = await host({ memoryMib: units.memoryMib * 2 });
  const large = await host({ memoryMib: units.memoryMib * 3 });
  const places = [];
  for (const id of await sessions(6)) places.push(await admit(id));
  expect(places.map((place) => (place.admitted ? place.environment.hostId : place.reason))).toEqual([
    large,
    expect.stringMatching(`${small}|${large}`),
    expect.stringMatching(`${small}|${large}`),
    expect.stringMatching(`${small}|${large}`),
    expect.stringMatching(`${small}|${large}`),
    'The hosts are full.',
  ]);
});

it.for([
  {
    name: 'no host',
    prepare: () => dataSource.manager.updateAll(HostEntity, { state: 'lost' }),
    reason: 'No host takes sessions at the moment.',
  },
  {
    name: 'as many boots as the host does at once',
    prepare: () => dataSource.manager.updateAll(HostEntity, { bootSlots: 1 }),
    reason: 'Other environments are starting.',
  },
])('says why there is no place: $name', async ({ reason, prepare }) => {
  await host();
  const [first, second] = [await session(), await session()] as const;
  await admit(first);
  await prepare();
  expect(await admit(second)).toEqual({ admitted: false, place: 1, reason });
});

it('says which ports, or that the networks, of the host are taken', async () => {
  const id = await host();
  const { portRanges } = await dataSource.manager.findOneByOrFail(HostEntity, { id });
  await dataSource.manager.update(HostEntity, id, { portRanges: { ...portRanges, k8sApi: { start: 6443, end: 6443 } } });
  const [first, second] = [await session(), await session()] as const;
  await admit(first);
  expect(await admit(second)).toMatchObject({ admitted: false, reason: 'Every k8sApi port from 6443 to 6443 is taken.' });
  await dataSource.manager.update(HostEntity, id, { portRanges, subnetPool: '10.213.0.0/26' });
  expect(await admit(second)).toMatchObject({ admitted: false, reason: 'Every /26 network of 10.213.0.0/26 is taken.' });
});

it('bounds all hosts together, and gives a place back when its environment is destroyed, not when it is lost', async () => {
  await host();
  const [first, second, third] = [await session(), await session(), await session()] as const;
  const place = await admit(first, 1);
  expect(await admit(second, 1)).toEqual({ admitted: false, place: 1, reason: 'All 1 places are taken.' });
  if (!place.admitted) throw new Error(place.reason);
  const { executionEnvironmentId } = place.environment;
  const { releaseEnvironment } = environmentRecords(dataSource, wake);
  await releaseEnvironment({ executionEnvironmentId, state: 'lost' });
  expect(await admit(second, 1)).toMatchObject({ admitted: false });
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(4);
  await releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });
  await releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });
  expect(await admit(second, 1)).toMatchObject({ admitted: true });
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(4);
  expect(await admit(third, 1)).toMatchObject({ admitted: false });
});

it('moves an environment away from an address that its engine refused, once', async () => {
  const hostId = await host();
  const place = await admit(await session());
  if (!place.admitted) throw new Error(place.reason);
  const { executionEnvironmentId: id, ports, subnet } = place.environment;
  const { moveEnvironment } = environmentRecords(dataSource, wake);
  const move = { executionEnvironmentId: id, refused: String(ports.sshTerminal) };
  const moved = await moveEnvironment(move);
  expect(moved).toMatchObject({ executionEnvironmentId: id, hostId });
  expect(moved.ports.sshTerminal).toBe(ports.sshTerminal + 1);
  expect(moved.subnet).not.toBe(subnet);
  // The acknowledgement was lost: nothing is moved again.
  expect(await moveEnvironment(move)).toEqual(moved);
  expect(await dataSource.manager.findOneByOrFail(EnvironmentEntity, { id })).toMatchObject({ subnet: moved.subnet, spec: moved });
  expect(await dataSource.manager.count(PortAllocationEntity)).toBe(4);
  const again = await moveEnvironment({ executionEnvironmentId: id, refused: moved.subnet });
  expect(again.subnet).toBe(subnet);
});

it('gives a desktop another port, once, and leaves everything else where it is', async () => {
  await host();
  const place = await admit(await session());
  if (!place.admitted) throw new Error(place.reason);
  const { executionEnvironmentId: id, ports } = place.environment;
  const { moveDesktop, releaseEnvironment } = environmentRecords(dataSource, wake);
  const move = { executionEnvironmentId: id, refused: String(ports.vnc) };
  const moved = await moveDesktop(move);
  expect(moved).toEqual({ ...place.environment, ports: { ...ports, vnc: ports.vnc + 1 } });
  expect(await moveDesktop(move)).toEqual(moved);
  // Nor by a port that is not the desktop's.
  expect(await moveDesktop({ ...move, refused: String(ports.sshTerminal) })).toEqual(moved);
  expect(await dataSource.manager.findOneByOrFail(EnvironmentEntity, { id })).toMatchObject({ spec: moved });
  const allocated = await dataSource.manager.findBy(PortAllocationEntity, { environmentId: id });
  expect(Object.fromEntries(allocated.map(({ kind, port }) => [kind, port]))).toEqual(moved.ports);
  // The refused one is given to nobody for now; the other comes back with the rest.
  await releaseEnvironment({ executionEnvironmentId: id, state: 'destroyed' });
  expect(await admit(await session())).toMatchObject({ environment: { ports: moved.ports } });
});

it('does not let a session that is to be ended hold up the queue', async () => {
  await host({ memoryMib: units.memoryMib });
  const [leaving, next] = [await session(), await session()] as const;
  expect(await admit(next)).toMatchObject({ admitted: false, place: 2 });
  await dataSource.manager.update(ExamSessionEntity, leaving, {
    terminateRequestedAt: new Date(),
    terminateRequest: { outcome: 'cancelled', reason: 'a test' },
  });
  expect(await admit(next)).toMatchObject({ admitted: true });
});

describe('a session that needs more room than there is', () => {
  const LARGE = { ...LAB, needs: { ...LAB.needs, nodes: 3 } };
  const large = () => insertSession(dataSource.manager, { lab: LARGE });
  const overtaken = async (id: ExamSessionId) => (await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id })).overtaken;
  const free = async (id: ExamSessionId) => {
    const { id: executionEnvironmentId } = await dataSource.manager.findOneByOrFail(EnvironmentEntity, { examSessionId: id });
    await environmentRecords(dataSource, wake).releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });
  };

  it('is overtaken three times and no more; then nobody passes until it is admitted', async () => {
    await host({ memoryMib: unitsOf(LARGE.needs).memoryMib, cpuMillis: 64_000 });
    const [first, head, ...later] = [await session(), await large(), ...(await sessions(5))] as const;
    expect(await admit(first)).toMatchObject({ admitted: true });
    expect(await admit(head)).toEqual({ admitted: false, place: 1, reason: 'The hosts are full.' });
    for (const [index, id] of later.slice(0, 3).entries()) {
      // One place is free for whoever needs one of the usual size.
      expect(await admit(id), `the ${index + 1}th that passes`).toMatchObject({ admitted: true });
      expect(await overtaken(head)).toBe(index + 1);
      await free(id);
    }
    const [, , , fourth, fifth] = later;
    const refusal = { admitted: false, reason: 'Somebody who came first waits for more room, and is next.' };
    expect(await admit(fourth ?? expect.fail())).toEqual({ ...refusal, place: 2 });
    expect(await admit(fifth ?? expect.fail())).toEqual({ ...refusal, place: 3 });
    expect(await overtaken(head)).toBe(3);
    await free(first);
    expect(await admit(fourth ?? expect.fail())).toEqual({ admitted: false, place: 2, reason: 'Others came first.' });
    expect(await admit(head)).toMatchObject({ admitted: true });
    expect(await admit(fourth ?? expect.fail())).toEqual({ admitted: false, place: 1, reason: 'The hosts are full.' });
  });

  it('is overtaken three times and no more, however many ask at the same moment', async () => {
    await host({ memoryMib: unitsOf(LARGE.needs).memoryMib + 3 * units.memoryMib });
    const first = await large();
    expect(await admit(first)).toMatchObject({ admitted: true });
    const head = await large();
    const later = await sessions(12);
    await dataSource.manager.updateAll(HostEntity, { memoryMib: unitsOf(LARGE.needs).memoryMib * 2 - 1 });
    for (let round = 0; round < 3; round += 1) await Promise.all(later.map((id) => admit(id)));
    expect(await overtaken(head)).toBe(2);
    // Room for many of the usual size, and none for the head.
    await host({ memoryMib: unitsOf(LARGE.needs).memoryMib - 1 });
    for (let round = 0; round < 3; round += 1) await Promise.all(later.map((id) => admit(id)));
    expect(await overtaken(head)).toBe(3);
    expect(await dataSource.manager.count(EnvironmentEntity)).toBe(4);
  });

  it('holds nobody up where no host could ever take it', async () => {
    await host({ memoryMib: units.memoryMib * 2 });
    const [head, ...later] = [await large(), ...(await sessions(2))] as const;
    const reason = 'No host is large enough for this lab at the moment.';
    expect(await admit(head)).toEqual({ admitted: false, place: 1, reason });
    for (const id of later) expect(await admit(id)).toMatchObject({ admitted: true });
    expect(await overtaken(head)).toBe(0);
  });
});

it('gives no place while there is maintenance, but to a rehearsal', async () => {
  await host();
  const [waiting, rehearsal] = [await session(), await insertSession(dataSource.manager, { rehearsal: true })] as const;
  await dataSource.manager.insert(SettingEntity, { name: 'maintenance', value: { on: true, message: 'Back at noon.' } });
  expect(await admit(waiting)).toEqual({ admitted: false, place: 1, reason: 'Maintenance: Back at noon.' });
  expect(await admit(rehearsal)).toMatchObject({ admitted: true });
  await dataSource.manager.update(SettingEntity, 'maintenance', { value: { on: false, message: '' } });
  expect(await admit(waiting)).toMatchObject({ admitted: true });
  expect((await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id: waiting })).overtaken).toBe(0);
});

it('gives a session that is about to end no place any more', async () => {
  await host();
  const id = await insertSession(dataSource.manager, {
    terminateRequestedAt: new Date(),
    terminateRequest: { outcome: 'cancelled', reason: 'a test' },
  });
  expect(await admit(id)).toMatchObject({ admitted: false, reason: 'The session is about to end.' });
});
