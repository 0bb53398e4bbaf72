import { CkxError } from '@ckx/contracts';
import ssh2 from 'ssh2';

const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/** RSA keys shorter than this are refused (NIST SP 800-131A); the length is that of the key's encoded form, which is a little more. */
const RSA_MINIMUM_BYTES = 2_048 / 8;

/**
 * A fresh key pair, Ed25519, in the formats of OpenSSH. ssh2 takes zero bytes off the front of a public key, so that every 256th that it makes
 * is too short to be one, and no SSH server takes it: such a pair is made anew.
 */
export function newSshKeyPair(comment = ''): { readonly public: string; readonly private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}

/**
 * Reads one public key as an SSH client writes it and returns `<type> <base64>`: options and comment are left out, since whoever
 * gives a key must not give commands or forwardings with it.
 *
 * @throws CkxError `INVALID_PUBLIC_KEY` (user).
 */
export function normalisePublicKey(text: string): string {
  const refuse = (reason: string) =>
    new CkxError('user', 'INVALID_PUBLIC_KEY', `This is not a public key that can be used: ${reason}.`, {
      remedy: 'Give one line as in ~/.ssh/id_ed25519.pub: ssh-ed25519, ecdsa-sha2-nistp… or ssh-rsa.',
    });
  const line = text.trim();
  if (line.length > 8_192) throw refuse('it is too long');
  if (/[\r\n\0]/.test(line)) throw refuse('it has more than one line');
  const match = new RegExp(`(?:^|\\s)(${TYPES.join('|')}) ([A-Za-z0-9+/]+={0,2})(?:\\s|$)`).exec(line);
  if (match?.[1] === undefined || match[2] === undefined) throw refuse('it is not ed25519, ecdsa or rsa in the OpenSSH format');
  const [, type, data] = match;
  const parsed = ssh2.utils.parseKey(`${type} ${data}`);
  if (parsed instanceof Error) throw refuse('its content cannot be read');
  if (parsed.type !== type) throw refuse(`its content is of the type ${parsed.type}`);
  if (type === 'ssh-rsa' && parsed.getPublicSSH().length < RSA_MINIMUM_BYTES) throw refuse('an RSA key needs 2048 bits at least');
  return `${type} ${data}`;
}
