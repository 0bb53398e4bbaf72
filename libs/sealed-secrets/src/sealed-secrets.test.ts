import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeSealingKeys, open, seal, SealingPrivateKey, SealingPublicKey } from './index.ts';

const keys = makeSealingKeys();
const publicKey = SealingPublicKey.parse(keys.publicKey);
const privateKey = SealingPrivateKey.parse(keys.privateKey);
const context = { examSessionId: randomUUID(), purpose: 'desktop-password' };
const SECRET = 'pässword of a desktop';
const notOpened = expect.objectContaining({ code: 'SECRET_NOT_OPENED' }) as unknown;

it('opens for whom and what it was sealed, and is another text each time', () => {
  const sealed = seal(publicKey, SECRET, context);
  expect(open(privateKey, sealed, context)).toBe(SECRET);
  expect(sealed).toMatch(/^ckx1\.[\w-]{43}\.[\w-]+$/);
  expect(sealed).not.toContain(Buffer.from(SECRET).toString('base64url').slice(0, 10));
  expect(seal(publicKey, SECRET, context)).not.toBe(sealed);
  expect(open(privateKey, seal(publicKey, '', context), context)).toBe('');
});

it('does not open for another session, another purpose, or another key', () => {
  const sealed = seal(publicKey, SECRET, context);
  expect(() => open(privateKey, sealed, { ...context, examSessionId: randomUUID() })).toThrow(notOpened);
  expect(() => open(privateKey, sealed, { ...context, purpose: 'kubeconfig' })).toThrow(notOpened);
  expect(() => open(SealingPrivateKey.parse(makeSealingKeys().privateKey), sealed, context)).toThrow(notOpened);
});

it('does not open when any one letter of it was changed, cut off or added', () => {
  const sealed = seal(publicKey, SECRET, context);
  for (let at = 0; at < sealed.length; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    expect(() => open(privateKey, sealed.slice(0, at) + other + sealed.slice(at + 1), context), `letter ${at}`).toThrow(notOpened);
  }
  for (const other of ['', 'ckx1..', sealed.slice(0, -1), `${sealed}A`, `${sealed}.A`, sealed.replace('ckx1', 'ckx2')]) {
    expect(() => open(privateKey, other, context), other).toThrow(notOpened);
  }
});

it('does not work with a public key of low order, which would make the secret anybody’s', () => {
  const zero = SealingPublicKey.safeParse(Buffer.alloc(32).toString('base64url'));
  expect(() => seal(zero.data ?? publicKey, SECRET, context)).toThrow();
});

it('reads keys only in their one form', () => {
  for (const text of ['', 'short', `${keys.publicKey}=`, keys.publicKey.replace(/./, '+')]) {
    expect(SealingPublicKey.safeParse(text).success, text).toBe(false);
  }
});
