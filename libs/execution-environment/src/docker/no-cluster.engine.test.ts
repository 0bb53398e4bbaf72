/** An environment without a cluster: a terminal alone, and the same life. */
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds, type EnvironmentFacts, type EnvironmentSpec, type LastLook } from '@ckx/contracts';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerName, environmentFolder } from './naming.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;
beforeAll(async () => {
  engine = await testEngine();
  spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'none' }) };
  await engine.provider.create(spec, patiently);
  facts = await engine.provider.openTerminal(spec, patiently);
  await engine.provider.authorizeKey(spec, key.public);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

async function inShell(command: string) {
  const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
  try {
    return await sshRun(client, command);
  } finally {
    client.end();
  }
}

describe('an environment without a cluster', () => {
  it('is a terminal on a network of its own, and tells of no nodes', async () => {
    const [listed, ...others] = await engine.provider.list();
    expect(others).toEqual([]);
    expect(listed?.containers.map(({ part }) => part)).toEqual(['terminal']);
    expect(listed?.networks).toHaveLength(1);
    expect(facts.nodes).toEqual([]);
    await expect(access(environmentFolder(engine.workDir, spec.examSessionId))).rejects.toThrow('ENOENT');
  });

  it('gets its desktop at another port where something else has the first one', async () => {
    const withDesktop = { ...spec, category: 'CKAD' as const, needs: { ...spec.needs, desktop: true } };
    const server = createServer().listen(spec.ports.vnc, '127.0.0.1');
    await once(server, 'listening');
    try {
      const refused = { code: 'PORT_IN_USE', details: { port: spec.ports.vnc } };
      await expect(engine.provider.openDesktop(withDesktop, patiently)).rejects.toMatchObject(refused);
      const elsewhere = { ...withDesktop, ports: { ...spec.ports, vnc: (await testSpec()).ports.vnc } };
      await engine.provider.openDesktop(elsewhere, patiently);
      const { NetworkSettings } = await engine.docker.getContainer(containerName(spec.examSessionId, 'desktop')).inspect();
      expect(NetworkSettings.Ports['5900/tcp']).toEqual([{ HostIp: '127.0.0.1', HostPort: String(elsewhere.ports.vnc) }]);
    } finally {
      server.close();
      await once(server, 'close');
      await engine.docker.getContainer(containerName(spec.examSessionId, 'desktop')).remove({ force: true, v: true });
    }
  });

  it('has a shell that holds no kubeconfig', async () => {
    expect(await inShell('ls ~/.kube/config')).toMatchObject({ exitCode: 2 });
    expect(await inShell('id -un')).toMatchObject({ exitCode: 0, stdout: 'candidate\n' });
  });

  it('is set up and graded by toolboxes without one', async () => {
    await engine.provider.openToolbox(spec, 'grader', import.meta.dirname);
    const command = [
      'bash',
      '-c',
      'echo "${KUBECONFIG-none}"; ls /etc/ckx; head -1 /tmp/exam-assets/naming.ts; echo graded > /home/candidate/seen',
    ];
    const answer = await engine.provider.exec(spec, 'grader', { command, timeoutMs: 5_000, outputLimitBytes: 1_000 }, patiently.signal);
    expect(answer).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^none\n\/\*\* Names/) as string });
    expect(await inShell('cat ~/seen')).toMatchObject({ stdout: 'graded\n' });
    await engine.provider.closeToolbox(spec, 'grader');
  });

  it('is watched, and its terminal comes back when it dies', async () => {
    const { promise: whole, resolve } = Promise.withResolvers<LastLook>();
    const watching = engine.provider.watch(spec, { ...patiently, seen: { atMs: Date.now(), startedAt: {} }, onLook: resolve });
    expect(Object.keys((await whole).startedAt)).toEqual(['terminal']);
    await engine.docker.getContainer(containerName(spec.examSessionId, 'terminal')).kill();
    expect(await watching).toMatchObject({ finding: { kind: 'down', part: 'terminal' } });
    expect(await engine.provider.restart(spec, 'terminal', patiently)).toEqual({ ready: true });
    expect(await inShell('cat ~/seen')).toMatchObject({ stdout: 'graded\n' });
  });

  it('is closed to its candidate, and leaves nothing', async () => {
    const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
    await sshRun(client, 'setsid sleep 1003 >/dev/null 2>&1 </dev/null &');
    await sleep(200);
    await engine.provider.close(spec);
    const top: unknown = await engine.docker.getContainer(containerName(spec.examSessionId, 'terminal')).top();
    expect(JSON.stringify(top)).not.toContain('sleep 1003');
    await expect(sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey)).rejects.toThrow(/authentication/i);
    await engine.provider.destroy(spec.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});
