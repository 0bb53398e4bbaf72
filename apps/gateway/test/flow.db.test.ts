/** Bytes in both directions: all of them, in order, and never more of them in memory than a window. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TERMINAL_WINDOW_BYTES } from '@ckx/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTab } from './client.ts';
import { startDesktopServer } from './desktop-server.ts';
import { noise, openHarness, spawnGateway, type Harness, type TestSession } from './harness.ts';
import { startSshServer, type TestSshServer } from './ssh-server.ts';
import { Viewer } from './viewer.ts';

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

describe('a desktop', () => {
  it('is entered with its secret, which the browser is not asked for; then it is a pipe of bytes, counted and never recorded', async () => {
    await using server = await startDesktopServer((peer) => void peer.pipe(peer));
    const session = await harness.session({ vnc: server.port, desktop: server.secret });
    const viewer = await viewerOf(session);
    await viewer.greet();
    const [sent, received] = [createHash('sha256'), createHash('sha256')];
    for (let part = 0; part < 32; part += 1) {
      const data = noise(MIB);
      sent.update(data);
      viewer.socket.send(data);
    }
    for (let part = 0; part < 32; part += 1) received.update(await viewer.reader.take(MIB));
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    for (const peer of server.peers) peer.destroy();
    expect(await viewer.closed).toEqual({ code: 4022, reason: 'The connection to this part of the session was lost.' });
    // Beside it the opening: version, choice; version, offer, result.
    const row = { kind: 'desktop', tab: null, bytesIn: 32 * MIB + 13, bytesOut: 32 * MIB + 18, endCode: 'PART_LOST' };
    // Written after the client was told.
    await expect.poll(() => harness.connections(session), { timeout: 10_000 }).toEqual([expect.objectContaining(row)]);
  }, 60_000);

  it('is refused to whoever has another secret, or meets another desktop', async () => {
    await using server = await startDesktopServer((peer) => void peer.pipe(peer));
    const { secret } = server;
    for (const desktop of [
      { ...secret, password: 'an-other' },
      { ...secret, certificate: 'ab'.repeat(32) },
    ]) {
      const session = await harness.session({ vnc: server.port, desktop });
      expect(await (await viewerOf(session)).closed).toEqual(UNREACHABLE);
    }
    const stolen = await harness.session({ vnc: server.port, desktop: secret, sealedFor: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11' });
    expect(await (await viewerOf(stolen)).closed).toEqual(UNREACHABLE);
    expect(server.peers.size).toBe(0);
  });

  it('says so where there is none, where it is not open, and where nobody is at its port', async () => {
    const secret = { password: 'se-cret8', certificate: 'ab'.repeat(32) };
    const none = await harness.session({ vnc: 1 });
    expect(await (await viewerOf(none)).closed).toEqual({ code: 4021, reason: 'This session has no such part.' });
    const notOpen = await harness.session({ vnc: 1, desktop: 'not open' });
    expect(await (await viewerOf(notOpen)).closed).toEqual(UNREACHABLE);
    const gone = await harness.session({ vnc: 1, desktop: secret });
    expect(await (await viewerOf(gone)).closed).toEqual(UNREACHABLE);
  });

  it('ends who does not speak as a viewer', async () => {
    await using server = await startDesktopServer((peer) => void peer.pipe(peer));
    const viewer = await viewerOf(await harness.session({ vnc: server.port, desktop: server.secret }));
    await once(viewer.socket, 'open');
    viewer.socket.send('GET / HTTP/1.1\r\n\r\n');
    expect(await viewer.closed).toMatchObject({ code: 4040 });
  });
});

const UNREACHABLE = { code: 4020, reason: 'This part of the session does not answer.' };

async function viewerOf(session: TestSession): Promise<Viewer> {
  return new Viewer(harness.url(session, {}, 'desktop'), await harness.ticket(session, 'desktop'));
}
