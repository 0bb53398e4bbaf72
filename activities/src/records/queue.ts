import { EnvironmentNeeds, examSessionWorkflowId, ExamSessionId, HostId, shapeOf, SHARED_NODE_UNITS, unitsOf } from '@ckx/contracts';
import { capacityReleasedSignal } from '@ckx/contracts/exam-session';
import { HostEntity, type DataSource, type EntityManager, type HostRow } from '@ckx/persistence';
import { readMaintenance } from '@ckx/session-status';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import { readWarm } from './warm.ts';
import { nextInQueue, plus, type HostRoom, type Situation, type Waiter } from './turn.ts';

/** What a session with these needs waits for. */
export function askedBy(needs: EnvironmentNeeds): Pick<Waiter, 'units' | 'sharesNode' | 'shape'> {
  return { units: unitsOf(needs), sharesNode: needs.cluster === 'namespace', shape: shapeOf(needs) };
}

/** Sessions without an environment that nobody has asked to end, first come first. */
const WAITING = `
  SELECT s.id, s.overtaken, s.rehearsal, s.lab -> 'needs' AS needs
    FROM waiting_sessions w JOIN exam_sessions s ON s.id = w.id
   WHERE $1::bigint IS NULL OR w.queue_number < $1
   ORDER BY w.queue_number`;
const WaitingRows = z.array(
  z
    .object({ id: ExamSessionId, overtaken: z.int(), rehearsal: z.boolean(), needs: EnvironmentNeeds })
    .transform(({ needs, ...waiter }): Waiter => ({ ...waiter, ...askedBy(needs) })),
);

/** @param before only those with a smaller number. */
export async function readQueue(manager: EntityManager, before?: number): Promise<Waiter[]> {
  return WaitingRows.parse(await manager.query(WAITING, [before ?? null]));
}

const COUNT_AHEAD = 'SELECT count(*) AS ahead FROM waiting_sessions WHERE queue_number < $1';
const Ahead = z.tuple([z.object({ ahead: z.int() })]);

/** The place in the queue of whoever has this number, from 1. */
export async function readPlaceInQueue(manager: EntityManager, queueNumber: number): Promise<number> {
  return Ahead.parse(await manager.query(COUNT_AHEAD, [queueNumber]))[0].ahead + 1;
}

const USE = `
  SELECT host_id AS "hostId", count(*) AS environments, count(*) FILTER (WHERE state = 'provisioning') AS booting,
         sum(cpu_millis) AS "cpuMillis", sum(memory_mib) AS "memoryMib",
         count(*) FILTER (WHERE spec -> 'needs' ->> 'cluster' = 'namespace') AS sharing
    FROM environments WHERE state <> 'destroyed' GROUP BY host_id`;
const UseRows = z.array(
  z.object({ hostId: HostId, environments: z.int(), booting: z.int(), cpuMillis: z.int(), memoryMib: z.int(), sharing: z.int() }),
);

/**
 * Capacity is the sum over environments that are not destroyed: there is no counter that could go wrong. A node that sessions share counts while
 * there are any: one that nobody uses is there only as long as nobody needs its room.
 */
export async function readSituation(manager: EntityManager, hosts: readonly HostRow[], maxConcurrentSessions: number): Promise<Situation> {
  const use = UseRows.parse(await manager.query(USE));
  const roomOf = ({ id, cpuMillis, memoryMib, bootSlots }: HostRow): HostRoom => {
    const { booting, sharing, ...own } = use.find(({ hostId }) => hostId === id) ?? { cpuMillis: 0, memoryMib: 0, booting: 0, sharing: 0 };
    const used = sharing > 0 ? plus(own, SHARED_NODE_UNITS) : own;
    return { id, total: { cpuMillis, memoryMib }, used, sharing, booting, bootSlots };
  };
  return {
    hosts: hosts.filter(({ state }) => state === 'active').map(roomOf),
    environments: use.reduce((sum, { environments }) => sum + environments, 0),
    warm: await readWarm(manager),
    maxConcurrentSessions,
    maintenance: await readMaintenance(manager),
  };
}

/**
 * Tells whoever is next that there is room. Whoever is admitted calls this in turn, so that one release of much capacity reaches
 * everybody it has room for. One whose workflow is not there yet will look by itself.
 */
export async function wakeNext(dataSource: DataSource, client: Client, maxConcurrentSessions: number): Promise<void> {
  const { manager } = dataSource;
  const next = nextInQueue(await readQueue(manager), await readSituation(manager, await manager.find(HostEntity), maxConcurrentSessions));
  if (next === null) return;
  try {
    await client.workflow.getHandle(examSessionWorkflowId(next)).signal(capacityReleasedSignal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
