/**
 * The firewall around sessions, on bridges like theirs: what each may reach. A bridge of another name is the control: what is open from
 * there and closed from a session was closed by the firewall.
 */
import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { BRIDGE_PREFIX, closeBridge, firewallGaps, OPEN_BRIDGE_PREFIX } from '@ckx/host-walls';
import { testEngine, type TestEngine } from '@ckx/test-support/engine';
import { diagnose } from '@ckx/toolchain';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openOutside, type Outside } from './outside.ts';

const run = promisify(execFile);
const image = z.string().min(1).parse(process.env['CKX_TERMINAL_IMAGE']);
const isRoot = process.getuid?.() === 0;
const second = randomInt(256);

interface Network {
  readonly bridge: string;
  readonly prefix: string;
  readonly containers: readonly [Docker.Container, Docker.Container];
  /** Port of this machine, on every address, that leads to the first container's SSH server. */
  readonly published: number;
}

let engine: TestEngine;
let service: Server;
let servicePort: number;
let outside: Outside;
const networks: Docker.Network[] = [];
let closed: Network;
let other: Network;
let open: Network;
let control: Network;

async function network(prefix: string, third: number): Promise<Network> {
  const bridge = `${prefix}${randomBytes(4).toString('hex')}`;
  const address = `10.217.${second}.${third}`;
  const made = await engine.docker.createNetwork({
    Name: `${bridge}-walls`,
    IPAM: { Config: [{ Subnet: `${address}/26`, Gateway: `10.217.${second}.${third + 1}` }] },
    Options: { 'com.docker.network.bridge.name': bridge },
    Labels: { 'ckx.installation': engine.installation },
  });
  networks.push(made);
  const container = async (options: Docker.ContainerCreateOptions, host: Docker.HostConfig) => {
    const one = await engine.docker.createContainer({
      Image: image,
      Labels: { 'ckx.installation': engine.installation },
      ...options,
      // As on a node: root there may change what /proc/sys says of its network.
      HostConfig: { NetworkMode: made.id, CapAdd: ['NET_ADMIN'], MaskedPaths: [], ReadonlyPaths: [], ...host },
    });
    await one.start();
    return one;
  };
  const first = await container({ ExposedPorts: { '22/tcp': {} } }, { PortBindings: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }] } });
  const next = await container({}, {});
  // The address counts after a second or two, when nobody has objected to it.
  await inside(next, 'echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; sleep 3');
  const ports = (await first.inspect()).NetworkSettings.Ports['22/tcp'];
  return { bridge, prefix: `10.217.${second}.`, containers: [first, next], published: Number(ports?.[0]?.HostPort) };
}

async function inside(container: Docker.Container, script: string): Promise<string> {
  const exec = await container.exec({ Cmd: ['bash', '-c', script], AttachStdout: true, AttachStderr: true, Tty: true, User: '0:0' });
  return text(await exec.start({ Tty: true }));
}

async function addressOf(container: Docker.Container): Promise<string> {
  const info = await container.inspect();
  return Object.values(info.NetworkSettings.Networks)[0]?.IPAddress ?? '';
}

async function gatewayOf(container: Docker.Container): Promise<string> {
  const info = await container.inspect();
  return Object.values(info.NetworkSettings.Networks)[0]?.Gateway ?? '';
}

/** Which of these addresses a connection can be made to. */
async function reached(from: Network, targets: Readonly<Record<string, readonly [address: string, port: number]>>): Promise<string[]> {
  const script = Object.entries(targets)
    .map(([name, [address, port]]) => `(timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo '${name}') &`)
    .join('\n');
  const printed = await inside(from.containers[1], `${script}\nwait`);
  return printed.split(/\r?\n/).filter(Boolean).sort();
}

async function targetsFor(from: Network): Promise<Record<string, [string, number]>> {
  const { stdout } = await run('hostname', ['-I']);
  const ownAddress = stdout.trim().split(' ')[0] ?? '';
  const linkLocal = await run('ip', ['-6', '-o', 'addr', 'show', 'dev', from.bridge, 'scope', 'link']);
  const [, host6 = ''] = /inet6 ([^/]+)/.exec(linkLocal.stdout) ?? [];
  return {
    'own network': [await addressOf(from.containers[0]), 22],
    'host at its gateway': [await gatewayOf(from.containers[0]), servicePort],
    'host at its own address': [ownAddress, servicePort],
    'host at another gateway': [await gatewayOf(other.containers[0]), servicePort],
    ...(host6 === '' ? {} : { 'host over IPv6': [`${host6}%eth0`, servicePort] as [string, number] }),
    'other session': [await addressOf(other.containers[0]), 22],
    'other session by its published port': [ownAddress, other.published],
    'other session by its published port, at the gateway': [await gatewayOf(from.containers[0]), other.published],
    outside: [outside.address, outside.port],
    ...(outside.special === null ? {} : { [`special ${outside.special}`]: [outside.special, outside.port] as [string, number] }),
  };
}

beforeAll(async () => {
  engine = await testEngine();
  service = createServer((socket) => socket.on('error', () => undefined).end('here\n')).listen(0, '::');
  await once(service, 'listening');
  servicePort = z.object({ port: z.int() }).parse(service.address()).port;
  if (!isRoot) return;
  outside = await openOutside(randomInt(64) * 4);
  [closed, other, open, control] = await Promise.all([
    network(BRIDGE_PREFIX, 0),
    network(BRIDGE_PREFIX, 64),
    network(OPEN_BRIDGE_PREFIX, 128),
    network('wall', 192),
  ]);
});

afterAll(async () => {
  service.close();
  const filters = { label: [`ckx.installation=${engine.installation}`] };
  for (const { Id } of await engine.docker.listContainers({ all: true, filters })) {
    await engine.docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const made of networks) await made.remove();
  if (isRoot) await outside.close();
  await engine[Symbol.asyncDispose]();
});

describe.skipIf(!isRoot)('the firewall', () => {
  it('stands', async () => {
    expect(await firewallGaps()).toEqual([]);
    expect(await diagnose()).toContainEqual({ part: 'firewall', version: null, origin: 'machine', state: 'ok' });
  });

  it('is what closes: from a bridge that is no session’s, all of it is open', async () => {
    const targets = await targetsFor(control);
    expect(Object.keys(targets)).toContain('host over IPv6');
    const found = await reached(control, targets);
    // Docker itself keeps its networks from each other, but for published ports.
    expect(found).toEqual(
      Object.keys(targets)
        .filter((name) => name !== 'other session')
        .sort(),
    );
  });

  it('lets a closed session reach its own network, and nothing else', async () => {
    expect(await reached(closed, await targetsFor(closed))).toEqual(['own network']);
  });

  it('lets a session that may reach the internet reach that, and none of the rest', async () => {
    expect(await reached(open, await targetsFor(open))).toEqual(['outside', 'own network']);
  });

  it('keeps root on a node from the host over IPv6, twice', async () => {
    const targets = await targetsFor(closed);
    expect(targets).toHaveProperty(['host over IPv6']);
    await closeBridge(closed.bridge);
    expect(await targetsFor(closed)).not.toHaveProperty(['host over IPv6']);
    expect(await reached(closed, targets)).toEqual(['own network']);
  });

  it('leaves published ports open to this machine', async () => {
    const { stdout } = await run('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${closed.published}; head -1 <&3`]);
    expect(stdout).toMatch(/^SSH-2\.0/);
  });

  it('keeps a neighbour of this machine, who sets a route, from what is not published', async () => {
    const address = await addressOf(closed.containers[0]);
    expect(await outside.reaches(await addressOf(control.containers[0]), 22)).toBe(true);
    expect(await outside.reaches(address, 22)).toBe(false);
    expect(await outside.reaches(outside.gateway, closed.published)).toBe(true);
  });

  it('sees each rule that is taken away or overruled, and heals; as the manual sets it, it is whole', async () => {
    const manual = await readFile(join(import.meta.dirname, '../../docs/operations/walls.md'), 'utf8');
    const [, byHand = ''] = /```\n(iptables-restore[^]*?)```/.exec(manual) ?? [];
    const { stdout } = await run('unshare', ['--net', process.execPath, join(import.meta.dirname, 'netns.ts'), byHand]);
    const { rules, ...found } = z.looseObject({ rules: z.int() }).parse(JSON.parse(stdout));
    expect(rules).toBeGreaterThan(20);
    expect(found).toEqual({ gapsByHand: [], unseen: [], healed: true, writtenTwice: false, accepted: false });
  });
});
