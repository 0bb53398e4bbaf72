import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ByteReader } from '@ckx/byte-reader';
import { CkxError, type DesktopSecret } from '@ckx/contracts';
import { answerChallenge } from './vnc-auth.ts';

const VERSION = 'RFB 003.008\n';
const VENCRYPT = 19;
const VENCRYPT_VERSION = Buffer.from([0, 2]);
/** TLS with a certificate, and within it a password. */
const X509_VNC = 261;

/**
 * Logs in to a desktop. Afterwards client and server may go on with ClientInit.
 *
 * @param socket connected, and read by nobody; it is closed where the login fails.
 * @throws CkxError operational `UNREACHABLE` where nobody answers as a desktop does; bug `DESKTOP_REFUSED` where the desktop does not know the
 *   secret, or is another than the one that the secret was made for.
 */
export async function logIn(socket: Socket, secret: DesktopSecret): Promise<TLSSocket> {
  try {
    await chooseTls(socket);
    const secured = await secure(socket, secret.certificate);
    const reader = new ByteReader(secured);
    secured.write(answerChallenge(secret.password, await reader.take(16)));
    if ((await reader.uint32()) !== 0) throw refused('The desktop does not know the password.');
    return secured;
  } catch (error) {
    socket.destroy();
    if (error instanceof CkxError) throw error;
    throw new CkxError('operational', 'UNREACHABLE', 'The desktop does not answer as one.', { cause: error });
  }
}

/** Up to where TLS begins. */
async function chooseTls(socket: Socket): Promise<void> {
  const reader = new ByteReader(socket);
  const said = (await reader.take(VERSION.length)).toString('latin1');
  if (said !== VERSION) throw new Error('it speaks another version of the protocol');
  socket.write(VERSION);
  const types = await reader.take(await reader.byte());
  if (!types.includes(VENCRYPT)) throw refused('The desktop does not offer TLS.');
  socket.write(Buffer.from([VENCRYPT]));
  await reader.take(VENCRYPT_VERSION.length);
  socket.write(VENCRYPT_VERSION);
  if ((await reader.byte()) !== 0) throw new Error('it speaks another version of VeNCrypt');
  const subtypes = await reader.take(4 * (await reader.byte()));
  const chosen = Buffer.alloc(4);
  chosen.writeUInt32BE(X509_VNC);
  if (!Array.from({ length: subtypes.length / 4 }, (_, index) => subtypes.readUInt32BE(index * 4)).includes(X509_VNC)) {
    throw refused('The desktop does not offer TLS with a certificate.');
  }
  socket.write(chosen);
  if ((await reader.byte()) !== 1) throw new Error('it cannot begin TLS');
}

/** Nobody signs these certificates: what counts is that it is the one that was made for this session. */
async function secure(socket: Socket, certificate: string): Promise<TLSSocket> {
  const secured = connectTls({ socket, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve).once('error', reject);
    secured.once('close', () => reject(new Error('the other side has ended the connection')));
  });
  secured.on('error', () => secured.destroy());
  const fingerprint = secured.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
  if (fingerprint !== certificate) {
    secured.destroy();
    throw refused('Another than this desktop answers.');
  }
  return secured;
}

function refused(sentence: string): CkxError {
  return new CkxError('bug', 'DESKTOP_REFUSED', sentence);
}
