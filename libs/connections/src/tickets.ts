/** One-time tickets: what a signed-in browser is given to open one connection with, for the WebSocket carries no sign-in of its own. */
import { createHash, randomBytes } from 'node:crypto';
import { CkxError, CONNECTION_ENDS, TICKET_LIFETIME_MS, UserId, type ConnectionKind, type ExamSessionId } from '@ckx/contracts';
import { z } from 'zod';
import { rowsOf, timestamp, type Database } from './rows.ts';

const TOKEN_BYTES = 32;
/** Tickets that are past their time are taken along when others are issued: nobody has to come round for them. */
const TIDY_AT_MOST = 100;

/** What a ticket is bound to. */
export interface TicketFor {
  readonly userId: UserId;
  readonly examSessionId: ExamSessionId;
  readonly kind: ConnectionKind;
}

/**
 * A ticket that opens one connection within 30 s; only its hash is stored. Whether the user may have it is the caller's to decide.
 *
 * @param lifetimeMs for tests alone.
 */
export async function issueTicket(
  database: Database,
  { userId, examSessionId, kind }: TicketFor,
  lifetimeMs: number = TICKET_LIFETIME_MS,
): Promise<{ readonly ticket: string; readonly expiresAt: string }> {
  await database.query(
    `DELETE FROM connect_tickets WHERE token_hash IN (
       SELECT token_hash FROM connect_tickets WHERE expires_at < now() - interval '1 hour' LIMIT ${TIDY_AT_MOST} FOR UPDATE SKIP LOCKED)`,
  );
  const ticket = randomBytes(TOKEN_BYTES).toString('base64url');
  const [row] = await rowsOf(
    database,
    z.object({ expiresAt: timestamp }),
    `INSERT INTO connect_tickets (token_hash, user_id, exam_session_id, kind, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) RETURNING expires_at AS "expiresAt"`,
    [hashOf(ticket), userId, examSessionId, kind, lifetimeMs / 1_000],
  );
  if (row === undefined) throw new CkxError('bug', 'TICKET_NOT_WRITTEN', 'A ticket was written and is not there.');
  return { ticket, ...row };
}

/**
 * Uses a ticket up: of any number at once, whichever copies of the gateway they ask, one gets it. The statement looks at the row again once
 * it has its lock, so that a second one finds it used.
 *
 * @returns whom it was issued to.
 * @throws CkxError user `TICKET_REFUSED`, the same whatever is wrong with it.
 */
export async function redeemTicket(
  database: Database,
  ticket: string,
  { examSessionId, kind }: Omit<TicketFor, 'userId'>,
): Promise<UserId> {
  const [row] = await rowsOf(
    database,
    z.object({ userId: UserId }),
    `UPDATE connect_tickets SET redeemed_at = now()
      WHERE token_hash = $1 AND exam_session_id = $2 AND kind = $3 AND redeemed_at IS NULL AND expires_at > now()
      RETURNING user_id AS "userId"`,
    [hashOf(ticket), examSessionId, kind],
  );
  if (row !== undefined) return row.userId;
  throw new CkxError('user', 'TICKET_REFUSED', CONNECTION_ENDS.TICKET_REFUSED.message, {
    remedy: 'Ask for a fresh one with POST /api/v1/sessions/:id/connect.',
  });
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}
