/** The three lists as they are: Postgres in one transaction, workflows by `describe`. What Docker holds is told by the hosts. */
import {
  AttemptState,
  EnvironmentState,
  ExamSessionId,
  examSessionWorkflowId,
  ExecutionEnvironmentId,
  FailureType,
  HostId,
  SessionOutcome,
  SessionState,
} from '@ckx/contracts';
import type { HostInventory } from '@ckx/contracts/maintenance-workflow';
import { warmEnvironmentWorkflowId } from '@ckx/contracts/warm-pool';
import { mapDatabaseError, type DataSource, type EntityManager } from '@ckx/persistence';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import type { EnvironmentLook, HostLook, Look, SessionLook, WorkflowState } from './look.ts';

/** Workflows asked at once, and how long an answer may take. */
const DESCRIBE = { atOnce: 10, timeoutMs: 5_000 } as const;

const epoch = z.coerce.number();
const SessionRow = z.object({
  examSessionId: ExamSessionId,
  state: SessionState,
  outcome: SessionOutcome.nullable(),
  failure: FailureType.nullable(),
  seen: z.boolean(),
  started: z.boolean(),
  attempt: AttemptState.nullable(),
  lastActivityAt: epoch,
  deadlineAt: epoch.nullable(),
  durationMs: epoch,
  endRequested: z.boolean(),
});
type SessionRow = z.infer<typeof SessionRow>;
const EnvironmentRow = z.object({
  executionEnvironmentId: ExecutionEnvironmentId,
  examSessionId: ExamSessionId.nullable(),
  hostId: HostId,
  state: EnvironmentState,
});

/** Whatever is not over, and whatever Docker names. */
const SESSIONS = `
  WITH ids AS (
    SELECT id FROM exam_sessions WHERE state NOT IN ('terminated', 'failed') OR id = ANY($1)
    UNION SELECT exam_session_id FROM environments WHERE state <> 'destroyed' OR id = ANY($2)
    UNION SELECT exam_session_id FROM exam_attempts WHERE state IN ('in_progress', 'grading')
  )
  SELECT s.id AS "examSessionId", s.state, s.outcome, s.failure ->> 'type' AS failure, s.started_at IS NOT NULL AS started,
         s.sequence > 0 OR s.waiting IS NOT NULL OR EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id) AS seen,
         a.state AS attempt, extract(epoch FROM s.last_activity_at) * 1000 AS "lastActivityAt",
         extract(epoch FROM s.deadline_at) * 1000 AS "deadlineAt",
         (s.lab ->> 'durationMs')::bigint + s.extra_time_ms AS "durationMs", s.terminate_requested_at IS NOT NULL AS "endRequested"
    FROM exam_sessions s
    LEFT JOIN exam_attempts a ON a.exam_session_id = s.id
   WHERE s.id IN (SELECT id FROM ids)`;

const ENVIRONMENTS = `
  SELECT id AS "executionEnvironmentId", exam_session_id AS "examSessionId", host_id AS "hostId", state
    FROM environments WHERE state <> 'destroyed' OR id = ANY($1)`;

/** Which sessions to read. */
interface Scope {
  readonly examSessionIds: readonly ExamSessionId[];
  readonly executionEnvironmentIds: readonly ExecutionEnvironmentId[];
}

interface Records {
  readonly at: number;
  readonly sessions: readonly SessionRow[];
  readonly environments: readonly EnvironmentLook[];
  readonly lostHosts: ReadonlySet<HostId>;
}

/** What is not over, and what is named, of one moment. @throws CkxError operational `DATABASE_UNAVAILABLE`. */
async function readRecords(database: DataSource, { examSessionIds, executionEnvironmentIds }: Scope): Promise<Records> {
  const read = async (tx: EntityManager): Promise<Records> => {
    const [{ at }] = z.tuple([z.object({ at: epoch })]).parse(await tx.query('SELECT extract(epoch FROM now()) * 1000 AS at'));
    const lost = z.array(z.object({ id: HostId })).parse(await tx.query("SELECT id FROM hosts WHERE state = 'lost'"));
    return {
      at,
      sessions: z.array(SessionRow).parse(await tx.query(SESSIONS, [examSessionIds, executionEnvironmentIds])),
      environments: z.array(EnvironmentRow).parse(await tx.query(ENVIRONMENTS, [executionEnvironmentIds])),
      lostHosts: new Set(lost.map(({ id }) => id)),
    };
  };
  try {
    return await database.transaction('REPEATABLE READ', read);
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

/** How a session's workflow is; `unknown` where Temporal does not answer in time. Never throws. */
export function describeWorkflow(client: Client, id: ExamSessionId): Promise<WorkflowState> {
  return describe(client, examSessionWorkflowId(id));
}

async function describe(client: Client, workflowId: string): Promise<WorkflowState> {
  try {
    const { status } = await client.connection.withDeadline(Date.now() + DESCRIBE.timeoutMs, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    switch (status.name) {
      case 'RUNNING':
      case 'PAUSED':
      // Its next run is about to begin.
      case 'CONTINUED_AS_NEW':
        return 'open';
      case 'COMPLETED':
      case 'FAILED':
      case 'CANCELLED':
      case 'TERMINATED':
      case 'TIMED_OUT':
        return 'closed';
      default:
        return 'unknown';
    }
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'missing' : 'unknown';
  }
}

async function describeAll<Id>(ids: Iterable<Id>, ask: (id: Id) => Promise<WorkflowState>): Promise<ReadonlyMap<Id, WorkflowState>> {
  const states = new Map<Id, WorkflowState>();
  const queue = [...new Set(ids)];
  const next = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) states.set(id, await ask(id));
  };
  await Promise.all(Array.from({ length: DESCRIBE.atOnce }, next));
  return states;
}

export interface LookRequest {
  readonly installation: string;
  /** What the hosts answered, before this is called: a resource's row is written before the resource is made. */
  readonly hosts: readonly HostInventory[];
}

/**
 * One look at all three lists.
 *
 * @param beside sessions that are looked at although nothing of theirs is open.
 * @throws CkxError operational `DATABASE_UNAVAILABLE`; Temporal's silence is in the look.
 */
export async function takeLook(
  database: DataSource,
  client: Client,
  { installation, hosts }: LookRequest,
  beside: readonly ExamSessionId[] = [],
): Promise<Look> {
  const found = hosts.flatMap(({ environments }) => environments ?? []).filter((each) => each.installation === installation);
  const named = found.map(({ examSessionId }) => examSessionId);
  const { at, sessions, environments, lostHosts } = await readRecords(database, {
    examSessionIds: [...named, ...beside],
    executionEnvironmentIds: found.map(({ executionEnvironmentId }) => executionEnvironmentId),
  });
  const known = new Set(sessions.map(({ examSessionId }) => examSessionId));
  // Last: a workflow that closed meanwhile has written its end before, and the second look will read it.
  const [workflows, keepers] = await Promise.all([
    describeAll([...known, ...named], (id) => describeWorkflow(client, id)),
    describeAll(
      environments
        .filter(({ examSessionId, state }) => examSessionId === null && state !== 'destroyed')
        .map((row) => row.executionEnvironmentId),
      (id) => describe(client, warmEnvironmentWorkflowId(id)),
    ),
  ]);
  return {
    at,
    installation,
    hosts: [
      ...hosts.map((host): HostLook => ({ ...host, lost: lostHosts.has(host.hostId) })),
      // Nobody asked them; that they are gone is on record.
      ...[...lostHosts]
        .filter((id) => hosts.every(({ hostId }) => hostId !== id))
        .map((hostId): HostLook => ({ hostId, environments: null, lost: true })),
    ],
    environments,
    sessions: sessions.map((row): SessionLook => ({ ...row, workflow: workflows.get(row.examSessionId) ?? 'unknown' })),
    keepers,
    strangers: new Map(named.filter((id) => !known.has(id)).map((id) => [id, workflows.get(id) ?? 'unknown'])),
  };
}
