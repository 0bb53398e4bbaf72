import { type DataSource, UserEntity } from '@ckx/persistence';
import type { ApiConfig } from '@ckx/config';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { AccessTokenClaims, type AuthenticatedUser, strategyOptions } from './access-token.ts';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    @Inject(CONFIG) config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {
    super(strategyOptions(config));
  }

  /** Reads the account anew for each request, so that one that is disabled or signed out everywhere is out at once and a role is never stale. */
  async validate(payload: unknown): Promise<AuthenticatedUser | null> {
    const claims = AccessTokenClaims.safeParse(payload);
    if (!claims.success) return null;
    const user = await this.dataSource.manager.findOne(UserEntity, {
      select: { id: true, role: true, disabledAt: true, tokenEpoch: true },
      where: { id: claims.data.sub },
    });
    if (user === null || user.disabledAt !== null || user.tokenEpoch !== claims.data.epoch) return null;
    return { id: user.id, role: user.role };
  }
}
