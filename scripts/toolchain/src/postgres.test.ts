import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.ts';
import { endProcess, isAlive, ProcessMark } from './processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-postgres-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function quiet(): void {}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('keeps its data over a stop and over kill -9 of the server', async () => {
    const options = { dataDir: folder, durable: false, log: quiet };
    const first = await startPostgres(options);
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    expect(isAlive(first.process)).toBe(false);

    const second = await startPostgres(options);
    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await endProcess(second.process, 5_000, 'SIGKILL');

    const third = await startPostgres(options);
    expect(await query(third.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await third.stop();
  }, 180_000);

  it('starts again where a process that was killed left its server running', async () => {
    const module = JSON.stringify(join(import.meta.dirname, 'postgres.ts'));
    const script = `
      const { startPostgres } = await import(${module});
      const server = await startPostgres({ dataDir: process.argv[1], durable: false, log: () => {} });
      console.log(JSON.stringify(server.process));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((said) => parent.stdout.once('data', (chunk: Buffer) => said(chunk.toString())));
    const orphan = ProcessMark.parse(JSON.parse(line));
    const exited = new Promise((done) => parent.once('exit', done));
    parent.kill('SIGKILL');
    await exited;
    expect(isAlive(orphan)).toBe(true);

    const server = await startPostgres({ dataDir: folder, durable: false, log: quiet });
    expect(isAlive(orphan)).toBe(false);
    expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'ckx' }]);
    await server.stop();
  }, 180_000);

  it('says which port is in use, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const refused = startPostgres({ dataDir: folder, port, portRemedy: 'Set POSTGRES_PORT.', durable: false, log: quiet });
    await expect(refused).rejects.toMatchObject({ code: 'PORT_IN_USE', remedy: 'Set POSTGRES_PORT.' });
    other.close();
  }, 180_000);
});
