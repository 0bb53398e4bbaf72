/** A node and a terminal that die for real, and come back with what was in them. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentFacts, EnvironmentSpec, LastLook, WatchReport } from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerProvider } from './docker-provider.ts';
import { addressesIn, containerName } from './naming.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };
const times: Record<string, number> = {};

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;

const container = (part: 'node' | 'terminal') => engine.docker.getContainer(containerName(spec.examSessionId, part));
const freshLook = (): LastLook => ({ atMs: Date.now(), startedAt: {} });

beforeAll(async () => {
  engine = await testEngine();
  spec = await testSpec();
  await engine.provider.create(spec, patiently);
  await engine.provider.awaitMilestone(spec, 'workloads', patiently);
  facts = await engine.provider.openTerminal(spec, patiently);
  await engine.provider.authorizeKey(spec, key.public);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  console.log('milliseconds', times);
});

/** Watches until something is found, having seen the environment whole at least once. */
async function whileWatched(
  breakIt: () => Promise<unknown>,
  provider = engine.provider,
): Promise<{ report: WatchReport; looks: LastLook[] }> {
  const looks: LastLook[] = [];
  const { promise: whole, resolve } = Promise.withResolvers<void>();
  const onLook = (look: LastLook) => {
    looks.push(look);
    resolve();
  };
  const watching = provider.watch(spec, { ...patiently, seen: freshLook(), onLook });
  await Promise.race([whole, watching]);
  await breakIt();
  return { report: await watching, looks };
}

async function inShell(command: string) {
  const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
  try {
    return await sshRun(client, command);
  } finally {
    client.end();
  }
}

async function restarted(part: 'node' | 'terminal'): Promise<unknown> {
  const begunAt = performance.now();
  const result = await engine.provider.restart(spec, part, patiently);
  times[`${part} back after`] = Math.round(performance.now() - begunAt);
  return result;
}

describe('a node', () => {
  it('that is killed is found within two seconds, and is back with its cluster, files, address and ports', async () => {
    const work = 'kubectl create configmap kept --from-literal=a=b && echo mine >~/mine && ssh root@controlplane "echo mine >/root/mine"';
    expect(await inShell(work)).toMatchObject({ exitCode: 0, stderr: '' });
    const { report } = await whileWatched(() => container('node').kill({ signal: 'KILL' }));
    const killedFor = Date.now() - new Date((await container('node').inspect()).State.FinishedAt).getTime();
    expect(killedFor).toBeLessThan(2_000);
    expect(report.finding).toEqual({ kind: 'down', part: 'node', reason: 'it ended with exit code 137' });

    expect(await restarted('node')).toEqual({ ready: true });
    expect(times['node back after']).toBeLessThan(30_000);
    expect(
      await inShell('kubectl get nodes --no-headers; kubectl get configmap kept -o name; cat ~/mine; ssh controlplane sudo cat /root/mine'),
    ).toMatchObject({
      stdout: expect.stringMatching(/^controlplane +Ready .*\nconfigmap\/kept\nmine\nmine\n$/) as string,
      stderr: '',
    });
    const { NetworkSettings, HostConfig } = await container('node').inspect();
    expect(Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress)).toEqual([addressesIn(spec.subnet).node]);
    expect(HostConfig.PortBindings).toEqual({ '6443/tcp': [{ HostIp: '127.0.0.1', HostPort: String(spec.ports.k8sApi) }] });
    // New pods run: the node owns its control groups again.
    await inShell('kubectl -n kube-system rollout restart deployment coredns');
    expect(await inShell('kubectl -n kube-system rollout status deployment coredns --timeout=90s')).toMatchObject({ exitCode: 0 });
  });

  it('that its candidate reboots is one that died', async () => {
    const { report } = await whileWatched(() => inShell('ssh controlplane sudo systemctl reboot').catch(() => undefined));
    expect(report.finding).toMatchObject({ kind: 'down', part: 'node' });
    expect(await restarted('node')).toEqual({ ready: true });
    expect(await inShell('kubectl get configmap kept -o name')).toMatchObject({ stdout: 'configmap/kept\n' });
  });

  it('that was started anew by somebody else is found to be so, also by the next watch after a gap', async () => {
    const { report, looks } = await whileWatched(async () => {
      await container('node').kill();
      await container('node').start();
    });
    expect(report.finding).toMatchObject({ kind: 'down', part: 'node' });
    const seen = looks.at(-1) ?? freshLook();
    const gap = await engine.provider.watch(spec, { ...patiently, seen: { ...seen, atMs: Date.now() - 20_000 }, onLook: () => undefined });
    expect(gap.finding).toMatchObject({ kind: 'gap', cause: 'host' });
    const next = await engine.provider.watch(spec, { ...patiently, seen: gap.seen, onLook: () => undefined });
    expect(next.finding).toEqual({ kind: 'down', part: 'node', reason: 'it was started anew' });
    expect(await restarted('node')).toEqual({ ready: true });
  });

  it('that ends again while it starts is said to have', async () => {
    await container('node').kill();
    const restarting = expect(engine.provider.restart(spec, 'node', patiently)).rejects.toMatchObject({ code: 'NODE_EXITED' });
    await sleep(1_500);
    await container('node').kill();
    await restarting;
    expect(await restarted('node')).toEqual({ ready: true });
  });
});

describe('a terminal', () => {
  it('that is killed is found, and answers again with the key that was pinned, to those who were let in', async () => {
    const { report } = await whileWatched(() => container('terminal').kill());
    expect(report.finding).toMatchObject({ kind: 'down', part: 'terminal' });
    expect(await restarted('terminal')).toEqual({ ready: true });
    expect(await inShell('cat ~/mine; kubectl get configmap kept -o name')).toMatchObject({ stdout: 'mine\nconfigmap/kept\n' });
  });
});

describe('the engine', () => {
  it('that does not answer for a while leaves a gap as long as that', async () => {
    await using proxy = await engineProxy(join(engine.workDir, 'engine.sock'));
    const provider = await proxiedProvider(proxy.path);
    let [silentAt, backAt] = [0, 0];
    const { report, looks } = await whileWatched(async () => {
      silentAt = Date.now();
      proxy.hang();
      await sleep(5_000);
      proxy.resume();
      backAt = Date.now();
    }, provider);
    expect(report.finding).toMatchObject({ kind: 'gap', cause: 'engine', fromMs: looks.at(-1)?.atMs });
    if (report.finding.kind !== 'gap') throw new Error('no gap');
    expect(Math.abs(report.finding.fromMs - silentAt)).toBeLessThan(1_500);
    expect(report.finding.toMs - backAt).toBeLessThan(3_000);
  });

  it('that answers slowly leaves none', async () => {
    await using proxy = await engineProxy(join(engine.workDir, 'slow.sock'));
    const provider = await proxiedProvider(proxy.path);
    const { report } = await whileWatched(async () => {
      proxy.hang();
      await sleep(1_500);
      proxy.resume();
      await sleep(3_000);
      await container('terminal').kill();
    }, provider);
    expect(report.finding).toMatchObject({ kind: 'down', part: 'terminal' });
    expect(await restarted('terminal')).toEqual({ ready: true });
  });
});

describe('beyond repair', () => {
  it('is a node whose container is gone', async () => {
    const { report } = await whileWatched(() => container('node').remove({ force: true }));
    // The engine kills it before it removes it: a look may fall in between.
    expect(report.finding).toMatchObject({
      kind: 'down',
      part: 'node',
      reason: expect.stringMatching(/is not there|exit code 137/) as string,
    });
    await expect(engine.provider.restart(spec, 'node', patiently)).rejects.toMatchObject({ kind: 'bug', code: 'NODE_GONE' });
    await engine.provider.destroy(spec.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});

/** Stands before the engine's socket, and can keep silent. */
async function engineProxy(path: string) {
  const target = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '');
  const open = new Set<Socket>();
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    // Data that comes while it is silent is lost, as with an engine that was stopped.
    client.on('data', (data) => silent || upstream.write(data)).on('close', () => upstream.destroy());
    upstream.on('data', (data) => silent || client.write(data)).on('close', () => client.destroy());
  }).listen(path);
  await once(server, 'listening');
  return {
    path,
    hang: () => void (silent = true),
    resume: () => void (silent = false),
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await rm(path, { force: true });
    },
  };
}

function proxiedProvider(path: string): Promise<DockerProvider> {
  return DockerProvider.open({
    dockerHost: `unix://${path}`,
    logger: createLogger('test', 'warn'),
    installation: engine.installation,
    hostAddress: '127.0.0.1',
    jumphostAddress: '127.0.0.1',
    images: { node: 'none', terminal: 'none', desktop: 'none' },
    workDir: engine.workDir,
    subnetPool: '10.217.0.0/24',
  });
}
