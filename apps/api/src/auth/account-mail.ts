import type { ApiConfig } from '@ckx/config';
import { CkxError, type ResetPasswordBody, type UserId } from '@ckx/contracts';
import { type DataSource, type EntityManager, inTransaction, UserEntity, type UserRow } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { AccountTokens } from './account-tokens.ts';
import { hashPassword } from './passwords.ts';
import { RefreshTokens } from './refresh-tokens.ts';

/** An answer that must not tell whether there is an account takes this long, which the work for one stays well below. */
const EQUAL_TIME_MS = 300;

/** What is done by way of a link in a mail. */
@Injectable()
export class AccountMail {
  readonly #isConfigured: boolean;

  constructor(
    @Inject(CONFIG) { SMTP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tokens: AccountTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {
    this.#isConfigured = SMTP_URL !== undefined;
  }

  async afterRegistration(manager: EntityManager, user: UserRow): Promise<void> {
    if (this.#isConfigured) await this.tokens.mail(manager, 'verify_email', user);
  }

  /** Nothing where the address is verified already. @throws CkxError `MAIL_NOT_CONFIGURED`. */
  async sendVerification(userId: UserId): Promise<void> {
    this.assertConfigured();
    await inTransaction(this.dataSource, async (manager) => {
      const user = await manager.findOneByOrFail(UserEntity, { id: userId });
      if (user.emailVerifiedAt === null) await this.tokens.mail(manager, 'verify_email', user);
    });
  }

  /** @throws CkxError `ACCOUNT_TOKEN_INVALID`. */
  async verifyEmail(token: string): Promise<void> {
    await inTransaction(this.dataSource, (manager) => this.tokens.use(manager, 'verify_email', token));
  }

  /** The same, after the same time, whether there is such an account or not. @throws CkxError `MAIL_NOT_CONFIGURED`. */
  async forgotPassword(email: string): Promise<void> {
    this.assertConfigured();
    const work = inTransaction(this.dataSource, async (manager) => {
      const user = await manager.findOneBy(UserEntity, { email: email.toLowerCase() });
      if (user !== null && user.disabledAt === null) await this.tokens.mail(manager, 'reset_password', user);
    });
    await Promise.all([work, sleep(EQUAL_TIME_MS)]);
  }

  /** Signs every device out. @throws CkxError `ACCOUNT_TOKEN_INVALID`. */
  async resetPassword({ token, newPassword }: ResetPasswordBody): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const { id } = await this.tokens.use(manager, 'reset_password', token);
      await manager.update(UserEntity, { id }, { passwordHash: await hashPassword(newPassword) });
      await this.refreshTokens.revokeAll(manager, id);
    });
  }

  private assertConfigured(): void {
    if (this.#isConfigured) return;
    throw new CkxError('user', 'MAIL_NOT_CONFIGURED', 'This installation sends no mail.', { remedy: 'Ask whoever runs it.' });
  }
}
