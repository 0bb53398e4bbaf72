import { randomUUID } from 'node:crypto';
import { ExecutionEnvironmentId, HostId, type HostFacts } from '@ckx/contracts';
import {
  EnvironmentEntity,
  inTransaction,
  openDatabase,
  PortAllocationEntity,
  RefusedAddressEntity,
  type DataSource,
} from '@ckx/persistence';
import { insertEnvironment, insertHost } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocatePorts, allocateSubnet, portStats, releasePorts, setAside } from './index.ts';

const ranges: HostFacts['portRanges'] = {
  vnc: { start: 6901, end: 6999 },
  sshTerminal: { start: 2201, end: 2299 },
  sshJumphost: { start: 2301, end: 2399 },
  k8sApi: { start: 6443, end: 6542 },
};

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url, { poolSize: 20 });
});
afterAll(() => database.destroy());

/** What admission does: ports and network first, then the environment that holds them. */
async function takePlace(hostId: HostId, portRanges = ranges, pool = '10.213.0.0/16') {
  return await inTransaction(database, async (manager) => {
    const id = ExecutionEnvironmentId.parse(randomUUID());
    const ports = await allocatePorts(manager, { hostId, environmentId: id, ranges: portRanges });
    const subnet = await allocateSubnet(manager, { hostId, pool });
    await insertEnvironment(manager, { id, hostId, subnet });
    return { id, ports, subnet };
  });
}

describe('allocation', () => {
  it('gives 50 at once ports and networks of their own, and no transaction fails', async () => {
    const hostId = await insertHost(database.manager);
    const places = await Promise.all(Array.from({ length: 50 }, () => takePlace(hostId)));
    expect(new Set(places.flatMap(({ ports }) => Object.values(ports))).size).toBe(200);
    expect(new Set(places.map(({ subnet }) => subnet)).size).toBe(50);
    expect(Math.max(...places.map(({ ports }) => ports.vnc))).toBe(6950);
    expect((await portStats(database, hostId)).vnc).toEqual({ allocated: 50, available: 49, total: 99 });
  });

  it('does not let hosts stand in each other’s way', async () => {
    const [one, two] = [await insertHost(database.manager), await insertHost(database.manager)];
    const [first, second] = await Promise.all([takePlace(one), takePlace(two)]);
    expect(first.ports).toEqual(second.ports);
    expect(first.subnet).toBe(second.subnet);
  });

  it('gives everything back on release, and takes the lowest again', async () => {
    const hostId = await insertHost(database.manager);
    const first = await takePlace(hostId);
    await takePlace(hostId);
    await releasePorts(database.manager, first.id);
    await releasePorts(database.manager, first.id);
    await database.manager.update(EnvironmentEntity, first.id, { state: 'destroyed', destroyedAt: new Date() });
    expect(await takePlace(hostId)).toMatchObject({ ports: first.ports, subnet: first.subnet });
  });

  it('gives nobody what the engine refused', async () => {
    const hostId = await insertHost(database.manager);
    const other = await insertHost(database.manager);
    for (const address of ['6901', '2301', '10.213.0.0/26', '6901']) await setAside(database.manager, { hostId, address });
    expect(await takePlace(hostId)).toMatchObject({
      ports: { vnc: 6902, sshTerminal: 2201, sshJumphost: 2302, k8sApi: 6443 },
      subnet: '10.213.0.64/26',
    });
    expect(await takePlace(other)).toMatchObject({ ports: { vnc: 6901 }, subnet: '10.213.0.0/26' });
    expect((await portStats(database, hostId)).vnc).toEqual({ allocated: 1, available: 97, total: 99 });
    await database.manager.update(RefusedAddressEntity, { hostId }, { until: new Date(Date.now() - 1_000) });
    expect(await takePlace(hostId)).toMatchObject({ ports: { vnc: 6901, sshJumphost: 2301 }, subnet: '10.213.0.0/26' });
  });

  it('gives nobody the last network, which is for the node that sessions share', async () => {
    const hostId = await insertHost(database.manager);
    expect((await takePlace(hostId, ranges, '10.213.0.0/25')).subnet).toBe('10.213.0.0/26');
    await expect(takePlace(hostId, ranges, '10.213.0.0/25')).rejects.toMatchObject({ code: 'SUBNETS_EXHAUSTED' });
  });

  it('leaves a lost environment its network', async () => {
    const hostId = await insertHost(database.manager);
    const { id, subnet } = await takePlace(hostId);
    await database.manager.update(EnvironmentEntity, id, { state: 'lost' });
    expect((await takePlace(hostId)).subnet).not.toBe(subnet);
  });

  it('takes nothing at all when one kind is used up', async () => {
    const hostId = await insertHost(database.manager);
    const narrow = { ...ranges, sshJumphost: { start: 2301, end: 2301 } };
    await takePlace(hostId, narrow);
    await expect(takePlace(hostId, narrow)).rejects.toMatchObject({ code: 'PORTS_EXHAUSTED', details: { kind: 'sshJumphost' } });
    expect(await database.manager.countBy(PortAllocationEntity, { hostId })).toBe(4);
  });

  it('leaves no port to an environment that was never inserted', async () => {
    const hostId = await insertHost(database.manager);
    const environmentId = ExecutionEnvironmentId.parse(randomUUID());
    await expect(inTransaction(database, (manager) => allocatePorts(manager, { hostId, environmentId, ranges }))).rejects.toThrow(
      /foreign key/,
    );
  });

  it('knows only hosts that are registered', async () => {
    const hostId = HostId.parse('nowhere');
    await expect(takePlace(hostId)).rejects.toMatchObject({ code: 'HOST_UNKNOWN' });
    await expect(portStats(database, hostId)).rejects.toMatchObject({ code: 'HOST_UNKNOWN' });
  });
});

describe('portStats', () => {
  it('adds up all hosts', async () => {
    const hostId = await insertHost(database.manager);
    const before = await portStats(database);
    await takePlace(hostId);
    const { k8sApi } = await portStats(database);
    expect(k8sApi).toEqual({ ...before.k8sApi, allocated: before.k8sApi.allocated + 1, available: before.k8sApi.available - 1 });
  });
});
