import { randomUUID } from 'node:crypto';
import { HostFacts, HostId } from '@ckx/contracts';
import { HostEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostRecords } from './hosts.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());

const hostId = HostId.parse(`host-${randomUUID()}`);
const range = { start: 1, end: 2 };
const facts = HostFacts.parse({
  hostId,
  address: '127.0.0.1',
  cpuMillis: 8_000,
  memoryMib: 20_000,
  bootSlots: 2,
  portRanges: { vnc: range, sshTerminal: range, sshJumphost: range, k8sApi: range },
  subnetPool: '10.213.0.0/16',
  engine: { version: '29.0.0', userNamespaces: true, thinWalls: [] },
});

it('is active while it answers, drains for as long as it was asked to, and tells the queue when it takes sessions again', async () => {
  let woken = 0;
  const { recordHost } = hostRecords(dataSource, () => Promise.resolve(void (woken += 1)));
  const look = async (lost = false) => {
    await recordHost(lost ? { hostId, lost } : { hostId, facts });
    return { state: (await dataSource.manager.findOneByOrFail(HostEntity, { id: hostId })).state, woken };
  };
  expect(await look()).toEqual({ state: 'active', woken: 1 });
  expect(await look()).toEqual({ state: 'active', woken: 1 });
  expect(await look(true)).toEqual({ state: 'lost', woken: 1 });
  expect(await look()).toEqual({ state: 'active', woken: 2 });
  await dataSource.manager.update(HostEntity, hostId, { state: 'draining', drainRequestedAt: new Date() });
  for (let times = 0; times < 2; times += 1) {
    expect((await look()).state).toBe('draining');
    expect((await look(true)).state).toBe('lost');
  }
  expect((await look()).state).toBe('draining');
  await dataSource.manager.update(HostEntity, hostId, { drainRequestedAt: null });
  expect((await look()).state).toBe('active');
});
