/** The warm pool, looked at as a whole: what is to be built and what is to go becomes rows first. */
import { randomUUID } from 'node:crypto';
import {
  EnvironmentNeeds,
  EnvironmentSpec,
  ExecutionEnvironmentId,
  HostId,
  isCkxError,
  unitsOf,
  WARM_POOL_SETTING,
  warmSpec,
} from '@ckx/contracts';
import { EnvironmentEntity, HostEntity, inTransaction, type DataSource, type EntityManager, type HostRow } from '@ckx/persistence';
import { allocatePorts, allocateSubnet } from '@ckx/port-allocation';
import { z } from 'zod';
import { readSituation } from './queue.ts';
import { planPool, type PoolPlan, type PoolSituation } from './warm-plan.ts';
import { makeWay } from './warm.ts';

export { tellKeepers } from './warm.ts';

export interface PoolOptions {
  /** Of each host. */
  readonly size: number;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
  readonly demand: PoolSituation['demand'];
}

/** What sessions of the last weeks asked for; rehearsals are no candidates'. */
const DEMAND = `
  SELECT lab -> 'needs' AS needs, count(*) AS sessions FROM exam_sessions
   WHERE created_at > now() - interval '30 days' AND NOT rehearsal AND lab -> 'needs' ->> 'cluster' <> 'namespace' GROUP BY 1`;
const DemandRows = z.array(z.object({ needs: EnvironmentNeeds, sessions: z.int() }));

export async function readDemand({ manager }: DataSource): Promise<PoolSituation['demand']> {
  return DemandRows.parse(await manager.query(DEMAND));
}

/** A claimed environment is not in use before it is bound; one that was never ready came to nothing. */
const MOMENT = `
  SELECT EXISTS (SELECT FROM waiting_sessions) AS "isQueue",
         ARRAY (SELECT host_id FROM environments
                 WHERE (exam_session_id IS NOT NULL AND state = 'ready')
                    OR (exam_session_id IS NULL AND ready_at IS NULL AND state IN ('destroying', 'destroyed', 'lost')
                        AND coalesce(destroyed_at, now()) > now() - interval '1 minute')) AS busy`;
const Moment = z.tuple([z.object({ isQueue: z.boolean(), busy: z.array(HostId) })]);

async function plan(manager: EntityManager, hosts: readonly HostRow[], options: PoolOptions): Promise<PoolPlan> {
  const situation = await readSituation(manager, hosts, options.maxConcurrentSessions);
  const [{ isQueue, busy }] = Moment.parse(await manager.query(MOMENT));
  return planPool({ ...situation, ...options, isQueue, busy: new Set(busy) });
}

const OPEN = `SELECT spec FROM environments WHERE exam_session_id IS NULL AND state IN ('provisioning', 'ready', 'destroying')`;
const OpenRows = z.array(z.object({ spec: EnvironmentSpec }));

/** What was nobody's, and is gone, tells nothing after a day. */
const FORGET = `DELETE FROM environments WHERE exam_session_id IS NULL AND state = 'destroyed' AND destroyed_at < now() - interval '1 day'`;

/** For those who look on: the API does not know this process's settings. */
const SAY_SIZE = `
  INSERT INTO settings (name, value) SELECT '${WARM_POOL_SETTING}', said.value FROM (SELECT jsonb_build_object('size', $1::int) AS value) said
   WHERE NOT EXISTS (SELECT FROM settings s WHERE s.name = '${WARM_POOL_SETTING}' AND s.value = said.value)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = now()`;

/**
 * Looks at all hosts, and writes down what follows.
 *
 * @returns every environment that has to have a workflow, and those of them that have to go.
 */
export async function arrangePool(
  dataSource: DataSource,
  options: PoolOptions,
): Promise<{ readonly open: readonly EnvironmentSpec[]; readonly leaving: readonly ExecutionEnvironmentId[] }> {
  const { manager } = dataSource;
  let leaving: readonly ExecutionEnvironmentId[] = [];
  await manager.query(SAY_SIZE, [options.size]);
  const glance = await plan(manager, await manager.find(HostEntity), options);
  if (glance.leaving.length > 0 || glance.coming.length > 0) {
    leaving = await inTransaction(dataSource, async (tx) => {
      // As admissions do, one at a time; what it saw before, it sees anew.
      const hosts = await tx.find(HostEntity, { order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
      const { leaving: going, coming } = await plan(tx, hosts, options);
      await makeWay(tx, going);
      for (const { hostId, needs } of coming) {
        const host = hosts.find(({ id }) => id === hostId);
        if (host !== undefined) await allot(tx, host, needs);
      }
      await tx.query(FORGET);
      return going;
    });
  }
  return { open: OpenRows.parse(await manager.query(OPEN)).map(({ spec }) => spec), leaving };
}

/** Inserts an environment of nobody's, with its subnet and ports; nothing where the host has run out of them. */
async function allot(tx: EntityManager, { id: hostId, subnetPool, portRanges }: HostRow, needs: EnvironmentNeeds): Promise<void> {
  const executionEnvironmentId = ExecutionEnvironmentId.parse(randomUUID());
  try {
    const subnet = await allocateSubnet(tx, { hostId, pool: subnetPool });
    const ports = await allocatePorts(tx, { hostId, environmentId: executionEnvironmentId, ranges: portRanges });
    const spec = warmSpec({ executionEnvironmentId, hostId, needs, subnet, ports });
    await tx.insert(EnvironmentEntity, { id: executionEnvironmentId, hostId, subnet, ...unitsOf(needs), spec });
  } catch (error) {
    if (isCkxError(error) && (error.code === 'PORTS_EXHAUSTED' || error.code === 'SUBNETS_EXHAUSTED')) return;
    throw error;
  }
}
