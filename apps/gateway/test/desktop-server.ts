/** A desktop's server as far as its login goes; behind it whatever a test puts there. */
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ByteReader } from '@ckx/byte-reader';
import type { DesktopSecret } from '@ckx/contracts';
import { answerChallenge } from '@ckx/remote-framebuffer';
import { z } from 'zod';

export interface DesktopServer extends AsyncDisposable {
  readonly port: number;
  readonly secret: DesktopSecret;
  /** Those that logged in. */
  readonly peers: ReadonlySet<Socket>;
}

const X509_VNC = Buffer.from([0, 0, 1, 5]);

/** @param serve is given each connection that has logged in. */
export async function startDesktopServer(serve: (peer: Socket) => void): Promise<DesktopServer> {
  const { key, certificate } = selfSigned();
  const secret = { password: 'se-cret8', certificate: new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase() };
  const [peers, open] = [new Set<Socket>(), new Set<Socket>()];
  const admit = async (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).write('RFB 003.008\n');
    const reader = new ByteReader(socket);
    await reader.take(12);
    socket.write(Buffer.from([1, 19]));
    await reader.take(1);
    socket.write(Buffer.from([0, 2]));
    await reader.take(2);
    socket.write(Buffer.concat([Buffer.from([0, 1]), X509_VNC]));
    await reader.take(4);
    socket.write(Buffer.from([1]));
    const secured = new TLSSocket(socket, { isServer: true, key, cert: certificate });
    secured.on('error', () => socket.destroy());
    await once(secured, 'secure');
    const challenge = randomBytes(16);
    secured.write(challenge);
    const knows = (await new ByteReader(secured).take(16)).equals(answerChallenge(secret.password, challenge));
    secured.write(Buffer.from([0, 0, 0, knows ? 0 : 1]));
    if (!knows) return secured.end();
    peers.add(secured);
    serve(secured);
  };
  const server = createServer((socket) => void admit(socket).catch(() => socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return {
    port,
    secret,
    peers,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A certificate that nobody signed but itself, as a desktop makes one. */
function selfSigned(): { readonly key: string; readonly certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = (tag: number, ...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts);
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
  };
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const name = der(0x30);
  const validity = der(0x30, der(0x17, Buffer.from('260101000000Z')), der(0x17, Buffer.from('460101000000Z')));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const content = der(0x30, der(0x02, Buffer.from([1])), ecdsaWithSha256, name, validity, name, spki);
  const signature = sign('sha256', content, privateKey);
  const certificate = der(0x30, content, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
