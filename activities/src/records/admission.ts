import { CkxError, isCkxError, unitsOf, type EnvironmentSpec } from '@ckx/contracts';
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
import { readPlaceInQueue, readQueue, readSituation } from './queue.ts';
import { lackOfRoom, turnOf, type Turn } from './turn.ts';

type AdmissionRequest = Parameters<RecordActivities['admitSession']>[0];

/** Gives sessions their place on a host by the rules of `turn.ts`. `wake` tells whoever is next that there may be room. */
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
        const turn = await findTurn(tx, session, hosts, maxConcurrentSessions);
        const found = 'reason' in turn ? turn.reason : await takePlace(tx, { request, session, hosts, turn });
        if (typeof found !== 'string') {
          // However long it waited, that was no idleness of the candidate's.
          await tx.update(ExamSessionEntity, session.id, { lastActivityAt: () => 'now()' });
          return { admitted: true as const, environment: found };
        }
        const place = await readPlaceInQueue(tx, session.queueNumber);
        await tx.update(ExamSessionEntity, session.id, { waiting: { place, reason: found } });
        return { admitted: false as const, place, reason: found };
      });
      // There may be room for the next as well.
      if (admission.admitted) await wake();
      return admission;
    },
  };
}

/** Those who came first are read only where there is room at all: most of those who wait find none, and there may be a thousand of them. */
async function findTurn(
  tx: EntityManager,
  session: ExamSessionRow,
  hosts: readonly HostRow[],
  maxConcurrentSessions: number,
): Promise<Turn> {
  if (session.terminateRequestedAt !== null) return { reason: 'The session is about to end.' };
  const waiter = { ...session, units: unitsOf(session.lab.needs) };
  const situation = await readSituation(tx, hosts, maxConcurrentSessions);
  const reason = lackOfRoom(waiter, situation);
  return reason === null ? turnOf(waiter, await readQueue(tx, session.queueNumber), situation) : { reason };
}

interface Search {
  readonly request: AdmissionRequest;
  readonly session: ExamSessionRow;
  readonly hosts: readonly HostRow[];
  readonly turn: Exclude<Turn, { reason: string }>;
}

/** Takes a place on the first of the turn's hosts that has ports and a network left. @returns the environment, or what is taken. */
async function takePlace(tx: EntityManager, { request, session, hosts, turn }: Search): Promise<EnvironmentSpec | string> {
  let reason = '';
  for (const hostId of turn.hosts) {
    const host = hosts.find(({ id }) => id === hostId);
    if (host === undefined) continue;
    const taken = await take(tx, { request, session, host });
    if (typeof taken !== 'string') {
      if (turn.passed.length > 0) await tx.increment(ExamSessionEntity, { id: In([...turn.passed]) }, 'overtaken', 1);
      return taken;
    }
    reason = taken;
  }
  return reason;
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
