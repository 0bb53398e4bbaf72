/** Environments that belong to no session: bound to one, or out of its way; each by one change of its row, so that exactly one of them happens. */
import {
  EnvironmentNeeds,
  ExecutionEnvironmentId,
  HostId,
  shapeOf,
  unitsOf,
  type EnvironmentSpec,
  type ExecutionEnvironmentId as Id,
} from '@ckx/contracts';
import { recordChangedSignal, WARM_AGE_LIMIT_MS, warmEnvironmentWorkflowId } from '@ckx/contracts/warm-pool';
import {
  EnvironmentEntity,
  inTransaction,
  SessionEventEntity,
  type DataSource,
  type EntityManager,
  type ExamSessionRow,
} from '@ckx/persistence';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import type { RecordActivities } from './interface.ts';
import type { WarmEnvironment } from './turn.ts';

const FRESH = `created_at > now() - make_interval(secs => ${WARM_AGE_LIMIT_MS / 1_000})`;

const WARM = `
  SELECT id, host_id AS "hostId", state, spec -> 'needs' AS needs, ${FRESH} AS "isFresh"
    FROM environments WHERE exam_session_id IS NULL AND state IN ('provisioning', 'ready', 'destroying')
   ORDER BY created_at, id`;
const WarmRows = z.array(
  z
    .object({
      id: ExecutionEnvironmentId,
      hostId: HostId,
      state: z.enum(['provisioning', 'ready', 'destroying']),
      needs: EnvironmentNeeds,
      isFresh: z.boolean(),
    })
    .transform(({ needs, ...row }): WarmEnvironment => ({ ...row, units: unitsOf(needs), shape: shapeOf(needs) })),
);

/** The oldest first. */
export async function readWarm(manager: EntityManager): Promise<readonly WarmEnvironment[]> {
  return WarmRows.parse(await manager.query(WARM));
}

/** One whose own workflow is at its row at this moment, since it has found something wrong with it, is passed over. */
const FREE = `
  SELECT id FROM environments WHERE id = ANY ($1) AND exam_session_id IS NULL AND state = 'ready' AND ${FRESH}
   ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
const FreeRow = z.array(z.object({ id: ExecutionEnvironmentId })).max(1);

/** Makes one of these environments the session's own, for good. @returns it, or null where none of them is free any more. */
export async function bindWarm(tx: EntityManager, session: ExamSessionRow, ids: readonly Id[]): Promise<EnvironmentSpec | null> {
  const [free] = FreeRow.parse(await tx.query(FREE, [ids]));
  if (free === undefined) return null;
  const { spec: born, state } = await tx.findOneByOrFail(EnvironmentEntity, { id: free.id });
  const { id: examSessionId, userId, lab } = session;
  const spec: EnvironmentSpec = { ...born, userId, examSessionId, category: lab.category, needs: lab.needs, bornWarm: true };
  await tx.update(EnvironmentEntity, free.id, { examSessionId, spec });
  await tx.insert(SessionEventEntity, { examSessionId, kind: 'environment', data: { state, warm: true } });
  return spec;
}

const MAKE_WAY = `
  UPDATE environments SET state = 'destroying'
   WHERE id = ANY ($1) AND exam_session_id IS NULL AND state IN ('provisioning', 'ready')`;

/** Nobody is given these any more. What a session has got meanwhile is the session's. */
export async function makeWay(tx: EntityManager, ids: readonly Id[]): Promise<void> {
  if (ids.length > 0) await tx.query(MAKE_WAY, [ids]);
}

/** Tells those who keep them that the records have changed; who does not hear it, looks by itself within a minute. */
export async function tellKeepers(client: Client, ids: readonly Id[]): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      try {
        await client.workflow.getHandle(warmEnvironmentWorkflowId(id)).signal(recordChangedSignal);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }),
  );
}

/** What a warm environment's workflow asks and tells. `wake` tells the head of the queue that there may be room. */
export function warmRecords(dataSource: DataSource, wake: () => Promise<void>): Pick<RecordActivities, 'recordWarm' | 'reviewWarm'> {
  const lock = (tx: EntityManager, id: Id) => tx.findOne(EnvironmentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  return {
    async recordWarm({ executionEnvironmentId: id }) {
      await inTransaction(dataSource, async (tx) => {
        const environment = await lock(tx, id);
        if (environment?.state !== 'provisioning' || environment.examSessionId !== null) return;
        await tx.update(EnvironmentEntity, id, { state: 'ready', readyAt: () => 'now()' });
      });
      // One more may boot on that host, and somebody may have waited for just this.
      await wake();
    },

    reviewWarm: ({ executionEnvironmentId: id, giveUp }) =>
      inTransaction(dataSource, async (tx) => {
        const environment = await lock(tx, id);
        if (environment === null || environment.examSessionId !== null) return 'not_ours';
        const { state } = environment;
        if (state === 'destroyed') return 'not_ours';
        if (!giveUp && (state === 'provisioning' || state === 'ready')) return 'waits';
        await tx.update(EnvironmentEntity, id, { state: 'destroying' });
        return 'leaves';
      }),
  };
}
