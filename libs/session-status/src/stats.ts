import { Maintenance, SHARED_NODE_UNITS, type SessionStats, type Units } from '@ckx/contracts';
import { z } from 'zod';
import { readRows, type Reader } from './reader.ts';

/** Name of the row in `settings`. */
export const MAINTENANCE = 'maintenance';
const OFF: Maintenance = { on: false, message: '' };

/** Whether new sessions are refused for now, and what candidates are told. */
export async function readMaintenance(reader: Reader): Promise<Maintenance> {
  const [row] = await readRows(reader, z.object({ value: Maintenance }), 'SELECT value FROM settings WHERE name = $1', [MAINTENANCE]);
  return row?.value ?? OFF;
}

export interface CapacityUnit extends Units {
  /** Bound over all hosts, MAX_CONCURRENT_SESSIONS. */
  readonly maxConcurrentSessions: number;
}

const Stats = z.object({
  byState: z.record(z.string(), z.int()),
  active: z.int(),
  waiting: z.int(),
  environments: z.int(),
  room: z.int(),
  maintenance: Maintenance.nullable(),
});

/**
 * Room is counted host by host, from what the environments on it really take, and by the kind of port of which it has fewest left; those of a
 * host that is lost hold theirs, and a node that environments share counts once. What is warm makes way for a session, and is room.
 */
const SQL = `
  WITH held AS (
    SELECT *, spec->'needs'->>'cluster' = 'namespace' AS shares FROM environments
     WHERE state <> 'destroyed' AND NOT (exam_session_id IS NULL AND state IN ('provisioning', 'ready'))
  ), used AS (
    SELECT host_id, count(*) AS n,
           sum(cpu_millis) + CASE WHEN bool_or(shares) THEN $4::integer ELSE 0 END AS cpu_millis,
           sum(memory_mib) + CASE WHEN bool_or(shares) THEN $5::integer ELSE 0 END AS memory_mib
      FROM held GROUP BY host_id
  ), waiting AS (
    SELECT count(*) AS n FROM exam_sessions s
     WHERE s.state = 'created' AND NOT EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id)
  )
  SELECT
    (SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM exam_sessions GROUP BY state) t) AS "byState",
    (SELECT count(*) FROM exam_sessions WHERE state NOT IN ('terminated', 'failed')) - waiting.n AS active,
    waiting.n AS waiting,
    (SELECT coalesce(sum(n), 0)::bigint FROM used) AS environments,
    (SELECT coalesce(sum(greatest(0, least((h.cpu_millis - coalesce(u.cpu_millis, 0)) / $1::integer,
                                           (h.memory_mib - coalesce(u.memory_mib, 0)) / $2::integer, p.left))), 0)::bigint
       FROM hosts h LEFT JOIN used u ON u.host_id = h.id
      CROSS JOIN LATERAL (
        SELECT min((r.value->>'end')::integer - (r.value->>'start')::integer + 1 - (
                 SELECT count(*) FROM port_allocations a JOIN held ON held.id = a.environment_id
                  WHERE a.host_id = h.id AND a.port BETWEEN (r.value->>'start')::integer AND (r.value->>'end')::integer)) AS left
          FROM jsonb_each(h.port_ranges) r) p
      WHERE h.state = 'active') AS room,
    (SELECT value FROM settings WHERE name = $3) AS maintenance
  FROM waiting`;

/**
 * How full the installation is.
 *
 * @param unit what one more environment takes of its host.
 */
export async function sessionStats(reader: Reader, unit: CapacityUnit): Promise<SessionStats> {
  const rows = await readRows(reader, Stats, SQL, [
    unit.cpuMillis,
    unit.memoryMib,
    MAINTENANCE,
    SHARED_NODE_UNITS.cpuMillis,
    SHARED_NODE_UNITS.memoryMib,
  ]);
  const [{ environments, room, maintenance, ...stats }] = z.tuple([Stats]).parse(rows);
  const free = Math.max(0, Math.min(room, unit.maxConcurrentSessions - environments));
  return { ...stats, free, capacity: environments + free, maintenance: maintenance ?? OFF };
}
