/** A desktop within the walls: it opens none, and what leads out of it leads to the documentation alone. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import { setFirewall } from '@ckx/host-walls';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openOutside, type Outside } from './outside.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const patiently = { signal: new AbortController().signal };

let engine: TestEngine;
let service: Server;
let servicePort: number;
let outside: Outside;
let own: EnvironmentSpec;
let other: EnvironmentSpec;
let rules: readonly [before: string, after: string];

async function build(): Promise<EnvironmentSpec> {
  const spec = { ...(await testSpec()), category: 'CKA' as const, needs: EnvironmentNeeds.parse({ cluster: 'none', desktop: true }) };
  await engine.provider.create(spec, patiently);
  await engine.provider.openTerminal(spec, patiently);
  await engine.provider.openDesktop(spec, patiently);
  return spec;
}

const mangle = async () => (await run('iptables', ['-w', '10', '-t', 'mangle', '-S'])).stdout;

beforeAll(async () => {
  if (!isRoot) return;
  engine = await testEngine();
  service = createServer((socket) => socket.on('error', () => undefined).end('here\n')).listen(0, '::');
  await once(service, 'listening');
  servicePort = z.object({ port: z.int() }).parse(service.address()).port;
  outside = await openOutside(randomInt(64) * 4);
  await setFirewall();
  const before = await mangle();
  [own, other] = await Promise.all([build(), build()]);
  rules = [before, await mangle()];
}, 120_000);

afterAll(async () => {
  if (!isRoot) return;
  service.close();
  await outside.close();
  await engine[Symbol.asyncDispose]();
});

async function inDesktop(script: string): Promise<string> {
  const container = engine.docker.getContainer(`ckx-vnc-${own.examSessionId}`);
  const exec = await container.exec({ Cmd: ['bash', '-c', script], AttachStdout: true, AttachStderr: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).replaceAll('\r', '').trim();
}

const addressIn = ({ subnet }: EnvironmentSpec, last: number) => subnet.replace(/\d+\/26$/, (part) => String(Number.parseInt(part) + last));

it.runIf(isRoot)(
  'reaches its terminal, and neither this machine, nor another session, nor the outside',
  async () => {
    const { stdout } = await run('hostname', ['-I']);
    const machine = stdout.trim().split(' ')[0] ?? '';
    const targets: Record<string, readonly [string, number]> = {
      'its terminal': [addressIn(own, 10), 22],
      'this machine at its gateway': [addressIn(own, 1), servicePort],
      'this machine at its own address': [machine, servicePort],
      'the other terminal': [addressIn(other, 10), 22],
      'the other desktop': [addressIn(other, 12), 5_900],
      'the other desktop by its published port': [addressIn(own, 1), other.ports.vnc],
      outside: [outside.address, outside.port],
    };
    const attempts = Object.entries(targets).map(
      ([name, [address, port]]) => `(timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo '${name}') &`,
    );
    expect(await inDesktop(`${attempts.join('\n')}\nwait`)).toBe('its terminal');
  },
  60_000,
);

it.runIf(isRoot)('needs no rule of the firewall', () => {
  expect(rules[1]).toBe(rules[0]);
});

/** Asks as Firefox does. @returns the answer's code: 0 is a connection, 2 a refusal by rule, 4 no way there. */
async function asked(type: 'name' | 'address', target: string, port: number): Promise<number> {
  const packed = type === 'name' ? `pack("C C/a", 3, "${target}")` : `pack("C C4", 1, ${target.replaceAll('.', ', ')})`;
  const script = `my $s = IO::Socket::UNIX->new(Peer => "/run/ckx-docs/socks") or die "no socket";
    syswrite $s, pack("C3", 5, 1, 0); sysread $s, my $hello, 2;
    syswrite $s, pack("C3", 5, 1, 0) . ${packed} . pack("n", ${port});
    sysread $s, my $answer, 10; print unpack("x C", $answer)`;
  return Number(await inDesktop(`perl -MIO::Socket::UNIX -e '${script}'`));
}

it.runIf(isRoot)(
  'is led to the documentation, and to nothing else',
  async () => {
    expect(await asked('name', 'example.com', 443)).toBe(2);
    expect(await asked('name', 'localhost', 443)).toBe(2);
    expect(await asked('name', 'kubernetes.io', servicePort)).toBe(2);
    expect(await asked('name', outside.address, outside.port)).toBe(2);
    expect(await asked('address', outside.address, outside.port)).toBe(2);
    expect(await asked('address', '127.0.0.1', servicePort)).toBe(2);
    // Where this machine has a way to the internet it is opened, and else it is not there: refused it is not.
    expect([0, 4]).toContain(await asked('name', 'kubernetes.io', 443));
  },
  60_000,
);
