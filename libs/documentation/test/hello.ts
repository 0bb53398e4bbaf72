import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a real TLS client says first. */
export async function helloFor(servername?: string): Promise<Buffer> {
  const server = createServer();
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connectTls({ socket: connect(await listening(server), '127.0.0.1'), ...(servername !== undefined && { servername }) });
  client.on('error', () => undefined);
  const [peer] = await accepted;
  const [hello] = (await once(peer, 'data')) as [Buffer];
  client.destroy();
  peer.destroy();
  server.close();
  return hello;
}

/** @returns the port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
