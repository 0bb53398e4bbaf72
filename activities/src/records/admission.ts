import { CkxError, isCkxError, unitsOf, type EnvironmentSpec, type ExecutionEnvironmentId } from '@ckx/contracts';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  inTransaction,
  SessionEventEntity,
  type DataSource,
  type EntityManager,
  type ExamSessionRow,
  type HostRow,
} from '@ckx/persistence';
import { allocatePorts, allocateSubnet } from '@ckx/port-allocation';
import { lockSession } from '@ckx/session-lifecycle/records';
import { In } from 'typeorm';
import type { RecordActivities } from './interface.ts';
import { askedBy, readPlaceInQueue, readQueue, readSituation } from './queue.ts';
import { givingWay, lackOfRoom, turnOf, type Situation, type Turn, type Waiter } from './turn.ts';
import { bindWarm, makeWay } from './warm.ts';

type AdmissionRequest = Parameters<RecordActivities['admitSession']>[0];

/** How an admission reaches others. */
interface AdmissionOptions {
  readonly maxConcurrentSessions: number;
  /** Tells whoever is next that there may be room. */
  readonly wake: () => Promise<void>;
  /** Tells those who keep warm environments that the records of these have changed. */
  readonly tell: (ids: readonly ExecutionEnvironmentId[]) => Promise<void>;
}

/** Gives sessions their place by the rules of `turn.ts`: an environment that is there already, or room for one on a host. */
export function admissionRecords(
  dataSource: DataSource,
  { maxConcurrentSessions, wake, tell }: AdmissionOptions,
): Pick<RecordActivities, 'admitSession'> {
  return {
    async admitSession(request) {
      const { admission, changed } = await inTransaction(dataSource, async (tx) => {
        // One admission at a time, over all hosts.
        const hosts = await tx.find(HostEntity, { order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
        const session = await lockSession(tx, request.examSessionId);
        const own = await tx.findOneBy(EnvironmentEntity, { examSessionId: session.id });
        if (own !== null) return { admission: { admitted: true as const, environment: own.spec }, changed: [] };
        if (session.state !== 'created') {
          throw new CkxError('user', 'SESSION_NOT_WAITING', `A session that is ${session.state} waits for no place.`);
        }
        const { found, changed: ids } = await findPlace(tx, { request, session, hosts, maxConcurrentSessions });
        if (typeof found !== 'string') {
          // However long it waited, that was no idleness of the candidate's.
          await tx.update(ExamSessionEntity, session.id, { lastActivityAt: () => 'now()' });
          return { admission: { admitted: true as const, environment: found }, changed: ids };
        }
        const place = await readPlaceInQueue(tx, session.queueNumber);
        await tx.update(ExamSessionEntity, session.id, { waiting: { place, reason: found } });
        return { admission: { admitted: false as const, place, reason: found }, changed: ids };
      });
      // There may be room for the next as well.
      await Promise.all([admission.admitted ? wake() : null, tell(changed)]);
      return admission;
    },
  };
}

interface Search {
  readonly request: AdmissionRequest;
  readonly session: ExamSessionRow;
  readonly hosts: readonly HostRow[];
  readonly maxConcurrentSessions: number;
}

interface Found {
  /** The environment, or why there is none. */
  readonly found: EnvironmentSpec | string;
  /** Warm environments that were bound, or give way. */
  readonly changed: readonly ExecutionEnvironmentId[];
}

/** Those who came first are read only where there is room at all: most of those who wait find none, and there may be a thousand of them. */
async function findPlace(tx: EntityManager, search: Search): Promise<Found> {
  const { session, hosts, maxConcurrentSessions } = search;
  const no = (reason: string): Found => ({ found: reason, changed: [] });
  if (session.terminateRequestedAt !== null) return no('The session is about to end.');
  const { needs } = session.lab;
  const waiter: Waiter = { ...session, ...askedBy(needs) };
  const situation = await readSituation(tx, hosts, maxConcurrentSessions);
  const lack = lackOfRoom(waiter, situation);
  if (lack !== null && situation.warm.length === 0) return no(lack);
  const ahead = await readQueue(tx, session.queueNumber);
  const turn = turnOf(waiter, ahead, situation);
  if ('reason' in turn) {
    const ids = givingWay(waiter, ahead, situation);
    if (ids.length === 0) return no(turn.reason);
    await makeWay(tx, ids);
    // Where only one that was starting was in the way, there is a place at once.
    const { found, changed } = await findPlace(tx, search);
    return { found: typeof found === 'string' ? 'Room is being made.' : found, changed: [...ids, ...changed] };
  }
  if (turn.warm === undefined) return takeRoom(tx, search, turn, situation);
  const bound = await bindWarm(tx, session, turn.warm);
  if (bound !== null) {
    await countPassed(tx, turn);
    return { found: bound, changed: [bound.executionEnvironmentId] };
  }
  // Their own workflows have them in hand at this moment: as if there were none.
  const other = turnOf(waiter, ahead, { ...situation, warm: [] });
  return 'reason' in other ? no(other.reason) : takeRoom(tx, search, other, situation);
}

type Place = Exclude<Turn, { reason: string }>;

/** Takes a place on the first of the turn's hosts that has ports and a network left; where warm environments have the last, one gives way. */
async function takeRoom(tx: EntityManager, { request, session, hosts }: Search, turn: Place, { warm }: Situation): Promise<Found> {
  let reason = '';
  for (const hostId of turn.hosts) {
    const host = hosts.find(({ id }) => id === hostId);
    if (host === undefined) continue;
    const taken = await take(tx, { request, session, host });
    if (typeof taken !== 'string') {
      await countPassed(tx, turn);
      return { found: taken, changed: [] };
    }
    reason = taken;
  }
  const there = warm.filter(({ hostId }) => turn.hosts.includes(hostId));
  if (there.some(({ state }) => state === 'destroying')) return { found: reason, changed: [] };
  const ids = there.slice(0, 1).map(({ id }) => id);
  await makeWay(tx, ids);
  return { found: reason, changed: ids };
}

async function countPassed(tx: EntityManager, { passed }: Place): Promise<void> {
  if (passed.length > 0) await tx.increment(ExamSessionEntity, { id: In([...passed]) }, 'overtaken', 1);
}

/** Inserts the environment with its subnet and ports. @returns it, or which of them the host has run out of. */
async function take(
  tx: EntityManager,
  { request, session, host }: { request: AdmissionRequest; session: ExamSessionRow; host: HostRow },
): Promise<EnvironmentSpec | string> {
  const { executionEnvironmentId } = request;
  const { needs } = session.lab;
  try {
    const subnet = await allocateSubnet(tx, { hostId: host.id, pool: host.subnetPool });
    const ports = await allocatePorts(tx, { hostId: host.id, environmentId: executionEnvironmentId, ranges: host.portRanges });
    const { userId, id: examSessionId } = session;
    const ids = { userId, examSessionId, executionEnvironmentId, hostId: host.id };
    const spec: EnvironmentSpec = { ...ids, category: session.lab.category, needs, subnet, ports };
    await tx.insert(EnvironmentEntity, { id: executionEnvironmentId, examSessionId, hostId: host.id, subnet, ...unitsOf(needs), spec });
    await tx.insert(SessionEventEntity, { examSessionId, kind: 'environment', data: { state: 'provisioning' } });
    return spec;
  } catch (error) {
    if (isCkxError(error) && (error.code === 'PORTS_EXHAUSTED' || error.code === 'SUBNETS_EXHAUSTED')) return error.message;
    throw error;
  }
}
