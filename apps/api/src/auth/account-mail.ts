import type { ApiConfig } from '@ckx/config';
import { type ChangeEmailBody, CkxError, type ResetPasswordBody, type UserId } from '@ckx/contracts';
import { oweMail } from '@ckx/mail';
import { type DataSource, type EntityManager, inTransaction, UNIQUE, UserEntity, type UserRow, violates } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { AccountTokens } from './account-tokens.ts';
import { passwordWrong, verifyOwner } from './owner.ts';
import { hashPassword } from './passwords.ts';
import { lockUser, RefreshTokens } from './refresh-tokens.ts';

/** An answer that must not tell whether there is an account takes this long, which the work for one stays well below. */
const EQUAL_TIME_MS = 300;

/** What is done by way of a link in a mail, and what mail tells of afterwards. */
@Injectable()
export class AccountMail {
  readonly #isSent: boolean;

  constructor(
    @Inject(CONFIG) { SMTP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tokens: AccountTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {
    this.#isSent = SMTP_URL !== undefined;
  }

  /** Nothing where mail is not sent: there nobody asks whether an address was confirmed. */
  async afterRegistration(manager: EntityManager, { id, email }: UserRow): Promise<void> {
    if (this.#isSent) await this.tokens.mail(manager, 'verify_email', id, email);
  }

  /** Nothing where the address is verified already. */
  async sendVerification(userId: UserId): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const user = await manager.findOneByOrFail(UserEntity, { id: userId });
      if (user.emailVerifiedAt === null) await this.tokens.mail(manager, 'verify_email', user.id, user.email);
    });
  }

  /** @throws CkxError `ACCOUNT_TOKEN_INVALID`. */
  async verifyEmail(token: string): Promise<void> {
    await inTransaction(this.dataSource, (manager) => this.tokens.use(manager, 'verify_email', token));
  }

  /** The same, after the same time, whether there is such an account or not. */
  async forgotPassword(email: string): Promise<void> {
    const work = inTransaction(this.dataSource, async (manager) => {
      const user = await manager.findOneBy(UserEntity, { email: email.toLowerCase() });
      if (user !== null && user.disabledAt === null) await this.tokens.mail(manager, 'reset_password', user.id, user.email);
    });
    await Promise.all([work, sleep(EQUAL_TIME_MS)]);
  }

  /** Signs every device out. @throws CkxError `ACCOUNT_TOKEN_INVALID`. */
  async resetPassword({ token, newPassword }: ResetPasswordBody): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const { user } = await this.tokens.use(manager, 'reset_password', token);
      await manager.update(UserEntity, { id: user.id }, { passwordHash: await hashPassword(newPassword) });
      await this.refreshTokens.revokeAll(manager, user.id);
      await passwordChanged(manager, user.id);
    });
  }

  /**
   * A mail to the new address; until its link is opened nothing changes. Whether somebody else has that address is told only to whoever opens the
   * link.
   *
   * @throws CkxError `PASSWORD_WRONG`, `TOO_MANY_REQUESTS` where one was sent a moment ago.
   */
  async changeEmail(userId: UserId, { newEmail, password }: ChangeEmailBody): Promise<void> {
    const verified = await verifyOwner(this.dataSource, userId, password);
    await inTransaction(this.dataSource, async (manager) => {
      const user = await lockUser(manager, userId);
      if (user?.passwordHash !== verified.passwordHash) throw passwordWrong();
      if (await this.tokens.mail(manager, 'change_email', userId, newEmail.toLowerCase())) return;
      throw new CkxError('user', 'TOO_MANY_REQUESTS', 'You asked for that a moment ago.', {
        remedy: 'Wait a minute, then try again.',
        details: { retryAfterSeconds: 60 },
      });
    });
  }

  /** From now on the new address counts; the old one is told. @throws CkxError `ACCOUNT_TOKEN_INVALID`, `EMAIL_TAKEN`. */
  async confirmEmail(token: string): Promise<void> {
    try {
      await inTransaction(this.dataSource, async (manager) => {
        const { user, email } = await this.tokens.use(manager, 'change_email', token);
        const now = new Date();
        await manager.update(UserEntity, { id: user.id }, { email, emailVerifiedAt: now });
        const data = { newEmail: email, at: now.toISOString() };
        await oweMail(manager, { userId: user.id, recipient: user.email, kind: 'email_changed', data, eventKey: null });
      });
    } catch (error) {
      if (!violates(error, UNIQUE.emailTaken)) throw error;
      throw new CkxError('user', 'EMAIL_TAKEN', 'There is an account with this e-mail address already.', { remedy: 'Choose another one.' });
    }
  }
}

/** Owes the notice, in the transaction of the change. */
export async function passwordChanged(manager: EntityManager, userId: UserId): Promise<void> {
  await oweMail(manager, { userId, kind: 'password_changed', data: { at: new Date().toISOString() }, eventKey: null });
}
