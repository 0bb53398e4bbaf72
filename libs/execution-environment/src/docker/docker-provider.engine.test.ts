import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EnvironmentFacts, EnvironmentSpec } from '@ckx/contracts';
import Docker from 'dockerode';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecRequest } from '../provider.ts';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { describeEngine } from './engine.ts';
import { addressesIn, containerName, environmentFolder, networkName } from './naming.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };

/** Times of the steps of a start, printed at the end. */
const times: Record<string, number> = {};
async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  times[step] = Math.round(performance.now() - startedAt);
  return result;
}

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;

beforeAll(async () => {
  engine = await testEngine();
  spec = await testSpec();
  await timed('containers', () => engine.provider.create(spec, patiently));
  await timed('control_plane', () => engine.provider.awaitMilestone(spec, 'control_plane', patiently));
  await timed('node_ready', () => engine.provider.awaitMilestone(spec, 'node_ready', patiently));
  await timed('workloads', () => engine.provider.awaitMilestone(spec, 'workloads', patiently));
  facts = await timed('terminal', () => engine.provider.openTerminal(spec, patiently));
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  console.log('milliseconds by step', times);
});

describe('an environment', () => {
  it('is labelled, limited and kept when it is created again', async () => {
    const before = await engine.docker.getContainer(containerName(spec.examSessionId, 'node')).inspect();
    await engine.provider.create(spec, patiently);
    const after = await engine.docker.getContainer(containerName(spec.examSessionId, 'node')).inspect();
    expect(after.Id).toBe(before.Id);
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
    expect(after.HostConfig).toMatchObject({ Privileged: false, Memory: 4 * 2 ** 30, PidsLimit: 4_096 });
    const [listed, ...others] = await engine.provider.list();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ executionEnvironmentId: spec.executionEnvironmentId, examSessionId: spec.examSessionId });
    expect(listed?.containers.map(({ part, running }) => ({ part, running })).sort((a, b) => a.part.localeCompare(b.part))).toEqual([
      { part: 'node', running: true },
      { part: 'terminal', running: true },
    ]);
    for (const { memoryBytes } of listed?.containers ?? []) expect(memoryBytes).toBeGreaterThan(1_000_000);
    expect(listed?.networks).toEqual([networkName(spec.executionEnvironmentId)]);
    expect(listed?.volumes).toHaveLength(3);
  });

  it('tells public facts only', () => {
    expect(facts.sshHostKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+$/);
    expect(facts.nodes).toEqual([{ name: 'controlplane', address: addressesIn(spec.subnet).node }]);
  });

  it("keeps the administrator's kubeconfig to the platform", async () => {
    const file = join(environmentFolder(engine.workDir, spec.examSessionId), 'kubeconfig');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(`https://127.0.0.1:${spec.ports.k8sApi}`);
  });

  it('does not let root on the node lift the limits', async () => {
    const node = engine.docker.getContainer(containerName(spec.examSessionId, 'node'));
    const script =
      'f=/sys/fs/cgroup/memory/memory.limit_in_bytes; [ -e $f ] || f=/sys/fs/cgroup/memory.max; echo 9000000000 >$f && echo lifted || echo kept';
    const exec = await node.exec({ Cmd: ['bash', '-c', script], AttachStdout: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    expect(await text(stream)).toContain('kept');
  });
});

describe('the terminal', () => {
  it('refuses a key that was not authorized, and shells out for one that was', async () => {
    await expect(sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey)).rejects.toThrow(/authentication/i);
    await engine.provider.authorizeKey(spec, `${key.public} someone`);
    await engine.provider.authorizeKey(spec, key.public);
    const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
    const nodes = await timed('kubectl get nodes', () => sshRun(client, 'kubectl get nodes --no-headers'));
    expect(nodes.stderr).toBe('');
    expect(nodes.stdout).toMatch(/^controlplane +Ready /);
    expect(await sshRun(client, 'ssh controlplane "id -un; sudo id -un"')).toMatchObject({ exitCode: 0, stdout: 'candidate\nroot\n' });
    expect(await sshRun(client, 'id -un; cat /etc/ckx/kubeconfig')).toMatchObject({ exitCode: 1, stdout: 'candidate\n' });
    client.end();
  });

  it('is reached by the jump host port as well', async () => {
    const client = await sshConnect(spec.ports.sshJumphost, key.private, facts.sshHostKey);
    expect(await sshRun(client, 'echo here')).toMatchObject({ stdout: 'here\n' });
    client.end();
  });

  it('refuses what is no key', async () => {
    await expect(engine.provider.authorizeKey(spec, 'ssh-rsa nonsense')).rejects.toMatchObject({
      kind: 'user',
      code: 'INVALID_PUBLIC_KEY',
    });
  });
});

describe('a toolbox', () => {
  const run = (script: string, request: Partial<ExecRequest> = {}, signal = patiently.signal) =>
    engine.provider.exec(
      spec,
      'grader',
      { command: ['bash', '-c', script], cwd: '/home/candidate', timeoutMs: 20_000, outputLimitBytes: 10_000, ...request },
      signal,
    );
  /** Processes in the toolbox that carry the word in their command line. */
  const running = async (word: string) => (await run(`pgrep -cf '[${word[0]}]${word.slice(1)}' || true`)).stdout.trim();

  beforeAll(async () => {
    const assets = join(engine.workDir, 'pack');
    await mkdir(join(assets, 'scripts'), { recursive: true });
    await writeFile(join(assets, 'scripts/check.sh'), 'kubectl auth can-i "*" "*" --all-namespaces\n');
    await timed('openToolbox', () => engine.provider.openToolbox(spec, 'grader', assets));
  });

  it('runs a script of the pack as administrator', async () => {
    const result = await timed('first check', () => run('bash /tmp/exam-assets/scripts/check.sh && echo $HOME && id -u && pwd'));
    expect(result).toMatchObject({ exitCode: 0, stdout: 'yes\n/root\n0\n/home/candidate\n', timedOut: false, droppedBytes: 0 });
  });

  it('tells exit codes and both streams', async () => {
    expect(await run('echo out; echo err >&2; exit 7')).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
    expect((await timed('exec', () => run('true'))).exitCode).toBe(0);
  });

  it('ends a command at its time limit, with all its children', async () => {
    const script = 'setsid bash -c "exec -a strayling sleep 300" & setpriv --reuid 1000 bash -c "exec -a strayling sleep 300" & sleep 300';
    const result = await run(script, { timeoutMs: 1_000 });
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    expect(result.durationMs).toBeLessThan(5_000);
    expect(await running('strayling')).toBe('0');
  });

  it('ends what a command leaves running behind', async () => {
    const result = await run('setsid bash -c "exec -a leftover sleep 300" & echo started');
    expect(result).toMatchObject({ exitCode: 0, stdout: 'started\n' });
    expect(result.durationMs).toBeLessThan(5_000);
    expect(await running('leftover')).toBe('0');
  });

  it('takes no more memory for 100 MB of output than for a line', async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const result = await timed('100 MB of output', () => run('echo first; head -c 100000000 /dev/zero | tr "\\0" x; echo; echo last'));
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/^first\nx+\n… 99990012 bytes left out …\nx+\nlast\n$/);
    expect(result.droppedBytes).toBe(100_000_012 - 10_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('ends a command when the caller gives up', async () => {
    const controller = new AbortController();
    const pending = run('exec -a abandoned sleep 300', {}, controller.signal);
    setTimeout(() => controller.abort(new Error('given up')), 500);
    await expect(pending).rejects.toThrow('given up');
    await expect.poll(() => running('abandoned'), { timeout: 5_000 }).toBe('0');
  });

  it('is replaced when it is opened again, and gone when it is closed', async () => {
    await run('touch /root/trace');
    await engine.provider.openToolbox(spec, 'grader', join(engine.workDir, 'pack'));
    expect((await run('ls /root/trace')).exitCode).not.toBe(0);
    await engine.provider.closeToolbox(spec, 'grader');
    await engine.provider.closeToolbox(spec, 'grader');
    await expect(run('true')).rejects.toMatchObject({ kind: 'operational', code: 'CONTAINER_NOT_RUNNING' });
  });
});

describe('closing', () => {
  it('ends the connections and every process of the candidate, and lets nobody in', async () => {
    const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
    await sshRun(
      client,
      'setsid sleep 1001 >/dev/null 2>&1 </dev/null & ssh -f controlplane "setsid sleep 1002 >/dev/null 2>&1 </dev/null &"; sleep 0.5',
    );
    const sleeping = async () => {
      const parts = ['terminal', 'node'] as const;
      const tops = await Promise.all(parts.map((part) => engine.docker.getContainer(containerName(spec.examSessionId, part)).top()));
      return tops.map((top) => /sleep 100[12]/.test(JSON.stringify(top)));
    };
    expect(await sleeping()).toEqual([true, true]);
    const closed = once(client, 'close');
    await timed('close', () => engine.provider.close(spec));
    await closed;
    await expect(sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey)).rejects.toThrow(/authentication/i);
    expect(await sleeping()).toEqual([false, false]);
    await engine.provider.close(spec);
  });
});

describe('destroying', () => {
  it('leaves nothing, and succeeds when there is nothing', async () => {
    await timed('destroy', () => engine.provider.destroy(spec.executionEnvironmentId));
    expect(await engine.remains()).toEqual([]);
    await expect(access(environmentFolder(engine.workDir, spec.examSessionId))).rejects.toThrow('ENOENT');
    await engine.provider.destroy(spec.executionEnvironmentId);
  });
});

describe('a start that fails', () => {
  it('names the port that is in use, and goes on when it is free', async () => {
    const other = await testSpec();
    const server = createServer().listen(other.ports.sshJumphost, '127.0.0.1');
    await once(server, 'listening');
    await expect(engine.provider.create(other, patiently)).rejects.toMatchObject({
      kind: 'user',
      code: 'PORT_IN_USE',
      details: { port: other.ports.sshJumphost },
    });
    server.close();
    await once(server, 'close');
    await engine.provider.create(other, patiently);
    await engine.provider.destroy(other.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });

  it('says what the node said last when it ends by itself', async () => {
    const other = await testSpec();
    await engine.provider.create(other, patiently);
    const waiting = engine.provider.awaitMilestone(other, 'workloads', patiently);
    const failed = expect(waiting).rejects.toMatchObject({ code: 'NODE_EXITED', message: expect.stringContaining('[node]') as string });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await engine.docker.getContainer(containerName(other.examSessionId, 'node')).kill();
    await failed;
    await engine.provider.destroy(other.executionEnvironmentId);
  });

  it('ends at once when it is cancelled', async () => {
    const other = await testSpec();
    await engine.provider.create(other, patiently);
    const controller = new AbortController();
    const said: string[] = [];
    const options = { signal: controller.signal, onProgress: (detail: string) => void said.push(detail) };
    const waiting = engine.provider.awaitMilestone(other, 'workloads', options);
    setTimeout(() => controller.abort(new Error('cancelled')), 1_500);
    await expect(waiting).rejects.toThrow('cancelled');
    expect(said.length).toBeGreaterThan(0);
    await engine.provider.destroy(other.executionEnvironmentId);
  });
});

describe('a crash in the middle', () => {
  /** The engine as it is left when a worker dies after the given call. */
  class Died extends Error {}
  const dyingAfter = async (method: 'createNetwork' | 'createVolume' | 'createContainer' | 'start', other: EnvironmentSpec) => {
    const of: object = method === 'start' ? Docker.Container.prototype : Docker.prototype;
    const original = Reflect.get(of, method) as (...args: unknown[]) => Promise<unknown>;
    Reflect.set(of, method, async function (this: unknown, ...args: unknown[]) {
      await original.apply(this, args);
      throw new Died();
    });
    try {
      await expect(engine.provider.create(other, patiently)).rejects.toThrow(Died);
    } finally {
      Reflect.set(of, method, original);
    }
  };

  it.each(['createVolume', 'createContainer'] as const)('after %s: a second start completes it', async (method) => {
    const other = await testSpec();
    await dyingAfter(method, other);
    expect(await engine.remains()).not.toEqual([]);
    await engine.provider.create(other, patiently);
    const [listed] = await engine.provider.list();
    expect(listed?.containers.map(({ running }) => running)).toEqual([true, true]);
    await engine.provider.destroy(other.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });

  it('after the start: the next one hands over what a node waits for', { timeout: 120_000 }, async () => {
    const other = await testSpec();
    await dyingAfter('start', other);
    await engine.provider.create(other, patiently);
    await engine.provider.awaitMilestone(other, 'control_plane', { signal: AbortSignal.timeout(90_000) });
    await engine.provider.destroy(other.executionEnvironmentId);
  });

  it('after the network: teardown alone leaves nothing', async () => {
    const other = await testSpec();
    await dyingAfter('createVolume', other);
    await engine.provider.destroy(other.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });

  it('two starts at once make one environment', async () => {
    const other = await testSpec();
    await Promise.all([engine.provider.create(other, patiently), engine.provider.create(other, patiently)]);
    const [listed, ...more] = await engine.provider.list();
    expect(more).toEqual([]);
    expect(listed?.containers).toHaveLength(2);
    expect(listed?.networks).toHaveLength(1);
    await engine.provider.destroy(other.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});

describe('two environments', () => {
  it('share neither network nor keys nor cluster, and one goes without the other', async () => {
    const specs = [await testSpec(), await testSpec()] as const;
    const started = await Promise.all(
      specs.map(async (one) => {
        await engine.provider.create(one, patiently);
        await engine.provider.awaitMilestone(one, 'node_ready', patiently);
        const { sshHostKey } = await engine.provider.openTerminal(one, patiently);
        const kubeconfig = await readFile(join(environmentFolder(engine.workDir, one.examSessionId), 'kubeconfig'), 'utf8');
        const authority = /certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1];
        return { sshHostKey, authority };
      }),
    );
    expect(started[0]?.authority).toBeDefined();
    expect(started[0]?.authority).not.toBe(started[1]?.authority);
    expect(started[0]?.sshHostKey).not.toBe(started[1]?.sshHostKey);
    const [first, second] = specs;
    await engine.provider.authorizeKey(first, key.public);
    await expect(sshConnect(second.ports.sshTerminal, key.private, started[1]?.sshHostKey ?? '')).rejects.toThrow(/authentication/i);
    const client = await sshConnect(first.ports.sshTerminal, key.private, started[0]?.sshHostKey ?? '');
    const reach = await sshRun(client, `nc -z -w 3 ${addressesIn(second.subnet).node} 6443`);
    expect(reach.exitCode).not.toBe(0);
    client.end();
    await engine.provider.destroy(first.executionEnvironmentId);
    expect((await engine.provider.list()).map(({ executionEnvironmentId }) => executionEnvironmentId)).toEqual([
      second.executionEnvironmentId,
    ]);
    await engine.provider.awaitMilestone(second, 'workloads', patiently);

    // As after a restart of the machine: stopped, and started again by the host worker.
    await engine.docker.getContainer(containerName(second.examSessionId, 'node')).kill();
    const names = await timed('resume', () => engine.provider.resumeStopped());
    expect(names).toEqual([containerName(second.examSessionId, 'node')]);
    await timed('resumed until Ready', () => engine.provider.awaitMilestone(second, 'workloads', patiently));
    await engine.provider.destroy(second.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});

describe('the engine', () => {
  it('describes itself', async () => {
    const facts = await engine.provider.describeEngine();
    expect(facts.cpus).toBeGreaterThan(0);
    const ofEngine = facts.thinWalls.filter((sentence) => !sentence.includes('firewall'));
    expect(ofEngine).toHaveLength(Number(!facts.userNamespaces) + Number(!facts.liveRestore));
    // test/walls tries the firewall itself.
    if (process.getuid?.() === 0) expect(facts.thinWalls).toEqual(ofEngine);
  });

  it('that is not there is said to be so', async () => {
    const docker = new Docker({ socketPath: join(engine.workDir, 'none.sock') });
    await expect(describeEngine(docker)).rejects.toMatchObject({ kind: 'operational', code: 'ENGINE_UNAVAILABLE' });
  });
});
