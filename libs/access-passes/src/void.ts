import { CkxError, type ExamSessionId } from '@ckx/contracts';
import { oweMail } from '@ckx/mail';
import { type AccessPassRow, type EntityManager, ExamSessionEntity, type ExamSessionRow } from '@ckx/persistence';
import { decide, isValid, lockPasses, type LockedPasses } from './passes.ts';

/** Where the pass has ended meanwhile, it is good for at least so long: time to read the mail and begin again. */
const REVIVED_AT_LEAST_MS = 3_600_000;
const REASON_LENGTH = 300;

/**
 * Makes good for a session that was taken from its candidate: its pass is given the time that the session took, and they are told where an
 * attempt became void. Once per session; called by whoever records its end or makes it void, in that transaction.
 *
 * @param reason for the candidate to read; null where there is nothing to add.
 */
export async function compensate(tx: EntityManager, examSessionId: ExamSessionId, reason: string | null): Promise<void> {
  const session = await tx.findOneOrFail(ExamSessionEntity, { where: { id: examSessionId }, lock: { mode: 'pessimistic_write' } });
  if (session.endedAt === null) throw new CkxError('bug', 'SESSION_OPEN', `Session ${examSessionId} has not ended.`);
  await giveTimeBack(tx, session, session.endedAt.getTime() - session.createdAt.getTime());
  if (session.startedAt === null || session.rehearsal) return;
  const data = {
    labTitle: session.labTitle.slice(0, 200),
    startedAt: session.startedAt.toISOString(),
    reason: reason === null ? null : reason.slice(0, REASON_LENGTH),
  };
  await oweMail(tx, { userId: session.userId, kind: 'attempt_voided', data, eventKey: `attempt_voided/${examSessionId}` });
}

async function giveTimeBack(tx: EntityManager, session: ExamSessionRow, lostMs: number): Promise<void> {
  if (session.accessPassId === null || session.passTimeReturnedMs !== null) return;
  const locked = await lockPasses(tx, session.userId);
  const own = locked?.passes.find(({ id }) => id === session.accessPassId);
  if (locked === null || own === undefined) return;
  const given = await lengthen(tx, locked, own, Math.max(0, lostMs));
  await tx.update(ExamSessionEntity, session.id, { passTimeReturnedMs: given });
}

/** Lengthens the pass; where its time is over, the one that runs in its place, or else it runs again from now. @returns by how much. */
async function lengthen(tx: EntityManager, locked: LockedPasses, own: AccessPassRow, lostMs: number): Promise<number> {
  const { now, passes } = locked;
  const isOver = own.status !== 'revoked' && own.expiresAt !== null && own.expiresAt <= now;
  const pass = isOver ? (passes.find((other) => isValid(other, now)) ?? own) : own;
  if (pass.expiresAt === null) return 0;
  if (pass.id !== own.id || !isOver) {
    await decide(tx, locked, pass.id, { expiresAt: new Date(pass.expiresAt.getTime() + lostMs) });
    return lostMs;
  }
  const revivedMs = Math.max(lostMs, REVIVED_AT_LEAST_MS);
  await decide(tx, locked, own.id, { status: 'activated', expiredAt: null, expiresAt: new Date(now.getTime() + revivedMs) });
  return revivedMs;
}
