/** Known escapes, tried for real from every place that a candidate can get to; what each would do to the host is looked for there. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { EnvironmentSpec } from '@ckx/contracts';
import { shellExec } from '@ckx/test-support/client';
import { testEngine, testShell, testSpec, type TestEngine } from '@ckx/test-support/engine';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ATTEMPTS, FILTERED } from './attempts.ts';
import { attemptAll, behind, host, hostDisk, hostNamespaces, onHost, type Answer, type Place } from './places.ts';

const run = promisify(execFile);
const mark = `/tmp/ckx-escaped-${randomUUID()}`;

/** Everything Kubernetes has to give. */
const POD = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    hostPID: true,
    hostIPC: true,
    hostNetwork: true,
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name: 'it',
        image: 'debian:bookworm-slim',
        imagePullPolicy: 'IfNotPresent',
        command: ['sleep', '3600'],
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'node', mountPath: '/node', mountPropagation: 'Bidirectional' }],
      },
    ],
    volumes: [{ name: 'node', hostPath: { path: '/' } }],
  },
});

/** What an escape would have changed. */
const WATCHED = ['kernel/core_pattern', 'kernel/modprobe', 'kernel/panic', 'vm/swappiness', 'fs/file-max', 'fs/inotify/max_user_instances'];
const settings = () => Promise.all(WATCHED.map((path) => readFile(`/proc/sys/${path}`, 'utf8').catch(() => 'none')));

let engine: TestEngine;
let spec: EnvironmentSpec;
let shell: ssh2.Client;
let variables: Record<string, string>;
let before: string[];
/** The engine's kernel is ours to look at. */
let engineIsHere: boolean;
const answers = new Map<string, readonly Answer[]>();

beforeAll(async () => {
  engine = await testEngine();
  const info = z.object({ Name: z.string(), SecurityOptions: z.array(z.string()) }).parse(await engine.docker.info());
  expect(info.SecurityOptions.join(), 'these walls need an engine with user namespaces').toMatch(/name=(userns|rootless)/);
  engineIsHere = process.getuid?.() === 0 && info.Name === hostname();
  before = await settings();
  const disk = await hostDisk();
  variables = { MARK: mark, DISK: disk.device, DISK_TYPE: disk.type, HOST_NAMESPACES: await hostNamespaces() };
  spec = await testSpec();
  shell = await testShell(engine, spec);
});

afterAll(async () => {
  console.log(table());
  await engine[Symbol.asyncDispose]();
  // Last: where the environment could not be built there is none.
  shell.end();
  await rm(mark, { force: true });
});

async function tryFrom(name: string, place: Place): Promise<void> {
  const given = await attemptAll(
    place,
    ATTEMPTS.map(({ script }) => script),
    variables,
  );
  answers.set(name, given);
  const open = ATTEMPTS.flatMap((attempt, index) => (given[index]?.open === true ? [`${attempt.name}: ${given[index].said}`] : []));
  expect(open, `open from ${name}`).toEqual([]);
}

describe('none of the known escapes is open', () => {
  it('to the candidate in the terminal', () => tryFrom('terminal', behind(shell, 'bash -s')));

  it('to root on the node', () => tryFrom('node', behind(shell, 'ssh controlplane sudo bash -s')));

  it('to a privileged pod with the namespaces and the folders of its node', async () => {
    const applied = await shellExec(
      shell,
      "bash -lc 'kubectl apply -f - && kubectl wait --for=condition=Ready --timeout=60s pod/out'",
      JSON.stringify(POD('out')),
    );
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    await tryFrom('pod', behind(shell, "bash -lc 'kubectl exec -i out -- bash -s'"));
  });

  it('and calls that no node needs are refused by a filter, where the kernel itself would answer', async () => {
    const scripts = FILTERED.map(({ script }) => script);
    const given = await attemptAll(behind(shell, 'ssh controlplane sudo bash -s'), scripts, {});
    expect(given.map(({ open, said }) => ({ open, said }))).toEqual(scripts.map(() => ({ open: false, said: 'Operation not permitted' })));
    if (engineIsHere) expect((await attemptAll(host, scripts, {})).filter(({ open }) => open).length).toBeGreaterThan(0);
  });

  it('and each is a real one: most are open to root of the host', async ({ skip }) => {
    if (!engineIsHere) skip('the engine runs elsewhere, or this user is not root');
    const given = await attemptAll(host, ATTEMPTS.map(onHost), { ...variables, HOST_NAMESPACES: 'none' });
    answers.set('host', given);
    const closed = ATTEMPTS.filter((_, index) => given[index]?.open !== true).map(({ name }) => name);
    // What a kernel may have been built without, or locked.
    const maybe =
      /namespace|as a device|release_agent|devtmpfs|sysrq|module|kexec|kcore|\/dev\/|loop|socket|swap|clock|\/sys|debugfs|traced|limits/;
    expect(closed.filter((name) => !maybe.test(name))).toEqual([]);
  });
});

describe('the host', () => {
  it('is as it was, after a crash and a program of an unknown format', async () => {
    // What a core_pattern or a binary format that took hold would run.
    const node = behind(shell, 'ssh controlplane sudo bash -s');
    await node(`ulimit -c unlimited; bash -c 'kill -SEGV $$'
      mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
      echo ':ckx:M::CKXWALL::/bin/true:' > /proc/sys/fs/binfmt_misc/register`);
    // A shell that finds no such command says 127; a format that took hold would have run `true`.
    const strange = `${mark}.bin`;
    await writeFile(strange, 'CKXWALL');
    await chmod(strange, 0o755);
    await expect(run(strange)).rejects.toMatchObject({ code: 127 });
    await rm(strange);
    await expect(access(mark)).rejects.toThrow();
    expect(await settings()).toEqual(before);
  });
});

function word(answer: Answer | undefined): string {
  if (answer === undefined) return '-';
  return answer.open ? 'OPEN' : 'refused';
}

/** What was tried, where, and what the node was told. */
function table(): string {
  const places = ['terminal', 'node', 'pod', 'host'];
  const widths = [52, 10, 10, 10, 10, 60];
  const line = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('');
  const rows = ATTEMPTS.map(({ name }, index) => {
    const words = places.map((place) => word(answers.get(place)?.[index]));
    return line([name, ...words, answers.get('node')?.[index]?.said.slice(-60) ?? '']);
  });
  return [line(['attempt', ...places, 'what root on the node was told']), ...rows].join('\n');
}
