import { CkxError, type UserId } from '@ckx/contracts';
import { type DataSource, type EntityManager, inTransaction, RefreshTokenEntity } from '@ckx/persistence';
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const LIFETIME_MS = 7 * 24 * 60 * 60_000;

/**
 * A client that refreshes twice at once (two tabs, a lost answer) is no thief: within this time after its use a token may be used
 * again and gives another token of the same family.
 */
const PARALLEL_USE_GRACE_MS = 10_000;

/** Only the hash is stored: 256 random bits need no salt and no slow function. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function insertToken(manager: EntityManager, userId: UserId, familyId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + LIFETIME_MS);
  await manager.insert(RefreshTokenEntity, { userId, familyId, tokenHash: hashToken(token), expiresAt });
  return token;
}

/** The first token of a new family: a sign-in. */
export function issueRefreshToken(dataSource: DataSource, userId: UserId): Promise<string> {
  return insertToken(dataSource.manager, userId, randomUUID());
}

/**
 * Takes a token and gives the next of its family. A token that was used before, outside the grace, was stolen from somebody: the
 * whole family is revoked, whoever holds it.
 *
 * @throws CkxError `REFRESH_TOKEN_INVALID`.
 */
export async function rotateRefreshToken(dataSource: DataSource, token: string): Promise<{ userId: UserId; refreshToken: string }> {
  const rotated = await inTransaction(dataSource, async (manager) => {
    const row = await manager.findOne(RefreshTokenEntity, {
      where: { tokenHash: hashToken(token) },
      lock: { mode: 'pessimistic_write' },
    });
    if (row === null || row.revokedAt !== null || row.expiresAt.getTime() <= Date.now()) return null;
    if (row.usedAt !== null && Date.now() - row.usedAt.getTime() > PARALLEL_USE_GRACE_MS) {
      await revokeFamily(manager, row.familyId);
      return null;
    }
    if (row.usedAt === null) await manager.update(RefreshTokenEntity, { id: row.id }, { usedAt: new Date() });
    return { userId: row.userId, refreshToken: await insertToken(manager, row.userId, row.familyId) };
  });
  // Thrown outside the transaction, which would otherwise take the revocation back.
  if (rotated === null) {
    throw new CkxError('user', 'REFRESH_TOKEN_INVALID', 'The refresh token is unknown, expired, used before or revoked.', {
      remedy: 'Sign in again.',
    });
  }
  return rotated;
}

/** Signs out: revokes the family of a token. An unknown token is no error, as there is nothing left to revoke. */
export async function revokeRefreshToken(dataSource: DataSource, token: string): Promise<void> {
  const row = await dataSource.manager.findOneBy(RefreshTokenEntity, { tokenHash: hashToken(token) });
  if (row !== null) await revokeFamily(dataSource.manager, row.familyId);
}

async function revokeFamily(manager: EntityManager, familyId: string): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(RefreshTokenEntity)
    .set({ revokedAt: () => 'now()' })
    .where('family_id = :familyId AND revoked_at IS NULL', { familyId })
    .execute();
}
