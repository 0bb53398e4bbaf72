import { CkxError, SignInView, type UserId } from '@ckx/contracts';
import { type DataSource, inTransaction, RefreshTokenEntity } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DATA_SOURCE } from '../tokens.ts';
import { hashToken, lockUser, revokeFamily } from './refresh-tokens.ts';

/** A sign-in is a family of refresh tokens; it is good while its last token is. */
const OPEN = `
  SELECT family_id AS "signInId", min(created_at) AS at, max(coalesce(used_at, created_at)) AS "lastUsedAt",
         (array_agg(browser ORDER BY created_at DESC))[1] AS browser, (array_agg(system ORDER BY created_at DESC))[1] AS system,
         bool_or(token_hash = $2) AS current
    FROM refresh_tokens
   WHERE user_id = $1 AND revoked_at IS NULL
   GROUP BY family_id
  HAVING max(expires_at) > now()
   ORDER BY 3 DESC`;
const iso = z.date().transform((date) => date.toISOString());
const Rows = z.array(SignInView.extend({ at: iso, lastUsedAt: iso }));

/** Where an account is signed in. */
@Injectable()
export class SignIns {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @param token the refresh token of whoever asks, where it is known: says which of them is theirs. */
  async list(userId: UserId, token: string | null): Promise<SignInView[]> {
    return Rows.parse(await this.dataSource.query(OPEN, [userId, token === null ? '' : hashToken(token)]));
  }

  /** Ends one of the account's own; one that is over is let pass: it is safe to repeat. @throws CkxError user `SIGN_IN_UNKNOWN`, for another's too. */
  async end(userId: UserId, signInId: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      await lockUser(manager, userId);
      if (!(await manager.existsBy(RefreshTokenEntity, { userId, familyId: signInId }))) {
        throw new CkxError('user', 'SIGN_IN_UNKNOWN', 'Your account has no such sign-in.');
      }
      await revokeFamily(manager, signInId);
    });
  }
}
