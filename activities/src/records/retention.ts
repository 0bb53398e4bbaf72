import { CkxError, ExamSessionId } from '@ckx/contracts';
import type { Retained } from '@ckx/contracts/retention-workflow';
import { deleteSessions, inTransaction, type DataSource, type EntityManager } from '@ckx/persistence';
import { z } from 'zod';
import type { RecordActivities } from './interface.ts';

/** Two values for each: the time, and how many at most. What somebody is working on at this moment is left to the next time. */
const DUE = {
  // Not while anything is left to happen: an attempt to be graded, an environment that may still hold its network on a host.
  sessions: `
    SELECT s.id FROM exam_sessions s
     WHERE s.ended_at < $1
       AND NOT EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id AND e.state <> 'destroyed')
       AND NOT EXISTS (SELECT FROM exam_attempts a WHERE a.exam_session_id = s.id AND a.state IN ('in_progress', 'grading'))
     ORDER BY s.ended_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`,
  events: `
    SELECT v.id FROM session_events v JOIN exam_sessions s ON s.id = v.exam_session_id
     WHERE s.ended_at < $1 LIMIT $2 FOR UPDATE OF v SKIP LOCKED`,
  // A pack's content goes with the pack alone: sessions from it may be graded anew. A recording's goes after its recording.
  blobs: `
    SELECT b.digest AS id FROM blobs b
     WHERE b.last_used_at < $1 AND NOT EXISTS (SELECT FROM lab_packs p WHERE p.blob_digest = b.digest)
       AND NOT EXISTS (SELECT FROM recordings r WHERE r.blob_digest = b.digest)
     LIMIT $2 FOR UPDATE OF b SKIP LOCKED`,
  sweepReports: 'SELECT id FROM sweep_reports WHERE at < $1 ORDER BY at LIMIT $2',
  audit: 'SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2',
  mails: 'SELECT id FROM mails WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED',
  refreshTokens: 'SELECT id FROM refresh_tokens WHERE expires_at < $1 LIMIT $2',
  accountTokens: 'SELECT id FROM account_tokens WHERE expires_at < $1 LIMIT $2',
  nonces: 'SELECT nonce AS id FROM service_nonces WHERE expires_at < $1 LIMIT $2',
  recordings: 'SELECT id FROM recordings WHERE started_at < $1 ORDER BY started_at LIMIT $2',
} as const satisfies Record<Retained, string>;

/** With one value: the ids that are due. */
const DELETE = {
  events: ['DELETE FROM session_events WHERE id = ANY($1)'],
  blobs: ['DELETE FROM blobs WHERE digest = ANY($1)'],
  sweepReports: ['DELETE FROM sweep_reports WHERE id = ANY($1)'],
  audit: ['DELETE FROM audit_log WHERE id = ANY($1)'],
  mails: ['DELETE FROM mails WHERE id = ANY($1)'],
  refreshTokens: ['DELETE FROM refresh_tokens WHERE id = ANY($1)'],
  accountTokens: ['DELETE FROM account_tokens WHERE id = ANY($1)'],
  nonces: ['DELETE FROM service_nonces WHERE nonce = ANY($1)'],
  recordings: ['DELETE FROM recordings WHERE id = ANY($1)'],
} as const satisfies Record<Exclude<Retained, 'sessions'>, readonly string[]>;

const Due = z.array(z.object({ id: z.union([z.string(), z.int()]) }));

/** Deletion of what has been kept for long enough (docs/operations/retention.md). */
export function retentionRecords(dataSource: DataSource): Pick<RecordActivities, 'deleteExpired'> {
  return {
    deleteExpired: ({ what, before, limit }) =>
      inTransaction(dataSource, async (tx: EntityManager) => {
        if (before > Date.now()) throw new CkxError('bug', 'RETENTION_OF_THE_FUTURE', 'What is yet to come cannot be due.');
        const rows = Due.parse(await tx.query(DUE[what], [new Date(before), limit]));
        const ids = rows.map(({ id }) => id);
        if (ids.length === 0) return 0;
        if (what === 'sessions') await deleteSessions(tx, z.array(ExamSessionId).parse(ids));
        else for (const statement of DELETE[what]) await tx.query(statement, [ids]);
        return ids.length;
      }),
  };
}
