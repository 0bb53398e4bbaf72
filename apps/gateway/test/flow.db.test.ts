/** Bytes in both directions: all of them, in order, and never more of them in memory than a window. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { offeredProtocols, TERMINAL_WINDOW_BYTES } from '@ckx/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket, type RawData } from 'ws';
import { z } from 'zod';
import { bytesOf } from '../src/terminal.ts';
import { openTab } from './client.ts';
import { noise, openHarness, ORIGIN, spawnGateway, type Harness, type TestSession } from './harness.ts';
import { startSshServer, type TestSshServer } from './ssh-server.ts';

const MIB = 2 ** 20;
let harness: Harness;
let ssh: TestSshServer;
let session: TestSession;
/** A process of its own, so that what it needs is its own. */
let gateway: ChildProcess;
beforeAll(async () => {
  [harness, ssh] = await Promise.all([openHarness(), startSshServer()]);
  gateway = await spawnGateway(harness);
  session = await harness.session(ssh);
});
afterAll(async () => {
  gateway.kill('SIGKILL');
  await harness[Symbol.asyncDispose]();
  await ssh[Symbol.asyncDispose]();
});

/** Of the gateway alone. */
async function memoryMib(): Promise<number> {
  const status = await readFile(`/proc/${gateway.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

it('holds a flood back until the client has shown it, and passes Ctrl-C on meanwhile', async () => {
  let written = 0;
  let interruptedAt = 0;
  ssh.shell = (stream) => {
    const line = Buffer.from('a flood of text that nobody can read\r\n'.repeat(800));
    let goesOn = true;
    stream.on('data', (data: Buffer) => {
      if (!data.includes(3)) return;
      goesOn = false;
      interruptedAt = performance.now();
    });
    const flood = () => {
      while (goesOn && stream.writable) {
        written += line.length;
        if (!stream.write(line)) return void stream.once('drain', flood);
      }
      stream.write('^C\r\n$ ');
    };
    stream.write('$ ');
    setTimeout(flood, 200);
  };
  const tab = await openTab(harness, session, { tab: 'flood' });
  tab.acknowledges = false;
  await tab.until(() => tab.bytes >= TERMINAL_WINDOW_BYTES);
  await sleep(1_000);
  const held = tab.bytes;
  expect(held).toBeLessThan(TERMINAL_WINDOW_BYTES + 128 * 1024);
  const writtenBefore = written;
  await sleep(500);
  expect({ bytes: tab.bytes, written }).toEqual({ bytes: held, written: writtenBefore });
  // Two windows of SSH, and what waits in sockets.
  expect(written).toBeLessThan(16 * MIB);

  tab.acknowledges = true;
  tab.acknowledge();
  await tab.until(() => tab.bytes > 32 * MIB, 60_000);
  // By now the heap has the size that the work takes; what goes through from here on must leave nothing of itself.
  const before = await memoryMib();
  await tab.until(() => tab.bytes > 160 * MIB, 90_000);
  const after = await memoryMib();
  const pressed = performance.now();
  tab.type('\u0003');
  await tab.until('^C', 20_000);
  expect(interruptedAt - pressed).toBeLessThan(1_000);
  tab.socket.close();
  expect(after - before).toBeLessThan(64);
}, 180_000);

it('does not take in what the terminal does not', async () => {
  ssh.shell = (stream) => {
    stream.write('$ ');
    stream.pause();
    setTimeout(() => {
      stream.resume();
      const hash = createHash('sha256');
      let bytes = 0;
      stream.on('data', (data: Buffer) => {
        hash.update(data);
        bytes += data.length;
        if (bytes === 24 * MIB) stream.write(`\r\n${hash.digest('hex')}\r\n`);
      });
    }, 1_500);
  };
  const tab = await openTab(harness, session, { tab: 'sink' });
  const input = noise(MIB);
  const hash = createHash('sha256');
  for (let part = 0; part < 24; part += 1) {
    hash.update(input);
    tab.type(input);
  }
  await sleep(1_000);
  // The rest is held back where it comes from.
  expect(tab.socket.bufferedAmount).toBeGreaterThan(6 * MIB);
  await tab.until(hash.digest('hex'), 60_000);
  tab.socket.close();
}, 120_000);

it('is a pipe of bytes to the desktop, counted and never recorded', async () => {
  const peers = new Set<Socket>();
  const server: Server = createServer((peer) => peers.add(peer.pipe(peer))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const desktop = await harness.session({ vnc: port });
  const socket = new WebSocket(harness.url(desktop, {}, 'desktop'), offeredProtocols(await harness.ticket(desktop, 'desktop')), {
    headers: { origin: ORIGIN },
  });
  const sent = createHash('sha256');
  const received = createHash('sha256');
  let bytes = 0;
  socket.on('message', (data: RawData, isBinary: boolean) => {
    expect(isBinary).toBe(true);
    received.update(bytesOf(data));
    bytes += bytesOf(data).length;
  });
  await once(socket, 'open');
  for (let part = 0; part < 32; part += 1) {
    const data = noise(MIB);
    sent.update(data);
    socket.send(data);
  }
  while (bytes < 32 * MIB) await sleep(20);
  expect(received.digest('hex')).toBe(sent.digest('hex'));
  const closed = once(socket, 'close');
  for (const peer of peers) peer.destroy();
  expect((await closed).map(String)).toEqual(['4022', 'The connection to this part of the session was lost.']);
  const row = { kind: 'desktop', tab: null, bytesIn: 32 * MIB, bytesOut: 32 * MIB, endCode: 'PART_LOST' };
  // Written after the client was told.
  await expect.poll(() => harness.connections(desktop)).toEqual([expect.objectContaining(row)]);
  server.close();
}, 60_000);

it('says so where nobody is at the desktop’s port', async () => {
  const desktop = await harness.session({ vnc: 1 });
  const socket = new WebSocket(harness.url(desktop, {}, 'desktop'), offeredProtocols(await harness.ticket(desktop, 'desktop')), {
    headers: { origin: ORIGIN },
  });
  expect((await once(socket, 'close')).map(String)).toEqual(['4020', 'This part of the session does not answer.']);
});
