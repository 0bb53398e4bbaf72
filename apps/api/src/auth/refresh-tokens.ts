import type { ApiConfig } from '@ckx/config';
import { CkxError, type UserId } from '@ckx/contracts';
import {
  AccountTokenEntity,
  type DataSource,
  type EntityManager,
  inTransaction,
  RefreshTokenEntity,
  UserEntity,
  type UserRow,
} from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { deviceOfRequest } from '../http/request-origin.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';

export const REFRESH_TOKEN_LIFETIME_MS = 7 * 24 * 60 * 60_000;

/**
 * A client that refreshes twice at once (two tabs, a lost answer) is no thief: within this time after its use a token is answered
 * again, with the same successor, as long as nobody has used that one.
 */
const PARALLEL_USE_GRACE_MS = 10_000;

/** Only the hash is stored: 256 random bits need no salt and no slow function. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Refresh tokens by RFC 9700 §4.14: each is used once, and use of a used one ends its family. A token's successor is computed from it
 * with a key of ours, so that tabs that refresh at once are given the same one although only hashes are stored: a family is a
 * line and never branches, and whoever copied a token meets its owner at the next turn.
 *
 * Whatever changes an account's tokens holds the lock on the account's row meanwhile: no token is made beside a revocation.
 */
@Injectable()
export class RefreshTokens {
  readonly #key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'ckx refresh token successors', 32));
  }

  /** The first token of a new family: a sign-in. */
  async issue(manager: EntityManager, userId: UserId): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await insertToken(manager, userId, randomUUID(), token);
    return token;
  }

  /**
   * Takes a token and gives the next of its family. Use of a used one, outside the grace, ends the whole family, whoever holds it.
   *
   * @throws CkxError `REFRESH_TOKEN_INVALID`.
   */
  async rotate(token: string): Promise<{ user: UserRow; refreshToken: string }> {
    const rotated = await inTransaction(this.dataSource, async (manager) => {
      const user = await lockOwner(manager, token);
      if (user === null) return null;
      const row = await manager.findOneByOrFail(RefreshTokenEntity, { tokenHash: hashToken(token) });
      if (row.revokedAt !== null || row.expiresAt.getTime() <= Date.now()) return null;
      if (user.disabledAt !== null) {
        await revokeFamily(manager, row.familyId);
        return null;
      }
      const refreshToken = createHmac('sha256', this.#key).update(token).digest('base64url');
      if (row.usedAt === null) {
        await manager.update(RefreshTokenEntity, { id: row.id }, { usedAt: new Date() });
        await insertToken(manager, user.id, row.familyId, refreshToken);
        return { user, refreshToken };
      }
      const successor = await manager.findOneBy(RefreshTokenEntity, { tokenHash: hashToken(refreshToken) });
      const isParallel = Date.now() - row.usedAt.getTime() <= PARALLEL_USE_GRACE_MS && successor?.usedAt === null;
      if (isParallel) return { user, refreshToken };
      await revokeFamily(manager, row.familyId);
      return null;
    });
    // Thrown outside the transaction, which would otherwise take the revocation back.
    if (rotated === null) throw refreshTokenInvalid();
    return rotated;
  }

  /** Signs the token's family out. Unknown and revoked tokens are let pass: a sign-out is safe to repeat. */
  async revoke(token: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      if ((await lockOwner(manager, token)) === null) return;
      const { familyId } = await manager.findOneByOrFail(RefreshTokenEntity, { tokenHash: hashToken(token) });
      await revokeFamily(manager, familyId);
    });
  }

  /**
   * Ends every refresh token and every access token of the account from this moment on, and the links by which somebody who was signed in could come
   * back. The caller holds the lock on the account.
   */
  async revokeAll(manager: EntityManager, userId: UserId): Promise<void> {
    await manager
      .createQueryBuilder()
      .update(RefreshTokenEntity)
      .set({ revokedAt: () => 'now()' })
      .where('user_id = :userId AND revoked_at IS NULL', { userId })
      .execute();
    await manager
      .createQueryBuilder()
      .update(AccountTokenEntity)
      .set({ usedAt: () => 'now()' })
      .where(`user_id = :userId AND used_at IS NULL AND kind <> 'verify_email'`, { userId })
      .execute();
    await manager.increment(UserEntity, { id: userId }, 'tokenEpoch', 1);
  }
}

export function refreshTokenInvalid(): CkxError {
  return new CkxError('user', 'REFRESH_TOKEN_INVALID', 'The refresh token is unknown, expired, used before or revoked.', {
    remedy: 'Sign in again.',
  });
}

/** The account as it is, locked until the transaction ends; null where it is gone. Foreign keys to it may be checked meanwhile. */
export function lockUser(manager: EntityManager, id: UserId): Promise<UserRow | null> {
  return manager.findOne(UserEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

async function lockOwner(manager: EntityManager, token: string): Promise<UserRow | null> {
  const row = await manager.findOneBy(RefreshTokenEntity, { tokenHash: hashToken(token) });
  return row === null ? null : lockUser(manager, row.userId);
}

async function insertToken(manager: EntityManager, userId: UserId, familyId: string, token: string): Promise<void> {
  const expiresAt = new Date(Date.now() + REFRESH_TOKEN_LIFETIME_MS);
  await manager.insert(RefreshTokenEntity, { userId, familyId, tokenHash: hashToken(token), expiresAt, ...deviceOfRequest() });
}

export async function revokeFamily(manager: EntityManager, familyId: string): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(RefreshTokenEntity)
    .set({ revokedAt: () => 'now()' })
    .where('family_id = :familyId AND revoked_at IS NULL', { familyId })
    .execute();
}
