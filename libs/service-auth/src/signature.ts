import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ServiceKeyId, type AcceptedKey, type ServiceKey, type ServiceScope } from './keys.ts';

/** Scheme of the Authorization header; its version is part of the name. */
const SCHEME = 'CKX-HMAC-SHA256';
/** How far the clocks of caller and service may be apart. */
export const CLOCK_SKEW_SECONDS = 60;

/** What is signed beside time and nonce. */
export interface SignedRequest {
  readonly method: string;
  /** With its query, exactly as it stands in the request line. */
  readonly path: string;
  /** The Content-Type header; empty where there is none. */
  readonly contentType: string;
  /** Hex SHA-256 of the body; of nothing where there is none. */
  readonly bodyDigest: string;
}

/** Hex SHA-256 of a body. */
export function bodyDigestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Value of the Authorization header. @param now milliseconds since 1970. */
export function sign(request: SignedRequest, key: ServiceKey, now: number = Date.now()): string {
  const timestamp = String(Math.floor(now / 1_000));
  const nonce = randomBytes(16).toString('hex');
  const signature = macOf(request, { keyId: key.id, timestamp, nonce }, key.secret).toString('hex');
  return `${SCHEME} key=${key.id},time=${timestamp},nonce=${nonce},body=${request.bodyDigest},signature=${signature}`;
}

const Authorization = z.object({
  key: ServiceKeyId,
  time: z.string().regex(/^\d{1,12}$/),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  body: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Why a request was refused: for the service's own log, never for the caller. */
export type Refusal = 'no_signature' | 'malformed' | 'unknown_key' | 'wrong_signature' | 'clock_skew' | 'replayed' | 'wrong_body';

export interface Verified {
  readonly keyId: string;
  readonly scope: ServiceScope;
  readonly nonce: string;
  /** What the body must hash to: it is not read yet. */
  readonly bodyDigest: string;
  /** From then on the same request is refused by its time alone. */
  readonly expiresAt: Date;
}

/**
 * Verifies all that can be verified before the body is read. That the nonce is new, and that the body is the signed one, is the
 * caller's to see to.
 *
 * @param now milliseconds since 1970.
 */
export function verify(
  authorization: string | undefined,
  request: Omit<SignedRequest, 'bodyDigest'>,
  keys: readonly AcceptedKey[],
  now: number = Date.now(),
): Verified | { readonly refusal: Refusal } {
  if (authorization === undefined) return { refusal: 'no_signature' };
  const fields = parse(authorization);
  if (fields === null) return { refusal: 'malformed' };
  const key = keys.find(({ id }) => id === fields.key);
  if (key === undefined) return { refusal: 'unknown_key' };
  const { time: timestamp, nonce, body: bodyDigest } = fields;
  const expected = macOf({ ...request, bodyDigest }, { keyId: key.id, timestamp, nonce }, key.secret);
  if (!timingSafeEqual(expected, Buffer.from(fields.signature, 'hex'))) return { refusal: 'wrong_signature' };
  const seconds = Number(timestamp);
  if (Math.abs(now / 1_000 - seconds) > CLOCK_SKEW_SECONDS) return { refusal: 'clock_skew' };
  // A second more: the clock of the database is a third one.
  const expiresAt = new Date((seconds + CLOCK_SKEW_SECONDS + 1) * 1_000);
  return { keyId: key.id, scope: key.scope, nonce, bodyDigest, expiresAt };
}

/** Every field on a line of its own: no two requests have the same text. */
function macOf(request: SignedRequest, { keyId, timestamp, nonce }: { keyId: string; timestamp: string; nonce: string }, secret: Buffer) {
  const { method, path, contentType, bodyDigest } = request;
  return createHmac('sha256', secret)
    .update([SCHEME, keyId, method.toUpperCase(), path, contentType, bodyDigest, timestamp, nonce].join('\n'))
    .digest();
}

function parse(authorization: string): z.infer<typeof Authorization> | null {
  const [scheme, list, ...rest] = authorization.split(' ');
  if (scheme !== SCHEME || list === undefined || rest.length > 0) return null;
  const pairs = list.split(',').map((pair) => pair.split('=', 2));
  if (pairs.length !== Object.keys(Authorization.shape).length) return null;
  return Authorization.safeParse(Object.fromEntries(pairs)).data ?? null;
}
