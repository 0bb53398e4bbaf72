/** One session's way to its documentation, as a browser and whoever is in its place would use it. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteReader } from '@ckx/byte-reader';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { helloFor, listening } from '../test/hello.ts';
import { serveDocumentation, type DocumentationProxy } from './proxy.ts';

let folder: string;
let site: Server;
let proxy: DocumentationProxy;
let addresses: readonly string[];
let dialled: string[];
let refusals: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-docs-'));
  // Says back what it hears.
  site = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  const port = await listening(site);
  [addresses, dialled, refusals] = [['1.2.3.4'], [], []];
  proxy = await serveDocumentation({
    folder,
    hosts: ['kubernetes.io'],
    onRefused: (reason) => refusals.push(reason),
    lookup: () => Promise.resolve(addresses),
    dial: (address) => {
      dialled.push(address);
      return connect(port, '127.0.0.1');
    },
  });
});
afterEach(async () => {
  await proxy.close();
  site.close();
  await rm(folder, { recursive: true });
});

/** @returns the proxy's answer to a request, and the connection. */
async function ask(host: string, { port = 443, type = 3 } = {}): Promise<{ code: number; socket: Socket; reader: ByteReader }> {
  const socket = connect(join(folder, 'socks'));
  socket.on('error', () => undefined);
  const reader = new ByteReader(socket);
  socket.write(Buffer.from([5, 1, 0]));
  expect(await reader.take(2)).toEqual(Buffer.from([5, 0]));
  const name = type === 3 ? Buffer.concat([Buffer.from([host.length]), Buffer.from(host)]) : Buffer.from(host.split('.').map(Number));
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, type]), name, Buffer.from([port >> 8, port & 255])]));
  const [, code = -1] = await reader.take(10);
  return { code, socket, reader };
}

it('carries what TLS for an allowed name says, both ways', async () => {
  const { code, socket, reader } = await ask('Kubernetes.io');
  expect(code).toBe(0);
  const hello = await helloFor('kubernetes.io');
  socket.write(hello.subarray(0, 9));
  socket.write(hello.subarray(9));
  expect(await reader.take(hello.length)).toEqual(hello);
  socket.write('more');
  expect((await reader.take(4)).toString()).toBe('more');
  expect(refusals).toEqual([]);
  socket.destroy();
});

it.each([
  ['another name', 'example.com', {}],
  ['a name below one that is allowed', 'a.kubernetes.io', {}],
  ['another port', 'kubernetes.io', { port: 80 }],
  ['an address', '1.2.3.4', { type: 1 }],
])('refuses %s', async (_, host, options) => {
  expect((await ask(host, options)).code).toBe(2);
  expect(dialled).toEqual([]);
  expect(refusals).toHaveLength(1);
});

it('connects to no address of a neighbour, whatever a name resolves to', async () => {
  addresses = ['10.0.0.1', '127.0.0.1', '169.254.169.254', '::ffff:10.0.0.1'];
  expect((await ask('kubernetes.io')).code).toBe(4);
  expect(dialled).toEqual([]);
  addresses = ['10.0.0.1', '1.1.1.1'];
  expect((await ask('kubernetes.io')).code).toBe(0);
  expect(dialled).toEqual(['1.1.1.1']);
});

it.each([['example.com'], [undefined]])('ends a connection whose TLS asks for %s', async (name) => {
  const { socket, reader } = await ask('kubernetes.io');
  let reached = 0;
  site.on('connection', (peer: Socket) => peer.on('data', ({ length }: Buffer) => (reached += length)));
  socket.write(await helloFor(name));
  await expect(reader.take(1)).rejects.toThrow();
  expect(reached).toBe(0);
});

it('ends what is not TLS', async () => {
  const { socket, reader } = await ask('kubernetes.io');
  socket.write('GET / HTTP/1.1\r\nHost: kubernetes.io\r\n\r\n');
  await expect(reader.take(1)).rejects.toThrow();
});

it('goes on where a process takes over from another, which ends afterwards', async () => {
  const hosts = ['helm.sh'];
  const next = await serveDocumentation({ folder, hosts, lookup: () => Promise.resolve([]) });
  await proxy.close();
  expect(await readdir(folder)).toEqual(['socks']);
  expect((await ask('helm.sh')).code).toBe(4);
  await next.close();
  expect(await readdir(folder)).toEqual([]);
});

it('closes with all that goes through it', async () => {
  const { socket } = await ask('kubernetes.io');
  await proxy.close();
  await once(socket, 'close');
  expect(await readdir(folder)).toEqual([]);
});
