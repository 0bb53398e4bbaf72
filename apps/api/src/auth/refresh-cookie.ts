import type { ApiConfig } from '@ckx/config';
import { CkxError, type SignIn, type TokenPair } from '@ckx/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { API_V1 } from '../http/paths.ts';
import { CONFIG } from '../tokens.ts';
import { REFRESH_TOKEN_LIFETIME_MS } from './refresh-tokens.ts';

/**
 * A browser's refresh token: in a cookie that no script reads, that goes to the paths of sign-in alone and never along with a
 * request of another site. Sites that share our domain are held off by the Origin that browsers add to every POST.
 */
@Injectable()
export class RefreshCookie {
  readonly #origin: string;
  readonly #name: string;
  readonly #options: CookieOptions;

  constructor(@Inject(CONFIG) config: ApiConfig) {
    const { origin, protocol } = new URL(config.APP_URL);
    const secure = protocol === 'https:';
    this.#origin = origin;
    // The prefix keeps a page without TLS from planting one of its own.
    this.#name = secure ? '__Secure-ckx_refresh' : 'ckx_refresh';
    this.#options = { httpOnly: true, sameSite: 'strict', secure, path: `/${API_V1}/auth` };
  }

  /** @throws CkxError `ORIGIN_REFUSED` unless the request was made by a page of ours. */
  assertOurs(request: Request): void {
    if (request.headers.origin === this.#origin) return;
    throw new CkxError('user', 'ORIGIN_REFUSED', 'A refresh token in a cookie is for pages of this installation only.', {
      remedy: `Open CKX at ${this.#origin} (APP_URL); other clients send and get the token in the body.`,
    });
  }

  /** @returns null where there is none. @throws CkxError `ORIGIN_REFUSED`. */
  read(request: Request): string | null {
    this.assertOurs(request);
    return this.peek(request);
  }

  /** The same for an answer that is no secret of the cookie's: browsers name no origin with what they only read. */
  peek(request: Request): string | null {
    for (const pair of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#name && value !== undefined && value !== '') return value;
    }
    return null;
  }

  /** The tokens as the body may say them once the cookie holds the one that scripts must not read. */
  keep(response: Response, { refreshToken, ...rest }: TokenPair): SignIn {
    response.cookie(this.#name, refreshToken, { ...this.#options, maxAge: REFRESH_TOKEN_LIFETIME_MS });
    return rest;
  }

  forget(response: Response): void {
    response.clearCookie(this.#name, this.#options);
  }
}
