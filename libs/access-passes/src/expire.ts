/** What a pass's workflow does to its record, and reads of it. */
import { PASS_REMINDER_MS } from '@ckx/contracts/access-pass';
import type { PassId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type EntityManager } from '@ckx/persistence';
import { oweEnd } from './mails.ts';
import { lockPasses, type LockedPasses } from './passes.ts';

/** The record as it is, which its workflow has heard by that. @returns null where there is none. */
export async function hearPass(tx: EntityManager, passId: PassId): Promise<AccessPassRow | null> {
  await tx.update(AccessPassEntity, passId, { heardRevision: () => 'revision' });
  return tx.findOneBy(AccessPassEntity, { id: passId });
}

/** Records that the pass's time is over, if it is by the database's clock, and owes the mail. @returns whether it did. */
export async function expirePass(tx: EntityManager, passId: PassId): Promise<boolean> {
  const found = await lockPass(tx, passId);
  if (found === null) return false;
  const { now, pass } = found;
  if (pass.status !== 'activated' || pass.expiresAt === null || pass.expiresAt > now) return false;
  await tx.update(AccessPassEntity, passId, { status: 'expired', expiredAt: now });
  await oweEnd(tx, 'pass_expired', pass);
  return true;
}

/** Owes the mail that says that the pass ends soon, once for each end. */
export async function remindOfEnd(tx: EntityManager, passId: PassId): Promise<void> {
  const found = await lockPass(tx, passId);
  if (found === null) return;
  const { now, pass } = found;
  if (pass.status !== 'activated' || pass.expiresAt === null) return;
  const leftMs = pass.expiresAt.getTime() - now.getTime();
  if (leftMs > 0 && leftMs <= PASS_REMINDER_MS + CLOCKS_DIFFER_MS) await oweEnd(tx, 'pass_ending', pass);
}

/** The workflow's clock may be this much ahead of the database's. */
const CLOCKS_DIFFER_MS = 60_000;

async function lockPass(tx: EntityManager, passId: PassId): Promise<(LockedPasses & { readonly pass: AccessPassRow }) | null> {
  const owner = (await tx.findOneBy(AccessPassEntity, { id: passId }))?.userId;
  const locked = owner === undefined ? null : await lockPasses(tx, owner);
  const pass = locked?.passes.find(({ id }) => id === passId);
  return locked === null || pass === undefined ? null : { ...locked, pass };
}
