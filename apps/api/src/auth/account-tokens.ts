import type { ApiConfig } from '@ckx/config';
import { CkxError, type UserId } from '@ckx/contracts';
import { oweMail } from '@ckx/mail';
import { type AccountTokenKind, AccountTokenEntity, type EntityManager, type UserRow, UserEntity } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { createHmac, hkdfSync, randomUUID, timingSafeEqual } from 'node:crypto';
import { CONFIG } from '../tokens.ts';
import { lockUser } from './refresh-tokens.ts';

const HOUR_MS = 60 * 60_000;
const LIFETIME_MS: Readonly<Record<AccountTokenKind, number>> = {
  verify_email: 24 * HOUR_MS,
  reset_password: HOUR_MS,
  change_email: 24 * HOUR_MS,
};
/** No more than one mail of a kind to an account in this time: nobody's mailbox is flooded through us. */
const PAUSE_MS = 60_000;
const PAGE: Readonly<Record<AccountTokenKind, string>> = {
  verify_email: 'verify-email',
  reset_password: 'reset-password',
  change_email: 'change-email',
};

/** What links in mails stand for: single use, for a while, and only as long as the account has the address they were sent to, or asked for it last. */
@Injectable()
export class AccountTokens {
  readonly #key: Buffer;
  readonly #origin: string;

  constructor(@Inject(CONFIG) config: ApiConfig) {
    this.#key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'ckx account tokens', 32));
    this.#origin = new URL(config.APP_URL).origin;
  }

  /**
   * Writes the token and the mail that carries it, in the caller's transaction.
   *
   * @param email where it goes.
   * @returns false where one was written a moment ago, and nothing is now.
   */
  async mail(manager: EntityManager, kind: AccountTokenKind, userId: UserId, email: string): Promise<boolean> {
    await lockUser(manager, userId);
    const [last] = await manager.find(AccountTokenEntity, { where: { userId, kind }, order: { createdAt: 'DESC' }, take: 1 });
    if (last !== undefined && Date.now() - last.createdAt.getTime() < PAUSE_MS) return false;
    // Of several addresses that were asked for the last one counts.
    if (kind === 'change_email') await manager.update(AccountTokenEntity, { userId, kind }, { usedAt: new Date() });
    const tokenId = randomUUID();
    await manager.insert(AccountTokenEntity, { id: tokenId, userId, kind, email, expiresAt: new Date(Date.now() + LIFETIME_MS[kind]) });
    await oweMail(manager, { userId, recipient: email, kind, data: { tokenId }, eventKey: null });
    return true;
  }

  /** The token is in the fragment, which no server and no log on the way ever sees. */
  link(kind: AccountTokenKind, id: string): string {
    return `${this.#origin}/${PAGE[kind]}#token=${id}.${this.#secretOf(kind, id).toString('base64url')}`;
  }

  /**
   * Uses the token, and every other of its kind that the account has.
   *
   * @returns the account, locked, and the address that the token was sent to.
   * @throws CkxError `ACCOUNT_TOKEN_INVALID`.
   */
  async use(manager: EntityManager, kind: AccountTokenKind, token: string): Promise<{ user: UserRow; email: string }> {
    const [id = '', secret = ''] = token.split('.', 2);
    const [given, right] = [Buffer.from(secret, 'base64url'), this.#secretOf(kind, id)];
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw invalid();
    const found = await manager.findOneBy(AccountTokenEntity, { id, kind });
    const user = found === null ? null : await lockUser(manager, found.userId);
    // Read again behind the lock: of two uses at once one wins.
    const row = await manager.findOneBy(AccountTokenEntity, { id });
    if (user === null || user.disabledAt !== null || row === null) throw invalid();
    if (kind !== 'change_email' && row.email !== user.email) throw invalid();
    if (row.usedAt !== null || row.expiresAt.getTime() <= Date.now()) throw invalid();
    await manager.update(AccountTokenEntity, { userId: user.id, kind }, { usedAt: new Date() });
    // Whoever has the link has the mailbox.
    if (kind !== 'change_email' && user.emailVerifiedAt === null) {
      await manager.update(UserEntity, { id: user.id }, { emailVerifiedAt: new Date() });
    }
    return { user, email: row.email };
  }

  #secretOf(kind: AccountTokenKind, id: string): Buffer {
    return createHmac('sha256', this.#key).update(`${kind}:${id}`).digest();
  }
}

function invalid(): CkxError {
  return new CkxError('user', 'ACCOUNT_TOKEN_INVALID', 'The link is unknown, used before, expired, or was sent to another address.', {
    remedy: 'Ask for another mail.',
  });
}
