/**
 * A secret for one reader: X25519 with a key of the moment, HKDF-SHA256, AES-256-GCM. Whoever carries it (Temporal, Postgres, a log)
 * cannot read it, and cannot use it for another session or purpose than it was made for.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { CkxError } from '@ckx/contracts';
import { z } from 'zod';

const VERSION = 'ckx1';
const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** The key is used once, so that a fixed nonce repeats under no key. */
const NONCE = Buffer.alloc(12);
/** DER of a raw X25519 key begins with this (RFC 8410). */
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

const rawKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'a key is 43 characters of base64url')
  .transform((text) => Buffer.from(text, 'base64url'));

/** Key pairs as the environment holds them: base64url of the 32 raw bytes. */
export const SealingPublicKey = rawKey.transform((raw) =>
  createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: 'der', type: 'spki' }),
);
export const SealingPrivateKey = rawKey.transform((raw) =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, raw]), format: 'der', type: 'pkcs8' }),
);

/** What a secret is for; it opens for nothing else. */
export interface SecretContext {
  readonly examSessionId: string;
  /** Such as `desktop-password`. */
  readonly purpose: string;
}

/** A new key pair, in the form of the environment. */
export function makeSealingKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicKey: rawPublic(publicKey).toString('base64url'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES).toString('base64url'),
  };
}

/** Seals a secret to the holder of the private key. @returns `ckx1.<key of the moment>.<ciphertext and tag>`, base64url. */
export function seal(recipient: KeyObject, secret: string, context: SecretContext): string {
  const moment = generateKeyPairSync('x25519');
  const momentPublic = rawPublic(moment.publicKey);
  const key = keyOf(diffieHellman({ privateKey: moment.privateKey, publicKey: recipient }), momentPublic, rawPublic(recipient));
  const cipher = createCipheriv('aes-256-gcm', key, NONCE);
  cipher.setAAD(bound(context));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, momentPublic.toString('base64url'), sealed.toString('base64url')].join('.');
}

/**
 * Opens what was sealed to this key for this context.
 *
 * @throws CkxError `SECRET_NOT_OPENED` (bug) whatever the reason: another key, another context, a changed letter.
 */
export function open(recipient: KeyObject, sealed: string, context: SecretContext): string {
  try {
    const [version, momentText, body, ...rest] = sealed.split('.');
    if (version !== VERSION || momentText === undefined || body === undefined || rest.length > 0) throw new Error('not a sealed secret');
    const momentPublic = strictly(momentText);
    const bytes = strictly(body);
    const shared = diffieHellman({ privateKey: recipient, publicKey: SealingPublicKey.parse(momentText) });
    const decipher = createDecipheriv('aes-256-gcm', keyOf(shared, momentPublic, rawPublic(createPublicKey(recipient))), NONCE, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(bound(context));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new CkxError('bug', 'SECRET_NOT_OPENED', 'A sealed secret does not open with this key, for this session and purpose.', { cause });
  }
}

/** Both public keys are part of what the key is made from: it serves this one pair. */
function keyOf(shared: Buffer, momentPublic: Buffer, recipientPublic: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([momentPublic, recipientPublic]), `${VERSION} sealed secret`, KEY_BYTES));
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

function bound({ examSessionId, purpose }: SecretContext): Buffer {
  return Buffer.from(JSON.stringify([VERSION, examSessionId, purpose]));
}

/** Base64url in its one proper form: the same secret has no second spelling. */
function strictly(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error('not base64url');
  return bytes;
}
