/** A pass that is taken away, and one that is given again. */
import { CkxError, type PassId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type EntityManager, type PassRevocation } from '@ckx/persistence';
import { oweRestored, oweRevoked } from './mails.ts';
import { decide, lockPasses, type LockedPasses } from './passes.ts';

/** The pass opens nothing from now on; those after it move up. A session that runs goes on. */
export async function revoke(tx: EntityManager, locked: LockedPasses, pass: AccessPassRow, revocation: PassRevocation): Promise<void> {
  const revokedAt = pass.revokedAt ?? locked.now;
  await decide(tx, locked, pass.id, { status: 'revoked', revokedAt, revocation, expiredAt: null });
  await oweRevoked(tx, pass, revocation, revokedAt);
}

/** The pass is what it was: its time ran on meanwhile, and where that is over its workflow lets it expire. */
export async function restore(tx: EntityManager, locked: LockedPasses, pass: AccessPassRow): Promise<void> {
  const status = pass.activatedAt === null ? 'purchased' : 'activated';
  await decide(tx, locked, pass.id, { status, revokedAt: null, revocation: null });
  await oweRestored(tx, pass, pass.revokedAt ?? locked.now);
}

/**
 * An administrator takes a pass away, for good.
 *
 * @returns the status it had; null where an administrator had revoked it before.
 * @throws CkxError user `PASS_UNKNOWN`, `PASS_OVER` where it opens nothing any more.
 */
export async function revokePass(tx: EntityManager, passId: PassId, reason: string): Promise<AccessPassRow['status'] | null> {
  const owner = (await tx.findOneBy(AccessPassEntity, { id: passId }))?.userId;
  const locked = owner === undefined ? null : await lockPasses(tx, owner);
  const pass = locked?.passes.find(({ id }) => id === passId);
  if (locked === null || pass === undefined) {
    throw new CkxError('user', 'PASS_UNKNOWN', `There is no access pass ${passId}.`, {
      remedy: 'See GET /api/v1/admin/users/:userId/passes.',
    });
  }
  if (pass.revocation?.why === 'administrator') return null;
  if (pass.status === 'expired' || pass.revocation?.why === 'refund') {
    throw new CkxError('user', 'PASS_OVER', 'This pass opens nothing any more.', { details: { status: pass.status } });
  }
  await revoke(tx, locked, pass, { why: 'administrator', reason });
  return pass.status;
}
