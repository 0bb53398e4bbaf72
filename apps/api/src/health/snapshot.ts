import { ATTEMPT_STATES, AttemptState, EnvironmentState, HEAD_OF_QUEUE, PortKind, SESSION_STATES, SessionState } from '@ckx/contracts';
import { SweepAction, SweepResult } from '@ckx/contracts/maintenance-workflow';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';
import { MAIL_SQL, MailSnapshot } from './mails.ts';
import { PASS_SQL, PassSnapshot } from './passes.ts';

const Seconds = z.number();
const Host = z.object({
  id: z.string(),
  state: z.enum(['active', 'draining', 'lost']),
  lastSeenAgeSeconds: Seconds,
  cpuMillis: z.object({ used: z.number(), capacity: z.number() }),
  memoryMib: z.object({ used: z.number(), capacity: z.number() }),
  subnets: z.object({ used: z.number(), capacity: z.number() }),
  refusedAddresses: z.number(),
  ports: z.array(z.object({ kind: PortKind, used: z.number(), capacity: z.number() })),
  environments: z.partialRecord(EnvironmentState, z.number()),
  /** Of these, what belongs to no session yet. */
  warm: z.partialRecord(EnvironmentState, z.number()),
});

const Snapshot = z.object({
  sessions: z.partialRecord(SessionState, z.number()),
  attempts: z.partialRecord(AttemptState, z.number()),
  provisionalAttempts: z.number(),
  /** Who waits for a place; age of the one whose turn is next, 0 where nobody waits. */
  queue: z.object({ sessions: z.number(), headAgeSeconds: Seconds }),
  /** How long ago the deadline passed of the running session that is longest past it; 0 where none is. */
  overdueSeconds: Seconds,
  /** Age of the oldest request that its workflow has not acted upon; 0 where there is none. */
  relayLagSeconds: Seconds,
  maintenance: z.boolean(),
  hosts: z.array(Host),
  access: PassSnapshot,
  mails: MailSnapshot,
  /** The last one that was no dry run. */
  sweep: z
    .object({
      atSeconds: Seconds,
      alert: z.boolean(),
      actions: z.array(z.object({ kind: z.string(), result: SweepResult, count: z.number() })),
    })
    .nullable(),
});
/** The state of an installation at one moment, as Postgres has it. */
export type Snapshot = z.infer<typeof Snapshot>;
export type SweepActionKind = SweepAction['kind'];

export const SWEEP_ACTIONS = SweepAction.options.map((option) => option.shape.kind.value);

const counts = (table: string, states: readonly string[]): string =>
  `(SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM ${table}
     WHERE state IN (${states.map((state) => `'${state}'`).join(', ')}) GROUP BY state) c)`;

const used = (column: string): string =>
  `(SELECT coalesce(sum(e.${column}), 0) FROM environments e WHERE e.host_id = h.id AND e.state <> 'destroyed')`;

/**
 * A host that was drained, is gone and holds nothing is out of service: nobody waits for it.
 *
 * One statement, so that all numbers are of one moment. Who waits, and what is unacknowledged, is as the queue and the relay see it.
 */
const SQL = `
  SELECT jsonb_build_object(
    'sessions', ${counts('exam_sessions', SESSION_STATES)},
    'attempts', ${counts('exam_attempts', ATTEMPT_STATES)},
    'provisionalAttempts', (SELECT count(*) FROM exam_attempts WHERE state = 'graded' AND provisional),
    'queue', (
      SELECT jsonb_build_object(
        'sessions', count(*), 'headAgeSeconds', coalesce(max(extract(epoch FROM now() - created_at)) FILTER (WHERE place = 1), 0))
      FROM waiting_sessions),
    'overdueSeconds', (
      SELECT coalesce(greatest(0, max(extract(epoch FROM now() - deadline_at))), 0) FROM exam_sessions WHERE state = 'running'),
    'relayLagSeconds', (
      SELECT coalesce(max(extract(epoch FROM now() - asked_at)), 0)
      FROM (
        SELECT least(
          -- Only those at the head of the queue have a workflow; who has just come there is given until half of it has gone.
          CASE WHEN s.waiting IS NULL AND w.place <= ${HEAD_OF_QUEUE / 2} THEN s.created_at END,
          CASE WHEN s.state = 'ready' THEN s.start_requested_at END,
          CASE WHEN s.state = 'running' THEN s.submit_requested_at END,
          s.terminate_requested_at) AS asked_at
        FROM exam_sessions s LEFT JOIN waiting_sessions w ON w.id = s.id WHERE s.state NOT IN ('terminated', 'failed')) asked),
    'maintenance', coalesce((SELECT (value->>'on')::boolean FROM settings WHERE name = 'maintenance'), false),
    'access', ${PASS_SQL},
    'mails', ${MAIL_SQL},
    'hosts', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', h.id, 'state', h.state,
        'lastSeenAgeSeconds', extract(epoch FROM now() - h.last_seen_at),
        'cpuMillis', jsonb_build_object('used', ${used('cpu_millis')}, 'capacity', h.cpu_millis),
        'memoryMib', jsonb_build_object('used', ${used('memory_mib')}, 'capacity', h.memory_mib),
        'subnets', jsonb_build_object(
          'used', (SELECT count(*) FROM environments e WHERE e.host_id = h.id AND e.state <> 'destroyed'),
          'capacity', 2 ^ (26 - masklen(h.subnet_pool))),
        'refusedAddresses', (SELECT count(*) FROM refused_addresses r WHERE r.host_id = h.id AND r.until > now()),
        'ports', (
          SELECT coalesce(jsonb_agg(jsonb_build_object(
            'kind', range.key,
            'used', (SELECT count(*) FROM port_allocations p WHERE p.host_id = h.id AND p.kind = range.key),
            'capacity', (range.value->>'end')::int - (range.value->>'start')::int + 1)), '[]')
          FROM jsonb_each(h.port_ranges) range),
        'environments', (
          SELECT coalesce(jsonb_object_agg(c.state, c.n), '{}') FROM (
            SELECT e.state, count(*) AS n FROM environments e WHERE e.host_id = h.id AND e.state <> 'destroyed' GROUP BY e.state) c),
        'warm', (
          SELECT coalesce(jsonb_object_agg(c.state, c.n), '{}') FROM (
            SELECT e.state, count(*) AS n FROM environments e
             WHERE e.host_id = h.id AND e.exam_session_id IS NULL AND e.state IN ('provisioning', 'ready') GROUP BY e.state) c)
      )), '[]') FROM hosts h
      WHERE NOT (h.state = 'lost' AND h.drain_requested_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM environments e WHERE e.host_id = h.id AND e.state <> 'destroyed'))),
    'sweep', (
      SELECT jsonb_build_object(
        'atSeconds', extract(epoch FROM r.at),
        'alert', r.alert IS NOT NULL,
        'actions', (
          SELECT coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'result', a.result, 'count', a.n)), '[]') FROM (
            SELECT entry->'action'->>'kind' AS kind, entry->>'result' AS result, count(*) AS n
            FROM jsonb_array_elements(r.report->'actions') entry GROUP BY 1, 2) a))
      FROM sweep_reports r WHERE NOT r.dry_run ORDER BY r.at DESC, r.id DESC LIMIT 1)
  ) AS snapshot`;

const Rows = z.tuple([z.object({ snapshot: Snapshot })]);

export async function readSnapshot(dataSource: DataSource): Promise<Snapshot> {
  return Rows.parse(await dataSource.query(SQL))[0].snapshot;
}
