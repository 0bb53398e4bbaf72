import type { ApiConfig } from '@ckx/config';
import { Role, UserId } from '@ckx/contracts';
import type { JwtModuleOptions } from '@nestjs/jwt';
import { ExtractJwt, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { z } from 'zod';

export const ACCESS_TOKEN_LIFETIME_SECONDS = 15 * 60;
const ALGORITHM = 'HS256';
const ISSUER = 'ckx';
const AUDIENCE = 'ckx-api';

/** What an access token says. The role is for clients to show; the API itself reads it from Postgres. */
export const AccessTokenClaims = z.object({
  sub: UserId,
  role: Role,
  /** Of the account when the token was made: signing out everywhere begins another one. */
  epoch: z.int().nonnegative().default(0),
});
export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** Whom a request comes from, as Postgres says. */
export interface AuthenticatedUser {
  readonly id: UserId;
  readonly role: Role;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how passport's types are extended
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the same
    interface User extends AuthenticatedUser {}
  }
}

export function jwtOptions(config: ApiConfig): JwtModuleOptions {
  return {
    secret: config.JWT_SECRET,
    signOptions: { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE, expiresIn: ACCESS_TOKEN_LIFETIME_SECONDS },
  };
}

/** Algorithm, issuer and audience are pinned: `none`, another key's or another service's token is refused (RFC 8725). */
export function strategyOptions(config: ApiConfig): StrategyOptionsWithoutRequest {
  return {
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    secretOrKey: config.JWT_SECRET,
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    ignoreExpiration: false,
  };
}
