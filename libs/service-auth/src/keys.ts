import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What a caller is: it bounds what its key opens. */
export const ServiceScope = z.enum(['host', 'gateway', 'control']);
export type ServiceScope = z.infer<typeof ServiceScope>;

const KEY_BYTES = 32;

/** Names a key in requests and logs, for example the host's id. */
export const ServiceKeyId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dots, dashes, underscores; at most 64');

/** A key as it stands in the environment: base64 of at least 32 random bytes. */
export const ServiceKeySecret = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'not base64')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((secret) => secret.length >= KEY_BYTES, `a service key has at least ${KEY_BYTES} bytes`);

/** What a caller signs with. */
export interface ServiceKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** What a service accepts. */
export interface AcceptedKey extends ServiceKey {
  readonly scope: ServiceScope;
}

/**
 * `id:scope:base64key`, separated by commas. Several keys of one caller may be accepted at once, under different ids: that is how a key
 * is changed without a gap.
 */
export const AcceptedKeys = z.string().transform((text, context): readonly AcceptedKey[] => {
  const keys: AcceptedKey[] = [];
  for (const [index, entry] of text.split(',').filter(Boolean).entries()) {
    const [id, scope, secret, ...rest] = entry.trim().split(':');
    const parsed = z.object({ id: ServiceKeyId, scope: ServiceScope, secret: ServiceKeySecret }).safeParse({ id, scope, secret });
    if (!parsed.success || rest.length > 0) {
      // The entry itself is a secret: it is named by its place.
      context.addIssue({
        code: 'custom',
        message: `entry ${index + 1} is not id:scope:base64key (scope ${ServiceScope.options.join(', ')})`,
      });
    } else if (keys.some((key) => key.id === parsed.data.id)) {
      context.addIssue({ code: 'custom', message: `the id ${parsed.data.id} is given twice` });
    } else keys.push(parsed.data);
  }
  return keys;
});

/** A new secret in the form in which the environment holds it. */
export function makeServiceSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}
