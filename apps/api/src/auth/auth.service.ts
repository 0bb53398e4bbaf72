import { type ChangePasswordBody, CkxError, type LoginBody, type RegisterBody, type TokenPair, type UserId } from '@ckx/contracts';
import { type DataSource, type EntityManager, inTransaction, UNIQUE, UserEntity, type UserRow, violates } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { DATA_SOURCE } from '../tokens.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, type AccessTokenClaims } from './access-token.ts';
import { AccountMail, passwordChanged } from './account-mail.ts';
import { passwordWrong, verifyOwner } from './owner.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { lockUser, RefreshTokens } from './refresh-tokens.ts';

@Injectable()
export class AuthService {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly jwt: JwtService,
    private readonly refreshTokens: RefreshTokens,
    private readonly accountMail: AccountMail,
  ) {}

  /** @throws CkxError `EMAIL_TAKEN`. */
  async register({ email, name, password }: RegisterBody): Promise<UserRow> {
    const account = { email: email.toLowerCase(), name, passwordHash: await hashPassword(password) };
    try {
      return await inTransaction(this.dataSource, async (manager) => {
        await manager.insert(UserEntity, account);
        const user = await manager.findOneByOrFail(UserEntity, { email: account.email });
        await this.accountMail.afterRegistration(manager, user);
        return user;
      });
    } catch (error) {
      if (!violates(error, UNIQUE.emailTaken)) throw error;
      throw new CkxError('user', 'EMAIL_TAKEN', 'There is an account with this e-mail address already.', { remedy: 'Sign in with it.' });
    }
  }

  /** @throws CkxError `INVALID_CREDENTIALS`, the same and after the same time whether the account or the password is wrong. */
  async login({ email, password }: LoginBody): Promise<TokenPair> {
    const found = await this.dataSource.manager.findOneBy(UserEntity, { email: email.toLowerCase() });
    const matches = await verifyPassword(found?.passwordHash ?? null, password);
    const tokens =
      found === null || !matches
        ? null
        : await inTransaction(this.dataSource, async (manager) => {
            const user = await lockUser(manager, found.id);
            // The password that was verified may have been changed meanwhile, to sign somebody out.
            if (user === null || user.disabledAt !== null || user.passwordHash !== found.passwordHash) return null;
            return this.signIn(manager, user);
          });
    if (tokens === null) throw new CkxError('user', 'INVALID_CREDENTIALS', 'E-mail address or password is wrong.');
    return tokens;
  }

  /** @throws CkxError `REFRESH_TOKEN_INVALID`. */
  async refresh(token: string): Promise<TokenPair> {
    const { user, refreshToken } = await this.refreshTokens.rotate(token);
    return this.tokens(user, refreshToken);
  }

  /** Signs this device out. */
  logout(token: string): Promise<void> {
    return this.refreshTokens.revoke(token);
  }

  /** Signs every device out, this one too: no token that was made before is good for anything. */
  logoutEverywhere(userId: UserId): Promise<void> {
    return inTransaction(this.dataSource, async (manager) => {
      await lockUser(manager, userId);
      await this.refreshTokens.revokeAll(manager, userId);
    });
  }

  /** Signs every device out and this one in again. @throws CkxError `PASSWORD_WRONG`. */
  async changePassword(userId: UserId, { currentPassword, newPassword }: ChangePasswordBody): Promise<TokenPair> {
    const verified = await verifyOwner(this.dataSource, userId, currentPassword);
    const passwordHash = await hashPassword(newPassword);
    return inTransaction(this.dataSource, async (manager) => {
      const user = await lockUser(manager, userId);
      if (user?.passwordHash !== verified.passwordHash) throw passwordWrong();
      await manager.update(UserEntity, { id: userId }, { passwordHash });
      await this.refreshTokens.revokeAll(manager, userId);
      await passwordChanged(manager, userId);
      return this.signIn(manager, await manager.findOneByOrFail(UserEntity, { id: userId }));
    });
  }

  private async signIn(manager: EntityManager, user: UserRow): Promise<TokenPair> {
    return this.tokens(user, await this.refreshTokens.issue(manager, user.id));
  }

  private async tokens(user: UserRow, refreshToken: string): Promise<TokenPair> {
    const claims: AccessTokenClaims = { sub: user.id, role: user.role, epoch: user.tokenEpoch };
    return { accessToken: await this.jwt.signAsync(claims), expiresInSeconds: ACCESS_TOKEN_LIFETIME_SECONDS, refreshToken };
  }
}
