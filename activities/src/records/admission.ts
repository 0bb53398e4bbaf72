import { CkxError, isCkxError, PART_UNITS, type EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  inTransaction,
  SessionEventEntity,
  type DataSource,
  type EntityManager,
  type EnvironmentRow,
  type ExamSessionRow,
  type HostRow,
} from '@ckx/persistence';
import { allocatePorts, allocateSubnet } from '@ckx/port-allocation';
import { lockSession } from '@ckx/session-lifecycle/records';
import { Not } from 'typeorm';
import type { RecordActivities } from './interface.ts';
import { placeInQueue } from './queue.ts';

interface Units {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}
type AdmissionRequest = Parameters<RecordActivities['admitSession']>[0];

/** What an environment takes of its host. */
export function unitsOf(needs: EnvironmentNeeds): Units {
  const nodes = needs.cluster === 'dedicated' ? Array.from({ length: needs.nodes }, () => PART_UNITS.node) : [];
  const parts: Units[] = [...nodes, PART_UNITS.terminal, ...(needs.dockerEngine ? [PART_UNITS.engine] : [])];
  return { cpuMillis: sum(parts, 'cpuMillis'), memoryMib: sum(parts, 'memoryMib') };
}

/**
 * Gives sessions their place on a host, first come first served. Capacity is the sum over environments that are not destroyed: there
 * is no counter that could go wrong. `wake` tells the head of the queue that there may be room.
 */
export function admissionRecords(
  dataSource: DataSource,
  { maxConcurrentSessions, wake }: { readonly maxConcurrentSessions: number; readonly wake: () => Promise<void> },
): Pick<RecordActivities, 'admitSession'> {
  return {
    async admitSession(request) {
      const admission = await inTransaction(dataSource, async (tx) => {
        // One admission at a time, over all hosts.
        const hosts = await tx.find(HostEntity, { order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
        const session = await lockSession(tx, request.examSessionId);
        const own = await tx.findOneBy(EnvironmentEntity, { examSessionId: session.id });
        if (own !== null) return { admitted: true as const, environment: own.spec };
        if (session.state !== 'created') {
          throw new CkxError('user', 'SESSION_NOT_WAITING', `A session that is ${session.state} waits for no place.`);
        }
        const place = await placeInQueue(tx, session.queueNumber);
        const open = await tx.findBy(EnvironmentEntity, { state: Not('destroyed') });
        const found = place > 1 ? 'Others came first.' : await findPlace(tx, { request, session, hosts, open, maxConcurrentSessions });
        if (typeof found !== 'string') return { admitted: true as const, environment: found };
        await tx.update(ExamSessionEntity, session.id, { waiting: { place, reason: found } });
        return { admitted: false as const, place, reason: found };
      });
      // There may be room for the next as well.
      if (admission.admitted) await wake();
      return admission;
    },
  };
}

interface Search {
  readonly request: AdmissionRequest;
  readonly session: ExamSessionRow;
  readonly hosts: readonly HostRow[];
  /** Environments that are not destroyed, of every host. */
  readonly open: readonly EnvironmentRow[];
  readonly maxConcurrentSessions: number;
}

/** Takes a place on the host with the most free memory. @returns the environment, or why there is no place. */
async function findPlace(tx: EntityManager, search: Search): Promise<EnvironmentSpec | string> {
  const { request, session, hosts, open, maxConcurrentSessions } = search;
  if (open.length >= maxConcurrentSessions) return `All ${maxConcurrentSessions} places are taken.`;
  const active = hosts.filter(({ state }) => state === 'active');
  if (active.length === 0) return 'No host takes sessions at the moment.';

  const units = unitsOf(session.lab.needs);
  const roomy = active
    .map((host) => ({ host, used: open.filter(({ hostId }) => hostId === host.id) }))
    .map(({ host, used }) => ({
      host,
      booting: used.filter(({ state }) => state === 'provisioning').length,
      freeCpuMillis: host.cpuMillis - sum(used, 'cpuMillis'),
      freeMemoryMib: host.memoryMib - sum(used, 'memoryMib'),
    }))
    .filter(({ freeCpuMillis, freeMemoryMib }) => freeCpuMillis >= units.cpuMillis && freeMemoryMib >= units.memoryMib)
    .sort((one, other) => other.freeMemoryMib - one.freeMemoryMib);
  if (roomy.length === 0) return 'The hosts are full.';

  let reason = 'Other environments are starting.';
  for (const { host } of roomy.filter(({ booting, host }) => booting < host.bootSlots)) {
    const taken = await take(tx, { request, session, host, units });
    if (typeof taken !== 'string') return taken;
    reason = taken;
  }
  return reason;
}

/** Inserts the environment with its subnet and ports. @returns it, or which of them the host has run out of. */
async function take(
  tx: EntityManager,
  { request, session, host, units }: { request: AdmissionRequest; session: ExamSessionRow; host: HostRow; units: Units },
): Promise<EnvironmentSpec | string> {
  const { executionEnvironmentId } = request;
  try {
    const subnet = await allocateSubnet(tx, { hostId: host.id, pool: host.subnetPool });
    const ports = await allocatePorts(tx, { hostId: host.id, environmentId: executionEnvironmentId, ranges: host.portRanges });
    const spec: EnvironmentSpec = {
      userId: session.userId,
      examSessionId: session.id,
      executionEnvironmentId,
      hostId: host.id,
      needs: session.lab.needs,
      subnet,
      ports,
    };
    await tx.insert(EnvironmentEntity, { id: executionEnvironmentId, examSessionId: session.id, hostId: host.id, subnet, ...units, spec });
    await tx.insert(SessionEventEntity, { examSessionId: session.id, kind: 'environment', data: { state: 'provisioning' } });
    return spec;
  } catch (error) {
    if (isCkxError(error) && (error.code === 'PORTS_EXHAUSTED' || error.code === 'SUBNETS_EXHAUSTED')) return error.message;
    throw error;
  }
}

function sum<K extends keyof Units>(parts: readonly Units[], unit: K): number {
  return parts.reduce((total, part) => total + part[unit], 0);
}
