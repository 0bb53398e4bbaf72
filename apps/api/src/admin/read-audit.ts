import { AuditEntry, type AuditPage } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';

export const AuditQuery = z.object({
  targetKind: z.enum(['session', 'host', 'user', 'pass', 'payment', 'mail', 'installation']).optional(),
  targetId: z.string().min(1).max(64).optional(),
  /** Entries older than this one. */
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const SQL = `
  SELECT a.id, a.at, a.actor_id AS "actorId", u.email AS "actorEmail", a.action, a.target_kind AS "targetKind", a.target_id AS "targetId",
         a.reason, a.address, a.data
    FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
   WHERE ($1::text IS NULL OR a.target_kind = $1) AND ($2::text IS NULL OR a.target_id = $2) AND ($3::bigint IS NULL OR a.id < $3)
   ORDER BY a.id DESC LIMIT $4`;
const Row = AuditEntry.extend({ at: z.date().transform((date) => date.toISOString()) });

/** One page of the audit log, the newest first. */
export async function readAudit(
  dataSource: DataSource,
  { targetKind, targetId, before, limit }: z.infer<typeof AuditQuery>,
): Promise<AuditPage> {
  const rows: unknown = await dataSource.query(SQL, [targetKind ?? null, targetId ?? null, before ?? null, limit + 1]);
  const entries = z.array(Row).parse(rows);
  const page = entries.slice(0, limit);
  return { entries: page, next: entries.length > limit ? (page.at(-1)?.id ?? null) : null };
}
