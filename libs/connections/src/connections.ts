/** A row per connection in `terminal_sessions`, with times and bytes, also of those whose gateway was killed. */
import {
  CkxError,
  CONNECTION_ENDS,
  ConnectionId,
  ConnectionView,
  LOSSES,
  type ConnectionEnd,
  type ConnectionKind,
  type ExamSessionId,
  type TabId,
  type UserId,
} from '@ckx/contracts';
import { z } from 'zod';
import { rowsOf, timestamp, type Database } from './rows.ts';

export interface ConnectionStart {
  readonly connectionId: ConnectionId;
  readonly examSessionId: ExamSessionId;
  readonly userId: UserId;
  readonly kind: ConnectionKind;
  /** null for a desktop. */
  readonly tab: TabId | null;
  readonly gatewayId: string;
  /** The connection that was lost and is to be gone on with. */
  readonly resume: ConnectionId | undefined;
  readonly resumeWindowMs: number;
}

export interface BegunConnection {
  readonly resumed: boolean;
  /** Why it was not, where it was asked for. */
  readonly message: string | null;
  /** Whether the session lets its terminals be recorded. */
  readonly recording: boolean;
}

const Predecessor = z.object({ open: z.boolean(), endCode: z.string().nullable(), agoMs: z.number() });

/**
 * Writes a connection that begins.
 *
 * It goes on with an earlier one where that was of the same user, session, kind and tab, was lost, and not longer ago than the window;
 * one that is still open counts: the gateway has not noticed the loss yet.
 */
export async function beginConnection(database: Database, start: ConnectionStart): Promise<BegunConnection> {
  const { resume, resumeWindowMs } = start;
  const why = resume === undefined ? null : whyNot(await predecessor(database, start, resume), resumeWindowMs);
  const resumed = resume !== undefined && why === null;
  const [row] = await rowsOf(
    database,
    z.object({ recording: z.boolean() }),
    `INSERT INTO terminal_sessions (id, exam_session_id, user_id, kind, tab, gateway_id, resumes) VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING (SELECT recording FROM exam_sessions WHERE id = $2)`,
    [start.connectionId, start.examSessionId, start.userId, start.kind, start.tab, start.gatewayId, resumed ? resume : null],
  );
  if (row === undefined) throw new CkxError('bug', 'CONNECTION_NOT_WRITTEN', 'A connection was written and is not there.');
  return { resumed, message: why, recording: row.recording };
}

async function predecessor(database: Database, start: ConnectionStart, id: ConnectionId): Promise<z.infer<typeof Predecessor> | undefined> {
  const [row] = await rowsOf(
    database,
    Predecessor,
    `SELECT ended_at IS NULL AS open, end_code AS "endCode",
            (extract(epoch FROM now() - coalesce(ended_at, now())) * 1000)::double precision AS "agoMs"
       FROM terminal_sessions
      WHERE id = $1 AND exam_session_id = $2 AND user_id = $3 AND kind = $4 AND tab IS NOT DISTINCT FROM $5`,
    [id, start.examSessionId, start.userId, start.kind, start.tab],
  );
  return row;
}

function whyNot(lost: z.infer<typeof Predecessor> | undefined, windowMs: number): string | null {
  if (lost === undefined) return 'There is no such connection to resume: this is a new one.';
  if (lost.open) return null;
  if (!LOSSES.some((code) => code === lost.endCode)) return 'The connection was not lost, but closed: this is a new one.';
  if (lost.agoMs <= windowMs) return null;
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  return `The connection was lost ${seconds(lost.agoMs)} ago, longer than the ${seconds(windowMs)} in which it resumes: this is a new one.`;
}

export interface Alive {
  readonly connectionId: ConnectionId;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Writes that these connections are open, and what has gone over them, in one statement. */
export async function noteAlive(database: Database, connections: readonly Alive[]): Promise<void> {
  if (connections.length === 0) return;
  await rowsOf(
    database,
    z.unknown(),
    `UPDATE terminal_sessions t SET last_seen_at = now(), bytes_in = a.bytes_in, bytes_out = a.bytes_out
       FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS a (id, bytes_in, bytes_out) WHERE t.id = a.id AND t.ended_at IS NULL`,
    [connections.map((one) => one.connectionId), connections.map((one) => one.bytesIn), connections.map((one) => one.bytesOut)],
  );
}

export interface EndedConnection extends Alive {
  readonly code: ConnectionEnd;
  readonly message: string;
  /** How long ago its client was last heard; the connection ended then. */
  readonly agoMs: number;
}

/** Writes that connections ended. One that has ended stays as it is. */
export async function endConnections(database: Database, ended: readonly EndedConnection[]): Promise<void> {
  if (ended.length === 0) return;
  await rowsOf(
    database,
    z.unknown(),
    `UPDATE terminal_sessions t
        SET ended_at = greatest(t.opened_at, now() - make_interval(secs => e.ago_ms / 1000.0)), end_code = e.code, end_message = e.message,
            last_seen_at = now(), bytes_in = e.bytes_in, bytes_out = e.bytes_out
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[])
         AS e (id, code, message, bytes_in, bytes_out, ago_ms)
      WHERE t.id = e.id AND t.ended_at IS NULL`,
    [
      ended.map((one) => one.connectionId),
      ended.map((one) => one.code),
      ended.map((one) => one.message),
      ended.map((one) => one.bytesIn),
      ended.map((one) => one.bytesOut),
      ended.map((one) => Math.round(one.agoMs)),
    ],
  );
}

/**
 * Ends the rows of connections that nobody holds any more: those of this gateway when it starts, and of any that has not written for longer
 * than it ever takes. They ended when they were last seen.
 *
 * @returns which.
 */
export async function endForgotten(
  database: Database,
  { gatewayId, silentMs }: { readonly gatewayId: string | null; readonly silentMs: number },
): Promise<readonly ConnectionId[]> {
  const rows = await rowsOf(
    database,
    z.object({ id: ConnectionId }),
    `UPDATE terminal_sessions SET ended_at = greatest(last_seen_at, opened_at), end_code = $3, end_message = $4
      WHERE ended_at IS NULL AND (gateway_id = $1 OR last_seen_at < now() - make_interval(secs => $2)) RETURNING id`,
    [gatewayId, silentMs / 1_000, 'GATEWAY_LOST' satisfies ConnectionEnd, CONNECTION_ENDS.GATEWAY_LOST.message],
  );
  return rows.map(({ id }) => id);
}

const Row = ConnectionView.extend({ openedAt: timestamp, endedAt: timestamp.nullable() });

/** A session's connections, the open ones among them, oldest first. */
export async function listConnections(database: Database, examSessionId: ExamSessionId): Promise<ConnectionView[]> {
  return rowsOf(
    database,
    Row,
    `SELECT id AS "connectionId", exam_session_id AS "examSessionId", user_id AS "userId", kind, tab, opened_at AS "openedAt",
            ended_at AS "endedAt", end_code AS "endCode", bytes_in AS "bytesIn", bytes_out AS "bytesOut"
       FROM terminal_sessions WHERE exam_session_id = $1 ORDER BY opened_at, id`,
    [examSessionId],
  );
}
