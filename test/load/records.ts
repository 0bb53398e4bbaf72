/** What the records say of all sessions of a run, read from Postgres; it may be away for a while, since it is killed as everything else is. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AttemptState,
  EnvironmentState,
  ExamSessionId,
  ExecutionEnvironmentId,
  Failure,
  SessionOutcome,
  SessionState,
} from '@ckx/contracts';
import { Client } from 'pg';
import { z } from 'zod';

const time = z.date().nullable();
export const SessionRow = z.object({
  id: ExamSessionId,
  userId: z.uuid(),
  state: SessionState,
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  createdAt: z.date(),
  startedAt: time,
  deadlineAt: time,
  endedAt: time,
  submitRequestedAt: time,
  terminateRequestedAt: time,
  queueNumber: z.coerce.number(),
  overtaken: z.int(),
  memoryMib: z.int().nullable(),
  environmentId: ExecutionEnvironmentId.nullable(),
  environment: EnvironmentState.nullable(),
  attempts: z.coerce.number(),
  attempt: AttemptState.nullable(),
  earned: z.int().nullable(),
  possible: z.int().nullable(),
  provisional: z.boolean().nullable(),
  admittedAs: z.coerce.number().nullable(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/**
 * The order of admission is that of the event which an admission writes while it holds the lock under which all are given: a row's
 * created_at is the beginning of its transaction, from before it had waited for that lock.
 */
const SESSIONS = `
  SELECT s.id, s.user_id AS "userId", s.state, s.outcome, s.failure, s.created_at AS "createdAt", s.started_at AS "startedAt",
    s.deadline_at AS "deadlineAt", s.ended_at AS "endedAt", s.submit_requested_at AS "submitRequestedAt",
    s.terminate_requested_at AS "terminateRequestedAt", s.queue_number AS "queueNumber", s.overtaken,
    e.memory_mib AS "memoryMib", e.id AS "environmentId", e.state AS environment,
    (SELECT count(*) FROM exam_attempts a WHERE a.exam_session_id = s.id) AS attempts,
    a.state AS attempt, a.earned, a.possible, a.provisional,
    (SELECT min(v.id) FROM session_events v
      WHERE v.exam_session_id = s.id AND v.kind = 'environment' AND v.data ->> 'state' = 'provisioning') AS "admittedAs"
  FROM exam_sessions s LEFT JOIN environments e ON e.exam_session_id = s.id LEFT JOIN exam_attempts a ON a.exam_session_id = s.id
  ORDER BY s.queue_number`;

const GIVES_UP_AFTER_MS = 60_000;

/** Every session of the installation, first come first. @throws Error where Postgres is away for a minute. */
export async function readSessions(databaseUrl: string): Promise<SessionRow[]> {
  return z.array(SessionRow).parse(await query(databaseUrl, SESSIONS));
}

/** How many port rows there are. */
export async function countPorts(databaseUrl: string): Promise<number> {
  const [row] = z.array(z.object({ count: z.coerce.number() })).parse(await query(databaseUrl, 'SELECT count(*) FROM port_allocations'));
  return row?.count ?? 0;
}

/** Sweeps so far, and why some stopped and alerted. */
export async function countSweeps(databaseUrl: string): Promise<{ sweeps: number; alerts: readonly string[] }> {
  const rows = await query(databaseUrl, 'SELECT alert FROM sweep_reports ORDER BY at');
  const reports = z.array(z.object({ alert: z.string().nullable() })).parse(rows);
  return { sweeps: reports.length, alerts: reports.flatMap(({ alert }) => alert ?? []) };
}

async function query(databaseUrl: string, sql: string): Promise<unknown> {
  const end = Date.now() + GIVES_UP_AFTER_MS;
  for (;;) {
    const pg = new Client({ connectionString: databaseUrl });
    // A server that dies under a query says so twice.
    pg.on('error', () => undefined);
    try {
      await pg.connect();
      return (await pg.query(sql)).rows;
    } catch (error) {
      if (Date.now() > end) throw error;
    } finally {
      await pg.end().catch(() => undefined);
    }
    await sleep(500);
  }
}
