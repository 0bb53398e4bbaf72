/** An environment that waits on the real engine, and is then a session's: with its names, at its first address and ports, and wholly removed. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExamSessionId, UserId, warmSpec, type EnvironmentSpec } from '@ckx/contracts';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOwn } from './exec.ts';
import { environmentFolder } from './naming.ts';

let engine: TestEngine;
let warm: EnvironmentSpec;
let bound: EnvironmentSpec;
let assets: string;
beforeAll(async () => {
  engine = await testEngine();
  assets = await mkdtemp(join(tmpdir(), 'ckx-test-assets-'));
  warm = warmSpec(await testSpec());
  bound = { ...warm, userId: UserId.parse(randomUUID()), examSessionId: ExamSessionId.parse(randomUUID()), bornWarm: true };
});
afterAll(async () => {
  await rm(assets, { recursive: true });
  await engine[Symbol.asyncDispose]();
});

const signal = () => AbortSignal.timeout(240_000);
const idOf = async (name: string) => (await engine.docker.getContainer(name).inspect()).Id;
const keepFor = (spec: EnvironmentSpec, ms: number) => engine.provider.keep(spec, { signal: AbortSignal.timeout(ms) });

it('waits, and is found well', { timeout: 300_000 }, async () => {
  await engine.provider.create(warm, { signal: signal() });
  for (const until of ['control_plane', 'node_ready', 'workloads'] as const)
    await engine.provider.awaitMilestone(warm, until, { signal: signal() });
  await engine.provider.prepare(warm, { signal: signal() });
  await engine.provider.prepare(warm, { signal: signal() });
  expect(await readdir(engine.workDir)).toEqual([`exam-env-${warm.executionEnvironmentId}`]);
  await expect(keepFor(warm, 3_000)).rejects.toThrow(/timeout|aborted/i);
});

it('is given its session’s names, and is otherwise what it was; a second time changes nothing', { timeout: 300_000 }, async () => {
  const before = await idOf(`ckx-node-${warm.executionEnvironmentId}`);
  const took: string[] = [];
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work;
    took.push(`${name} ${Math.round(performance.now() - begun)} ms`);
    return result;
  };
  await timed('create', engine.provider.create(bound, { signal: signal() }));
  await timed('create again', engine.provider.create(bound, { signal: signal() }));
  expect(await idOf(`ckx-node-${bound.examSessionId}`)).toBe(before);
  expect((await engine.remains()).filter((name) => name.startsWith('/')).toSorted()).toEqual(
    [`/ckx-node-${bound.examSessionId}`, `/ckx-setup-${bound.examSessionId}`, `/ckx-ssh-${bound.examSessionId}`].toSorted(),
  );
  await timed('workloads', engine.provider.awaitMilestone(bound, 'workloads', { signal: signal() }));
  const { sshHostKey, nodes } = await timed('terminal', engine.provider.openTerminal(bound, { signal: signal() }));
  console.log(`a warm one is bound: ${took.join(', ')}`);
  expect(sshHostKey).toMatch(/^ssh-ed25519 /);
  expect(nodes).toHaveLength(1);
  // Whoever kept it sees that it is no longer what it kept.
  expect(await keepFor(warm, 20_000)).toMatch(/does not run/);
});

it('lets the candidate into cluster and node, as one that did not wait', { timeout: 60_000 }, async () => {
  const terminal = engine.docker.getContainer(`ckx-ssh-${bound.examSessionId}`);
  const asCandidate = (command: string) => runOwn(terminal, 'su - candidate -c "$1"', [command], signal());
  expect(await asCandidate('kubectl get nodes -o name')).toBe('node/controlplane\n');
  expect(await asCandidate('ssh -o BatchMode=yes controlplane sudo id -un')).toBe('root\n');
});

describe('the toolbox that waited', () => {
  const exec = (command: string) =>
    engine.provider.exec(
      bound,
      'setup',
      { command: ['bash', '-c', command], timeoutMs: 20_000, outputLimitBytes: 4_096 },
      AbortSignal.timeout(60_000),
    );
  const toolboxId = () => idOf(`ckx-setup-${bound.examSessionId}`);

  it('is used, with the assets, and reaches cluster and node', { timeout: 60_000 }, async () => {
    const before = await toolboxId();
    await writeFile(join(assets, 'hello.sh'), 'echo hello');
    await engine.provider.openToolbox(bound, 'setup', assets);
    expect(await toolboxId()).toBe(before);
    expect(await exec('bash /tmp/exam-assets/hello.sh && kubectl get nodes -o name && ssh controlplane id -un')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^hello\n[^]*root\n$/) as string,
    });
  });

  it('is made anew where it ended meanwhile', { timeout: 60_000 }, async () => {
    const before = await toolboxId();
    await engine.docker.getContainer(`ckx-setup-${bound.examSessionId}`).kill();
    await engine.provider.openToolbox(bound, 'setup', assets);
    expect(await toolboxId()).not.toBe(before);
    expect(await exec('bash /tmp/exam-assets/hello.sh && kubectl get nodes')).toMatchObject({ exitCode: 0 });
    await engine.provider.closeToolbox(bound, 'setup');
  });
});

it('is not well when a part of it is not', { timeout: 120_000 }, async () => {
  await engine.docker.getContainer(`ckx-ssh-${bound.examSessionId}`).kill();
  expect(await keepFor(bound, 20_000)).toMatch(/terminal does not run/);
});

it('leaves nothing behind, the folders under both names included', { timeout: 120_000 }, async () => {
  await mkdir(environmentFolder(engine.workDir, bound.examSessionId), { recursive: true });
  await engine.provider.destroy(bound.executionEnvironmentId, bound.examSessionId);
  expect({ remains: await engine.remains(), folders: await readdir(engine.workDir) }).toEqual({ remains: [], folders: [] });
});
