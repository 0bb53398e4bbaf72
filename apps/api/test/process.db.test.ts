import { freePort, testPostgres } from '@ckx/test-support';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const APP = new URL('..', import.meta.url).pathname;
const LABS = new URL('labs', import.meta.url).pathname;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** The API as an operator runs it. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './decorators.mjs', 'src/main.ts'], {
    cwd: APP,
    env: { PATH: process.env['PATH'], CKX_LABS: LABS, JWT_SECRET: 'a secret of tests, at least 32 characters long', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]: unknown[]) => z.number().nullable().parse(code));
  return { child, exited, output: () => output };
}

describe('the process', () => {
  test('starts without Temporal, answers, and ends on SIGTERM', async () => {
    const port = await freePort();
    const { url } = await testPostgres();
    const api = run({ DATABASE_URL: url, API_PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await expect.poll(() => api.output(), { timeout: 20_000 }).toContain('listening');
    const lines = api.output().trim().split('\n');
    for (const line of lines) expect(z.looseObject({ component: z.literal('api') }).parse(JSON.parse(line))).toBeDefined();
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    api.child.kill('SIGTERM');
    await api.exited;
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });

  test('ends although somebody asks again and again on one connection', async () => {
    const port = await freePort();
    const api = run({ DATABASE_URL: (await testPostgres()).url, API_PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await expect.poll(() => api.output(), { timeout: 20_000 }).toContain('listening');
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((done) => socket.once('close', done));
    const ask = () => socket.writable && socket.write('GET /health/ready HTTP/1.1\r\nHost: here\r\n\r\n');
    let answers = 0;
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        const begun = chunk.toString('latin1').split('HTTP/1.1 ').length - 1;
        answers += begun;
        for (let i = 0; i < begun; i += 1) ask();
      });
    // Never is nothing asked.
    for (let i = 0; i < 5; i += 1) ask();
    await expect.poll(() => answers, { timeout: 10_000 }).toBeGreaterThan(10);
    api.child.kill('SIGTERM');
    await Promise.all([api.exited, closed]);
  });

  test('says that the database is away', async () => {
    const api = run({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(await api.exited).toBe(1);
    expect(api.output()).toContain('Postgres does not answer');
  });

  test('says that its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const api = run({ DATABASE_URL: (await testPostgres()).url, API_PORT: String(address.port) });
    expect(await api.exited).toBe(1);
    server.close();
    expect(api.output()).toContain(`Port ${address.port} of 127.0.0.1 is in use`);
  });

  test('names every setting that is wrong, and no value', async () => {
    const api = run({ DATABASE_URL: 'nonsense', JWT_SECRET: 'short' });
    expect(await api.exited).toBe(1);
    expect(api.output()).toMatch(/DATABASE_URL[^]*JWT_SECRET/);
    expect(api.output()).not.toMatch(/nonsense|short\b|at file:/);
  });
});
