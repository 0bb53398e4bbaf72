import {
  CkxError,
  PORT_KINDS,
  sharedSubnetOf,
  type ExecutionEnvironmentId,
  type HostId,
  type PortKind,
  type PortStats,
  type SessionPorts,
} from '@ckx/contracts';
import { EnvironmentEntity, HostEntity, PortAllocationEntity, type DataSource, type EntityManager } from '@ckx/persistence';
import { Not } from 'typeorm';
import { choosePort, choosePorts, countPorts, type PortRanges } from './ranges.ts';
import { readSetAside } from './refused.ts';
import { chooseSubnet } from './subnets.ts';

/**
 * Whoever takes something of a host waits for whoever is taking at the moment, until that transaction ends. The constraints would hold
 * without it, but a collision would cost the whole transaction.
 */
async function lockHost(manager: EntityManager, hostId: HostId): Promise<void> {
  const host = await manager.findOne(HostEntity, { select: { id: true }, where: { id: hostId }, lock: { mode: 'for_no_key_update' } });
  if (host === null) throw unknownHost(hostId);
}

function unknownHost(hostId: HostId): CkxError {
  return new CkxError('user', 'HOST_UNKNOWN', `There is no host ${hostId}.`, {
    remedy: 'The host registers itself when its worker starts.',
  });
}

/**
 * Takes one port of each kind for an environment, within the caller's transaction; its row may be inserted afterwards. What an engine refused
 * a short while ago is given to nobody.
 *
 * @throws CkxError operational `PORTS_EXHAUSTED` with the kind, user `HOST_UNKNOWN`.
 */
export async function allocatePorts(
  manager: EntityManager,
  request: { readonly hostId: HostId; readonly environmentId: ExecutionEnvironmentId; readonly ranges: PortRanges },
): Promise<SessionPorts> {
  const { hostId, environmentId, ranges } = request;
  const ports = choosePorts(ranges, await unavailablePorts(manager, hostId));
  await manager.insert(
    PortAllocationEntity,
    PORT_KINDS.map((kind) => ({ hostId, environmentId, kind, port: ports[kind] })),
  );
  return ports;
}

/** Waits for whoever is taking ports of the host, then reads what may not be taken. */
async function unavailablePorts(manager: EntityManager, hostId: HostId): Promise<Set<number>> {
  await lockHost(manager, hostId);
  const taken = await manager.find(PortAllocationEntity, { select: { port: true }, where: { hostId } });
  return new Set([...taken.map(({ port }) => port), ...(await readSetAside(manager, hostId)).ports]);
}

/**
 * Gives an environment another port of one kind for the one that it has, within the caller's transaction.
 *
 * @throws CkxError operational `PORTS_EXHAUSTED` with the kind, user `HOST_UNKNOWN`.
 */
export async function replacePort(
  manager: EntityManager,
  request: {
    readonly hostId: HostId;
    readonly environmentId: ExecutionEnvironmentId;
    readonly kind: PortKind;
    readonly ranges: PortRanges;
  },
): Promise<number> {
  const { hostId, environmentId, kind, ranges } = request;
  const port = choosePort(kind, ranges, await unavailablePorts(manager, hostId));
  await manager.update(PortAllocationEntity, { environmentId, kind }, { port });
  return port;
}

/** Gives an environment's ports back; nothing where it has none. */
export async function releasePorts(manager: EntityManager, environmentId: ExecutionEnvironmentId): Promise<void> {
  await manager.delete(PortAllocationEntity, { environmentId });
}

/**
 * A free /26 of the host's pool, within the caller's transaction, taken by inserting the environment's row with it. An environment
 * that is `lost` keeps its own; the last one is for the node that sessions share.
 *
 * @returns CIDR notation.
 * @throws CkxError operational `SUBNETS_EXHAUSTED`, user `HOST_UNKNOWN`.
 */
export async function allocateSubnet(manager: EntityManager, request: { readonly hostId: HostId; readonly pool: string }): Promise<string> {
  const { hostId, pool } = request;
  await lockHost(manager, hostId);
  const taken = await manager.find(EnvironmentEntity, { select: { subnet: true }, where: { hostId, state: Not('destroyed') } });
  const { subnets: refused } = await readSetAside(manager, hostId);
  return chooseSubnet(pool, [...taken.map(({ subnet }) => subnet), ...refused, sharedSubnetOf(pool) ?? '']);
}

/**
 * How many ports are allocated, free and there at all; of one host, or of all together.
 *
 * @throws CkxError user `HOST_UNKNOWN`.
 */
export async function portStats(dataSource: DataSource, hostId?: HostId): Promise<PortStats> {
  const which = hostId === undefined ? {} : { id: hostId };
  const hosts = await dataSource.manager.find(HostEntity, { select: { id: true, portRanges: true }, where: which });
  if (hostId !== undefined && hosts.length === 0) throw unknownHost(hostId);
  const allocations = await dataSource.manager.find(PortAllocationEntity, { where: hostId === undefined ? {} : { hostId } });

  const none = { allocated: 0, available: 0, total: 0 };
  const stats: PortStats = { vnc: { ...none }, sshTerminal: { ...none }, sshJumphost: { ...none }, k8sApi: { ...none } };
  for (const host of hosts) {
    const ofHost = allocations.filter((allocation) => allocation.hostId === host.id);
    const { ports: setAside } = await readSetAside(dataSource.manager, host.id);
    for (const { kind, ...count } of countPorts(host.portRanges, ofHost, setAside)) {
      stats[kind].allocated += count.allocated;
      stats[kind].available += count.available;
      stats[kind].total += count.total;
    }
  }
  return stats;
}
