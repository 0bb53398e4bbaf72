/** `npm start` itself: what stands in its way is said in a sentence, and at its end nothing is left running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startInstallation } from '@ckx/test-support/installation';
import { freePort, isAlive, markOf } from '@ckx/toolchain';
import { expect, inject, it } from 'vitest';
import { projectRoot } from './support.ts';

/** Runs `npm start` to its end, which is expected to come by itself. */
async function startAndFail(env: NodeJS.ProcessEnv): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/start.ts')], { cwd: projectRoot, env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return { exitCode, output };
}

it('stops everything that it started', async () => {
  const installation = await startInstallation();
  const { pids } = await installation.run();
  expect(Object.keys(pids).toSorted()).toEqual(['api', 'gateway', 'postgres', 'supervisor', 'temporal', 'worker-control', 'worker-host']);
  const marks = Object.entries(pids).map(([name, pid]) => [name, markOf(pid)] as const);
  for (const [name, mark] of marks) expect(isAlive(mark), name).toBe(true);
  await installation.stop();
  for (const [name, mark] of marks) expect(isAlive(mark), name).toBe(false);
});

it('refuses to start the same installation twice', async () => {
  const { exitCode, output } = await startAndFail({ CKX_DATA_DIR: inject('dataDir') });
  expect(exitCode).toBe(1);
  expect(output).toMatch(/This installation runs already, as process \d+\.\nStop that one/);
});

it('says which port is in use and which variable changes it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { exitCode, output } = await startAndFail({ CKX_DATA_DIR: join(inject('dataDir'), 'other'), API_PORT: String(port) });
    expect(exitCode).toBe(1);
    expect(output).toContain(String(port));
    expect(output).toContain('API_PORT');
    expect(output).not.toMatch(/^\s+at /m);
  } finally {
    server.close();
  }
});

it.each([
  ['unix:///nowhere/docker.sock', /DOCKER_HOST is .*nowhere.*no Docker engine answers there/],
  ['tcp://127.0.0.1:9', /DOCKER_HOST is .*no Docker engine answers there/],
])('says that no engine answers at %s', async (dockerHost, sentence) => {
  const [API_PORT, GATEWAY_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ].map(String);
  const env = {
    CKX_DATA_DIR: join(inject('dataDir'), 'other'),
    DOCKER_HOST: dockerHost,
    API_PORT,
    GATEWAY_PORT,
    TEMPORAL_PORT,
    TEMPORAL_UI_PORT,
  };
  const { exitCode, output } = await startAndFail(env);
  expect(exitCode).toBe(1);
  expect(output).toMatch(sentence);
});
