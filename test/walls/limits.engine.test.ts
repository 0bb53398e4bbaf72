/** What a candidate may use, tried to the end: processes, memory, disk, files, log. */
import { stat } from 'node:fs/promises';
import { watchedPartsOf, type EnvironmentSpec, type LastLook, type WatchFinding } from '@ckx/contracts';
import { shellExec } from '@ckx/test-support/client';
import { testEngine, testShell, testSpec, type TestEngine } from '@ckx/test-support/engine';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MIB = 2 ** 20;

let engine: TestEngine;
let spec: EnvironmentSpec;
let shell: ssh2.Client;

const terminal = async (command: string) => (await shellExec(shell, command)).stdout.trim();
const node = (command: string) => shellExec(shell, 'ssh controlplane sudo bash -s', command);

/** What the watch of a session says within this time; null where it has nothing to say. */
async function watched(withinMs: number): Promise<WatchFinding | null> {
  const signal = AbortSignal.timeout(withinMs);
  const seen: LastLook = { atMs: Date.now(), startedAt: {} };
  return engine.provider.watch(spec, { signal, seen, onLook: () => undefined }).then(
    ({ finding }) => finding,
    (error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    },
  );
}

beforeAll(async () => {
  engine = await testEngine();
  spec = await testSpec();
  shell = await testShell(engine, spec);
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  // Last: where the environment could not be built there is none.
  shell.end();
});

describe('limits', () => {
  it('are told for each part, with what it uses', async () => {
    const { executionEnvironmentId, parts } = await engine.provider.inspect(spec);
    expect(executionEnvironmentId).toBe(spec.executionEnvironmentId);
    expect(parts.map(({ part, limits, running }) => ({ part, running, ...limits }))).toEqual([
      { part: 'node', running: true, cpuMillis: 2_000, memoryMib: 4_096, processes: 4_096, diskMib: 8_192 },
      { part: 'terminal', running: true, cpuMillis: 500, memoryMib: 512, processes: 1_024, diskMib: 2_048 },
    ]);
    for (const { use, startedAt } of parts) {
      expect(Date.now() - Date.parse(startedAt ?? '')).toBeLessThan(300_000);
      expect(use.cpuMillis).toBeGreaterThanOrEqual(0);
      expect(use.memoryMib).toBeGreaterThan(1);
      expect(use.processes).toBeGreaterThan(0);
      expect(use.diskMib).toBeGreaterThanOrEqual(0);
    }
    expect(parts[0]?.use.diskMib).toBeGreaterThan(10);
  });

  it('end a flood of processes in the terminal, and the node does not notice', async () => {
    const flood = `perl -e 'my @p; while (@p < 3000) { my $p = fork; last unless defined $p; if (!$p) { sleep 60; exit } push @p, $p } print scalar @p; kill 9, @p'`;
    const count = Number(await terminal(flood));
    expect(count).toBeGreaterThan(900);
    expect(count).toBeLessThan(1_024);
    expect(await terminal("bash -lc 'kubectl get --raw /readyz'")).toBe('ok');
  });

  it('are the same for a node, and root there cannot lift them', async () => {
    const { stdout } = await node(
      'cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; for f in /sys/fs/cgroup/{pids/,}pids.max; do [ -e $f ] && echo max > $f && echo lifted; done',
    );
    expect(stdout.trim()).toBe('4096');
  });

  it('end what takes too much memory, and nothing beside it', async () => {
    const { exitCode } = await shellExec(shell, `perl -e 'my $x = "a" x (2 * 1024 ** 3); sleep 5'`);
    expect(exitCode).not.toBe(0);
    expect(await terminal('echo still here')).toBe('still here');
    expect((await engine.docker.getContainer(`ckx-ssh-${spec.examSessionId}`).inspect()).State.Running).toBe(true);
  });

  it('give each node a share of what the kernel counts for all, which root there cannot widen', async () => {
    const count = `perl -e 'my $n = 0; my %n = (x86_64 => 294, aarch64 => 26); chomp(my $m = \`uname -m\`); $n++ while syscall($n{$m}, 0) >= 0; print $n'`;
    const { stdout } = await node(`for f in /proc/sys/user/max_*; do echo 100000 > $f; done 2>/dev/null
      ulimit -n 20000; ${count}; echo; unshare --user --map-root-user bash -c 'echo 100000 > /proc/sys/user/max_inotify_instances; exec "$@"' x ${count}`);
    const counts = stdout.trim().split('\n').map(Number);
    expect(counts).toHaveLength(2);
    for (const held of counts) {
      expect(held).toBeGreaterThan(200);
      expect(held).toBeLessThan(400);
    }
  });

  it('keep a log that is flooded small', async () => {
    await node(`head -c 40M /dev/zero | tr '\\0' x | fold -w 1000 > /dev/console`);
    const { LogPath } = await engine.docker.getContainer(`ckx-node-${spec.examSessionId}`).inspect();
    // While the engine turns it over there is none for a moment.
    const size = () => stat(LogPath).then((found) => found.size);
    if (process.getuid?.() === 0) await expect.poll(() => size().catch(() => Infinity)).toBeLessThan(6 * MIB);
    expect(await watched(3_000)).toBeNull();
  });
});

describe('a disk that is filled', () => {
  it('is no matter while there is room', async () => {
    expect(watchedPartsOf(spec.needs)).toEqual(['node', 'terminal']);
    expect(await watched(4_000)).toBeNull();
  });

  it('by a file ends the session with a reason', async () => {
    await terminal('head -c 2200M /dev/zero > ~/filled');
    expect(await watched(20_000)).toEqual({
      kind: 'limit',
      part: 'terminal',
      reason: expect.stringMatching(/^it uses 22\d\d MiB of disk, and may use 2048 MiB$/) as string,
    });
    await terminal('rm ~/filled');
    expect(await watched(4_000)).toBeNull();
  });

  it('by a file without a name as well', async () => {
    const writing = terminal('exec 3> ~/hidden; rm ~/hidden; head -c 2200M /dev/zero >&3; sleep 15');
    expect(await watched(60_000)).toMatchObject({ kind: 'limit', part: 'terminal' });
    await writing;
  });

  it('by root on the node, outside every volume', async () => {
    // Blocks that are taken and never written count: quicker than writing them.
    await node('fallocate -l 8300M /root/filled');
    expect(await watched(20_000)).toMatchObject({ kind: 'limit', part: 'node' });
    await node('rm /root/filled');
  });

  it('by small files', async () => {
    await terminal(`mkdir ~/many && cd ~/many && perl -e 'for my $n (0 .. 100500) { open my $f, ">", $n }'`);
    expect(await watched(30_000)).toEqual({
      kind: 'limit',
      part: 'terminal',
      reason: expect.stringMatching(/^it holds 10\d{4} files, and may hold 100000$/) as string,
    });
    await terminal('rm -rf ~/many');
  });
});
