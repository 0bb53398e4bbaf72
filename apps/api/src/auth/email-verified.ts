import type { ApiConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import type { UserRow } from '@ckx/persistence';

/**
 * Whoever sits an exam has an address that is their own, where mail can be sent at all; administrators are made by whoever runs the
 * installation.
 *
 * @throws CkxError `EMAIL_NOT_VERIFIED`.
 */
export function assertEmailVerified({ SMTP_URL }: ApiConfig, { role, emailVerifiedAt }: UserRow): void {
  if (SMTP_URL === undefined || role === 'admin' || emailVerifiedAt !== null) return;
  throw new CkxError('user', 'EMAIL_NOT_VERIFIED', 'Your e-mail address is not confirmed yet.', {
    remedy: 'Open the link in the mail that you were sent; POST /api/v1/auth/send-verification sends another one.',
  });
}
