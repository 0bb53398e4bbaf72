/**
 * The protocol's own way to prove a password: 56 bits at most, and nobody is proven to the client. It is used within TLS alone, with a
 * certificate that is known beforehand.
 */
import { createCipheriv } from 'node:crypto';

/** With which a server's file of passwords is veiled; it protects nothing, and is in every implementation. */
const FILE_KEY = Buffer.from([23, 82, 107, 6, 35, 78, 88, 7]);

/** @param password eight characters of ASCII count. */
export function answerChallenge(password: string, challenge: Buffer): Buffer {
  return encrypt(padded(password), challenge);
}

/** What `-PasswordFile` of a server reads. */
export function passwordFile(password: string): Buffer {
  return encrypt(FILE_KEY, padded(password));
}

function padded(password: string): Buffer {
  const key = Buffer.alloc(8);
  key.write(password, 'latin1');
  return key;
}

/** DES, which is what three rounds of it with one key are; each byte of a key is taken from its other end (RFC 6143, 7.2.2). */
function encrypt(key: Buffer, blocks: Buffer): Buffer {
  const turned = Buffer.from(key.map(reverseBits));
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([turned, turned, turned]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(blocks), cipher.final()]);
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) reversed |= 0x80 >> bit;
  return reversed;
}
