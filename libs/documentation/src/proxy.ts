/**
 * The only way out of a session without a way out: a socket in a folder that the desktop alone is given. There is no address at which anybody
 * else could ask, and no rule of the firewall that would let them (docs/operations/walls.md).
 */
import { lookup as lookupName } from 'node:dns/promises';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { ByteReader } from '@ckx/byte-reader';
import { FIRST_RECORD_BYTES, serverName } from './client-hello.ts';
import { isPublic } from './public-address.ts';
import { readRequest, refuse, REFUSALS, succeed } from './socks.ts';

const HTTPS = 443;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 120_000;
const CONNECTIONS_AT_MOST = 64;

export interface ProxyOptions {
  /** On this host; made where it is missing. */
  readonly folder: string;
  /** Exact names. */
  readonly hosts: readonly string[];
  /** Told of each refusal, with the reason. */
  readonly onRefused?: (reason: string, host: string | null) => void;
  /** For tests: all addresses of a name; a connection to one. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  readonly dial?: (address: string, port: number) => Socket;
}

export interface DocumentationProxy {
  close(): Promise<void>;
}

/** Name of the socket in its folder. */
const SOCKET = 'socks';

/** Serves one session's desktop: SOCKS 5, names that are allowed, port 443, TLS for the same name, public addresses. */
export async function serveDocumentation(options: ProxyOptions): Promise<DocumentationProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    if (open.size > CONNECTIONS_AT_MOST) client.destroy();
    else void serve(client, options).catch(() => client.destroy());
  });
  await mkdir(options.folder, { recursive: true, mode: 0o755 });
  // Put in place once it answers; whoever ends takes away its own, and never that of the one that took over.
  const own = join(options.folder, `.${randomUUID().slice(0, 8)}`);
  server.listen(own);
  await once(server, 'listening');
  // Whoever has the folder may ask: the folder is what is given to one container alone.
  await chmod(own, 0o666);
  const { ino } = await stat(own);
  const path = join(options.folder, SOCKET);
  await rename(own, path);
  return {
    close: async () => {
      const found = await stat(path).catch(() => null);
      if (found?.ino === ino) await rm(path, { force: true });
      for (const client of open) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(client: Socket, options: ProxyOptions): Promise<void> {
  client.setTimeout(IDLE_TIMEOUT_MS, () => client.destroy());
  const { lookup = addressesOf, dial = dialAddress, hosts, onRefused } = options;
  const no = (reason: string, code: number, host: string | null) => {
    onRefused?.(reason, host);
    refuse(client, code);
  };
  const request = await readRequest(client);
  if (request === null) return no('it asks for more than a name', REFUSALS.notAllowed, null);
  const host = request.host.toLowerCase();
  if (request.port !== HTTPS || !hosts.includes(host)) return no('it is not on the list', REFUSALS.notAllowed, host);
  // The same address is checked and connected to: no second question could be answered in another way.
  const addresses = (await lookup(host).catch(() => [])).filter(isPublic);
  const server = await firstOf(addresses, (address) => dial(address, HTTPS));
  if (server === null) return no('it has no public address that answers', REFUSALS.unreachable, host);
  server.on('error', () => server.destroy());
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
  succeed(client);
  const hello = await firstRecord(client);
  if (hello === null || serverName(hello) !== host) {
    onRefused?.('TLS is asked for another name', host);
    client.destroy();
    return;
  }
  server.write(hello);
  client.pipe(server);
  server.pipe(client);
}

/** What a TLS client says first, as soon as its name can be read in it; null where it cannot. */
async function firstRecord(client: Socket): Promise<Buffer | null> {
  const reader = new ByteReader(client);
  let bytes = Buffer.alloc(0);
  while (bytes.length <= FIRST_RECORD_BYTES) {
    bytes = Buffer.concat([bytes, await reader.some()]);
    const name = serverName(bytes);
    if (name !== undefined) return name === null ? null : bytes;
  }
  return null;
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookupName(host, { all: true })).map(({ address }) => address);
}

function dialAddress(address: string, port: number): Socket {
  return connect({ host: address, port, allowHalfOpen: true });
}

/** The first of these that answers. */
async function firstOf(addresses: readonly string[], dial: (address: string) => Socket): Promise<Socket | null> {
  for (const address of addresses) {
    const socket = dial(address);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
      return socket;
    } catch {
      socket.destroy();
    }
  }
  return null;
}
