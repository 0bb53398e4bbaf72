import { CkxError, type LoginBody, type RegisterBody, type TokenPair } from '@ckx/contracts';
import { type DataSource, UNIQUE, UserEntity, type UserRow, violates } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { DATA_SOURCE } from '../tokens.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, type AccessTokenClaims } from './access-token.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { issueRefreshToken, revokeRefreshToken, rotateRefreshToken } from './refresh-tokens.ts';

@Injectable()
export class AuthService {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly jwt: JwtService,
  ) {}

  /** @throws CkxError `EMAIL_TAKEN`. */
  async register({ email, name, password }: RegisterBody): Promise<UserRow> {
    const account = { email: email.toLowerCase(), name, passwordHash: await hashPassword(password) };
    try {
      await this.dataSource.manager.insert(UserEntity, account);
      return await this.dataSource.manager.findOneByOrFail(UserEntity, { email: account.email });
    } catch (error) {
      if (!violates(error, UNIQUE.emailTaken)) throw error;
      throw new CkxError('user', 'EMAIL_TAKEN', 'There is an account with this e-mail address already.', { remedy: 'Sign in with it.' });
    }
  }

  /** @throws CkxError `INVALID_CREDENTIALS`, the same and after the same time whether the account or the password is wrong. */
  async login({ email, password }: LoginBody): Promise<TokenPair> {
    const user = await this.dataSource.manager.findOneBy(UserEntity, { email: email.toLowerCase() });
    const matches = await verifyPassword(user?.passwordHash ?? null, password);
    if (user === null || !matches || user.disabledAt !== null) {
      throw new CkxError('user', 'INVALID_CREDENTIALS', 'E-mail address or password is wrong.');
    }
    return this.tokens(user, await issueRefreshToken(this.dataSource, user.id));
  }

  /** @throws CkxError `REFRESH_TOKEN_INVALID`. */
  async refresh(token: string): Promise<TokenPair> {
    const { userId, refreshToken } = await rotateRefreshToken(this.dataSource, token);
    const user = await this.dataSource.manager.findOneByOrFail(UserEntity, { id: userId });
    if (user.disabledAt !== null) {
      await revokeRefreshToken(this.dataSource, refreshToken);
      throw new CkxError('user', 'REFRESH_TOKEN_INVALID', 'The account is disabled.');
    }
    return this.tokens(user, refreshToken);
  }

  logout(token: string): Promise<void> {
    return revokeRefreshToken(this.dataSource, token);
  }

  private async tokens(user: UserRow, refreshToken: string): Promise<TokenPair> {
    const claims: AccessTokenClaims = { sub: user.id, role: user.role };
    return { accessToken: await this.jwt.signAsync(claims), expiresInSeconds: ACCESS_TOKEN_LIFETIME_SECONDS, refreshToken };
  }
}
