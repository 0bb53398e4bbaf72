/** Desktops, real ones: made by the provider beside a real terminal, seen and used through the gateway. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import { logIn } from '@ckx/remote-framebuffer';
import { makeSealingKeys, SealingPublicKey } from '@ckx/sealed-secrets';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHarness, type Harness, type TestSession } from './harness.ts';
import { Viewer } from './viewer.ts';

const patiently = { signal: new AbortController().signal };
const [CONTROL, SHIFT, RETURN] = [0xffe3, 0xffe1, 0xff0d];

let harness: Harness;
let engine: TestEngine;
let spec: EnvironmentSpec;
let session: TestSession;
beforeAll(async () => {
  const keys = makeSealingKeys();
  [harness, engine] = await Promise.all([
    openHarness({ GATEWAY_PRIVATE_KEY: keys.privateKey }),
    testEngine(SealingPublicKey.parse(keys.publicKey)),
  ]);
  await harness.start();
  spec = await build();
  const { desktopSecret: sealed = '' } = await engine.provider.openDesktop(spec, patiently);
  session = await harness.session({ vnc: spec.ports.vnc, desktop: { sealed } }, { id: spec.examSessionId });
}, 120_000);
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

/** An environment of a terminal alone. */
async function build(): Promise<EnvironmentSpec> {
  const made = { ...(await testSpec()), category: 'CKAD' as const, needs: EnvironmentNeeds.parse({ cluster: 'none', desktop: true }) };
  await engine.provider.create(made, patiently);
  await engine.provider.openTerminal(made, patiently);
  return made;
}

async function open(): Promise<Viewer> {
  const viewer = new Viewer(harness.url(session, {}, 'desktop'), await harness.ticket(session, 'desktop'));
  await viewer.open();
  // Something is drawn: a window, and letters in it.
  await viewer.until(() => viewer.colours > 20, 30_000);
  return viewer;
}

/** Runs a script in a part of an environment. */
async function inside(part: 'ssh' | 'vnc', script: string, { examSessionId } = spec): Promise<string> {
  const container = engine.docker.getContainer(`ckx-${part}-${examSessionId}`);
  const exec = await container.exec({ Cmd: ['bash', '-c', script], Tty: true, AttachStdout: true, AttachStderr: true });
  return (await text(await exec.start({ hijack: true, stdin: false, Tty: true }))).replaceAll('\r', '').trim();
}

/** Types into the window until its shell has done it: keys that come before there is a shell are lost. */
async function typed(viewer: Viewer, command: string, done: () => Promise<boolean>): Promise<void> {
  const givenUpAt = performance.now() + 60_000;
  while (!(await done())) {
    if (performance.now() > givenUpAt) throw new Error(`Typed in vain: ${command}`);
    viewer.type(`${command}\n`);
    for (let looks = 0; looks < 20 && !(await done()); looks += 1) await sleep(100);
  }
}

const isThere = (file: string) => async () => (await inside('ssh', `[ -e ${file} ] && echo yes`)) === 'yes';

it('shows a window whose shell is the terminal’s, and takes what is typed', async () => {
  const viewer = await open();
  await typed(viewer, 'id -un > /tmp/exam/typed; hostname >> /tmp/exam/typed', isThere('/tmp/exam/typed'));
  expect(await inside('ssh', 'cat /tmp/exam/typed')).toBe('candidate\nterminal');
  // Keys travel as the letters that they write, so that whoever types them may have any keyboard.
  viewer.type("echo 'grüß @{}[]|~ €' > /tmp/exam/letters\n");
  await expect.poll(isThere('/tmp/exam/letters'), { timeout: 15_000 }).toBe(true);
  expect(await inside('ssh', 'cat /tmp/exam/letters')).toBe('grüß @{}[]|~ €');
  viewer.socket.close();
  const row = { kind: 'desktop', tab: null, endCode: 'CLIENT_CLOSED' };
  await expect.poll(async () => (await harness.connections(session)).at(-1)).toMatchObject(row);
  const { bytesIn = 0, bytesOut = 0 } = (await harness.connections(session)).at(-1) ?? {};
  expect(bytesIn).toBeGreaterThan(500);
  expect(bytesOut).toBeGreaterThan(viewer.pixels.length);
}, 120_000);

it('is the same after it was left: its windows go on, and another size is no harm', async () => {
  const first = await open();
  await typed(first, 'kept=yes; touch /tmp/exam/kept', isThere('/tmp/exam/kept'));
  first.socket.close();
  const viewer = await open();
  viewer.resize(1600, 900);
  await viewer.until(() => viewer.width === 1600 && viewer.height === 900);
  await typed(viewer, 'echo $kept > /tmp/exam/told', isThere('/tmp/exam/told'));
  expect(await inside('ssh', 'cat /tmp/exam/told')).toBe('yes');
  viewer.socket.close();
}, 120_000);

it('shares its clipboard both ways', async () => {
  const viewer = await open();
  viewer.paste('touch /tmp/exam/pasted');
  await sleep(500);
  viewer.press([CONTROL, SHIFT], 'V'.charCodeAt(0));
  // The window asks for the text when it is to paste, and has it a moment later.
  const pasted = async () => {
    viewer.key(RETURN);
    return isThere('/tmp/exam/pasted')();
  };
  await expect.poll(pasted, { timeout: 30_000, interval: 500 }).toBe(true);
  await typed(viewer, 'clear; echo copied-out; touch /tmp/exam/shown', isThere('/tmp/exam/shown'));
  // From the first letter of the window to its last.
  viewer.point(7, 30, 0);
  viewer.point(7, 30, 1);
  for (let step = 1; step <= 10; step += 1) {
    viewer.point(20 + step * 80, 40 + step * 30, 1);
    await sleep(50);
  }
  viewer.point(820, 340, 0);
  await viewer.until(() => viewer.cut.includes('copied-out'));
  viewer.socket.close();
}, 120_000);

it('lets nobody in who has no secret, and offers nothing without TLS', async () => {
  const socket = connect(spec.ports.vnc, '127.0.0.1');
  const [version] = (await once(socket, 'data')) as [Buffer];
  expect(version.toString()).toBe('RFB 003.008\n');
  socket.write(version);
  // One way, and that is VeNCrypt.
  expect((await once(socket, 'data'))[0]).toEqual(Buffer.from([1, 19]));
  socket.destroy();
  const pem = await inside('vnc', 'cat /home/desktop/.ckx/certificate.pem');
  const certificate = new X509Certificate(`${pem}\n`).fingerprint256.replaceAll(':', '').toLowerCase();
  const attempt = async (secret: { password: string; certificate: string }) => {
    const peer = connect(spec.ports.vnc, '127.0.0.1');
    await once(peer, 'connect');
    return logIn(peer, secret);
  };
  await expect(attempt({ password: 'not-this', certificate })).rejects.toMatchObject({ code: 'DESKTOP_REFUSED' });
  await expect(attempt({ password: 'not-this', certificate: 'ab'.repeat(32) })).rejects.toMatchObject({ code: 'DESKTOP_REFUSED' });
  // However often somebody guesses, those who know are let in.
  for (let guess = 0; guess < 10; guess += 1) await attempt({ password: `guess-${guess}`, certificate }).catch(() => undefined);
  (await open()).socket.close();
}, 120_000);

it('gives its programs nothing: no capability, no way to root, no client, no way to the nodes by name', async () => {
  expect(await inside('vnc', 'grep -E "^Cap(Eff|Bnd|Prm)" /proc/1/status | tr -d "\\t"')).toBe(
    'CapPrm:0000000000000000\nCapEff:0000000000000000\nCapBnd:0000000000000000',
  );
  expect(await inside('vnc', 'grep NoNewPrivs /proc/1/status; id -un')).toBe('NoNewPrivs:\t1\ndesktop');
  expect(
    await inside('vnc', 'find / -xdev -perm /6000 -type f 2>/dev/null; command -v kubectl curl wget nc docker; getent hosts controlplane'),
  ).toBe('');
  // What leads to the documentation is its own.
  expect(await inside('vnc', 'ls /run/ckx-docs')).toBe('socks');
  expect(await inside('ssh', 'ls /run/ckx-docs 2>&1')).toContain('No such file');
  expect(await inside('vnc', 'touch /run/ckx-docs/mine 2>&1')).toContain('Read-only');
  // Its key opens a shell, and leads nowhere else.
  const forwarded =
    'ssh -i ~/.ckx/ssh -o BatchMode=yes -o UserKnownHostsFile=/etc/ckx/known_hosts -o ConnectTimeout=5 -W 127.0.0.1:22 candidate@terminal 2>&1';
  expect(await inside('vnc', forwarded)).toContain('administratively prohibited');
}, 60_000);

it('is out of another session’s reach', async () => {
  const other = await build();
  const [address] = (await inside('vnc', 'hostname -i')).split(' ');
  const said = `timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/5900 && head -c 12 <&3' 2>/dev/null; echo end`;
  expect(await inside('ssh', said)).toBe('RFB 003.008\nend');
  expect(await inside('ssh', said, other)).toBe('end');
  await engine.provider.destroy(other.executionEnvironmentId);
}, 60_000);

it('comes back with its windows after it died', async () => {
  await engine.docker.getContainer(`ckx-vnc-${spec.examSessionId}`).kill();
  expect(await engine.provider.restart(spec, 'desktop', patiently)).toEqual({ ready: true });
  const viewer = await open();
  await typed(viewer, 'echo $kept > /tmp/exam/again', isThere('/tmp/exam/again'));
  expect(await inside('ssh', 'cat /tmp/exam/again')).toBe('yes');
  viewer.socket.close();
}, 120_000);

it('is opened once, however often it is asked for', async () => {
  const [one, other] = await Promise.all([engine.provider.openDesktop(spec, patiently), engine.provider.openDesktop(spec, patiently)]);
  expect(one).toEqual(other);
  expect(await inside('ssh', 'grep -c " desktop$" /etc/ckx/authorized_keys')).toBe('1');
  (await open()).socket.close();
}, 60_000);

it('is ended when its session is closed', async () => {
  await engine.provider.close(spec);
  const info = await engine.docker.getContainer(`ckx-vnc-${spec.examSessionId}`).inspect();
  expect(info.State.Running).toBe(false);
  expect(await inside('ssh', 'cat /etc/ckx/authorized_keys')).toBe('');
  const viewer = new Viewer(harness.url(session, {}, 'desktop'), await harness.ticket(session, 'desktop'));
  expect(await viewer.closed).toMatchObject({ code: 4020 });
}, 60_000);
