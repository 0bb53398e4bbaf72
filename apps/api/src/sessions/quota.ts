import { CkxError, FailureType, SessionOutcome, type UserId } from '@ckx/contracts';
import type { EntityManager } from '@ckx/persistence';
import { entails, type SessionEnd } from '@ckx/session-lifecycle';
import { z } from 'zod';

/** By how they ended, so that the table of rules can say which of them count. */
const SQL = `
  SELECT outcome, failure ->> 'type' AS failure, started_at IS NOT NULL AS started, voided_at IS NOT NULL AS voided, count(*) AS sessions
    FROM exam_sessions
   WHERE user_id = $1 AND lab ->> 'type' = 'mock' AND NOT rehearsal AND created_at >= date_trunc('day', now(), 'UTC')
   GROUP BY 1, 2, 3, 4`;
const Row = z.object({
  outcome: SessionOutcome.nullable(),
  failure: FailureType.nullable(),
  started: z.boolean(),
  voided: z.boolean(),
  sessions: z.int(),
});

const DAY_SECONDS = 86_400;

/**
 * Refuses the mock session just inserted where it is one too many for today, UTC. Sessions that are open count, those that ended by the
 * rule of `entails`; one that was voided counts as one that an administrator ended. Exact where the creator has waited for its turn.
 *
 * @throws CkxError `QUOTA_REACHED` with the time at which the quota begins anew.
 */
export async function assertQuota(manager: EntityManager, userId: UserId, perDay: number): Promise<void> {
  const rows = z.array(Row).parse(await manager.query(SQL, [userId]));
  const counted = rows.reduce((sum, row) => sum + (counts(row) ? row.sessions : 0), 0);
  if (counted <= perDay) return;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const retryAfterSeconds = DAY_SECONDS - (nowSeconds % DAY_SECONDS);
  const resetsAt = new Date((nowSeconds + retryAfterSeconds) * 1000).toISOString();
  throw new CkxError('user', 'QUOTA_REACHED', `You have had your ${perDay} mock sessions of today.`, {
    remedy: `Come back after ${resetsAt}: a new day begins at midnight UTC.`,
    details: { perDay, resetsAt, retryAfterSeconds },
  });
}

function counts({ outcome, failure, started, voided }: z.infer<typeof Row>): boolean {
  if (voided) return entails({ outcome: 'terminated_by_admin' }, started).counted;
  const end: SessionEnd | null = outcome !== null ? { outcome } : failure !== null ? { failure } : null;
  return end === null || entails(end, started).counted;
}
