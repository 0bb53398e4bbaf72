/** What a candidate is told of their passes: from Postgres, and by its clock. */
import { type AccessStatus, PassId, PassStatus, PassTypeId, type PassView, type UserId } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';

const Row = z.object({
  id: PassId,
  type: PassTypeId,
  name: z.string(),
  durationHours: z.int(),
  priceCents: z.int(),
  status: PassStatus,
  source: z.enum(['purchase', 'grant']),
  purchasedAt: z.date(),
  activatedAt: z.date().nullable(),
  startsAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  revocation: z.object({ why: z.enum(['refund', 'dispute', 'administrator']), reason: z.string().optional() }).nullable(),
  now: z.date(),
});
type Row = z.infer<typeof Row>;

/** A pass whose time is over has expired, whether or not that was recorded yet. */
const SQL = `
  SELECT p.id, p.pass_type_id AS type, t.name, p.duration_hours AS "durationHours", p.price_cents AS "priceCents",
         CASE WHEN p.status = 'activated' AND p.expires_at <= now() THEN 'expired' ELSE p.status END AS status,
         p.source, p.purchased_at AS "purchasedAt", p.activated_at AS "activatedAt", p.starts_at AS "startsAt", p.expires_at AS "expiresAt",
         p.revoked_at AS "revokedAt", p.revocation, now() AS now
    FROM access_passes p JOIN pass_types t ON t.id = p.pass_type_id
   WHERE p.user_id = $1
   ORDER BY p.purchased_at, p.id`;

async function read(dataSource: DataSource, userId: UserId): Promise<Row[]> {
  return z.array(Row).parse(await dataSource.query(SQL, [userId]));
}

/** Every pass that somebody has or had, oldest first. */
export async function listPasses(dataSource: DataSource, userId: UserId): Promise<PassView[]> {
  return (await read(dataSource, userId)).map(toView);
}

/** Whether full labs are open to them now, until when, and what they have left. */
export async function accessStatus(dataSource: DataSource, userId: UserId): Promise<AccessStatus> {
  const rows = await read(dataSource, userId);
  const inOrder = rows
    .filter(({ status }) => status === 'activated')
    .toSorted((a, b) => (a.startsAt?.getTime() ?? 0) - (b.startsAt?.getTime() ?? 0));
  const running = inOrder.find(({ startsAt, now }) => startsAt !== null && startsAt <= now);
  const remainingMs = (running?.expiresAt?.getTime() ?? 0) - (running?.now.getTime() ?? 0);
  return {
    valid: running !== undefined,
    type: running?.type ?? null,
    passId: running?.id ?? null,
    expiresAt: running?.expiresAt?.toISOString() ?? null,
    remainingSeconds: Math.max(0, Math.floor(remainingMs / 1000)),
    accessUntil: running === undefined ? null : (inOrder.at(-1)?.expiresAt?.toISOString() ?? null),
    upcoming: inOrder.filter((row) => row !== running).map(toView),
    waiting: rows.filter(({ status }) => status === 'purchased').map(toView),
  };
}

function toView({ now: _, revokedAt, revocation, ...row }: Row): PassView {
  return {
    ...row,
    purchasedAt: row.purchasedAt.toISOString(),
    activatedAt: row.activatedAt?.toISOString() ?? null,
    startsAt: row.startsAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revoked:
      revokedAt === null || revocation === null
        ? null
        : { at: revokedAt.toISOString(), why: revocation.why, reason: revocation.reason ?? null },
  };
}
