/** The same known escapes, tried by whoever is root in a session's own Docker engine, and in the freest container that it runs. */
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { EnvironmentNeeds } from '@ckx/contracts';
import { shellExec } from '@ckx/test-support/client';
import { testEngine, testShell, testSpec, type TestEngine } from '@ckx/test-support/engine';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ATTEMPTS } from './attempts.ts';
import { attemptAll, behind, hostDisk, hostNamespaces, type Place } from './places.ts';

const mark = `/tmp/ckx-escaped-${randomUUID()}`;
/** The socket that is found there is the session's own. */
const TRIED = ATTEMPTS.filter(({ name }) => name !== "Docker's socket");
/** There the engine's own daemon is found, where on other machines of a session there is none but the host's. */
const OWN_DAEMON = ['processes of the host', 'a process traced that is not its own'];

let engine: TestEngine;
let shell: ssh2.Client;
let variables: Record<string, string>;

beforeAll(async () => {
  engine = await testEngine();
  const disk = await hostDisk();
  variables = { MARK: mark, DISK: disk.device, DISK_TYPE: disk.type, HOST_NAMESPACES: await hostNamespaces() };
  shell = await testShell(engine, { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'none', dockerEngine: true }) });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  shell.end();
});

async function tryFrom(name: string, place: Place): Promise<void> {
  const attempts = TRIED.filter((attempt) => !OWN_DAEMON.includes(attempt.name));
  const given = await attemptAll(
    place,
    attempts.map(({ script }) => script),
    variables,
  );
  const open = attempts.flatMap((attempt, index) => (given[index]?.open === true ? [`${attempt.name}: ${given[index].said}`] : []));
  expect(open, `open from ${name}`).toEqual([]);
  await expect(access(mark)).rejects.toThrow();
}

it('none is open to root in the engine', () => tryFrom('engine', behind(shell, 'ssh docker bash -s')));

it('nor to a container with every capability that the engine has, every namespace and every folder of the engine', async () => {
  const free =
    'docker run --rm -i --cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add SYS_PTRACE --security-opt seccomp=unconfined --security-opt systempaths=unconfined --pid host --network host --ipc host -v /:/node debian:bookworm-slim bash -s';
  const { stdout } = await shellExec(shell, free, 'id -u; ls /node/usr/sbin/dockerd');
  expect(stdout).toBe('0\n/node/usr/sbin/dockerd\n');
  await tryFrom('container', behind(shell, free));
});

it('and of the processes there, the only daemon is its own', async () => {
  const { stdout } = await shellExec(
    shell,
    'ssh docker bash -s',
    "grep -lx dockerd /proc/[0-9]*/comm | wc -l; ps -o cmd= -C dockerd | grep -c 'engine/docker.sock'",
  );
  expect(stdout).toBe('1\n1\n');
});
