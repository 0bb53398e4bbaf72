import type { ApiConfig } from '@ckx/config';
import { CkxError, LoginBody } from '@ckx/contracts';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { Request } from 'express';

const MINUTE_MS = 60_000;

/**
 * Two limits on credential paths: what one address may try, and what may be tried on one account from everywhere. Counted in this
 * process: with several copies of the API an attacker gets as many times the limit, no more.
 */
export function credentialThrottles(config: ApiConfig): ThrottlerModuleOptions {
  const limit = config.AUTH_ATTEMPTS_PER_MINUTE;
  return [
    { name: 'address', ttl: MINUTE_MS, limit },
    {
      name: 'account',
      ttl: MINUTE_MS,
      limit,
      skipIf: (context) => accountOf(context.switchToHttp().getRequest<Request>()) === null,
      getTracker: (request) => Promise.resolve(accountOf(request) ?? ''),
    },
  ];
}

/** The account that is signed in, else the one whose address the body names. */
function accountOf({ user, body }: Partial<Pick<Request, 'user' | 'body'>>): string | null {
  if (user !== undefined) return user.id;
  return addressOf(body);
}

function addressOf(body: unknown): string | null {
  const email = LoginBody.shape.email.safeParse(typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined);
  return email.success ? email.data.toLowerCase() : null;
}

@Injectable()
export class CredentialThrottleGuard extends ThrottlerGuard {
  /** @throws CkxError `TOO_MANY_REQUESTS`, always. */
  protected override throwThrottlingException(_context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw new CkxError('user', 'TOO_MANY_REQUESTS', 'Too many attempts.', {
      remedy: 'Wait a minute, then try again.',
      details: { retryAfterSeconds: detail.timeToBlockExpire },
    });
  }
}
