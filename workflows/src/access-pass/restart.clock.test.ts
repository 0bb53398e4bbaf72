/** The end of a pass over a restart of everything: Postgres, Temporal and the control worker are killed before it, or are down at it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PassId } from '@ckx/contracts';
import { AccessPassEntity, openDatabase, runMigrations, type AccessPassRow, type DataSource } from '@ckx/persistence';
import { insertRunningPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import { freePort, startPostgres, startTemporal, type PostgresServer, type TemporalServer } from '@ckx/toolchain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../test/installation.ts';

const MAIN = fileURLToPath(new URL('../../../apps/worker/src/main.ts', import.meta.url));
const SECOND = 1_000;
/** A worker that has just come up loads the workflows first; this much with the whole machine busy. */
const COLD = 2 * SECOND;

let folder: string;
let ports: { readonly postgres: number; readonly temporal: number };
let postgres: PostgresServer;
let temporal: TemporalServer;
let control: ChildProcess;
let dataSource: DataSource;
const drifts: Record<string, number> = {};

async function startEverything(): Promise<void> {
  const log = (): void => undefined;
  [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir: join(folder, 'postgres'), port: ports.postgres, log }),
    startTemporal({ dataDir: join(folder, 'temporal'), port: ports.temporal, uiPort: null, log }),
  ]);
  await runMigrations(postgres.url);
  control = spawn(process.execPath, [MAIN, 'control'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      CKX_LABS: '/nowhere',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  control.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(() => Promise.resolve(expect(said).toContain('worker ready')), 90_000);
  dataSource = await openDatabase(postgres.url);
}

/** Nobody is asked, and nobody can finish anything. */
async function killEverything(): Promise<void> {
  const exited = once(control, 'exit');
  control.kill('SIGKILL');
  await dataSource.destroy();
  process.kill(temporal.process.pid, 'SIGKILL');
  process.kill(postgres.process.pid, 'SIGKILL');
  await Promise.all([exited, temporal.exited, postgres.exited]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-pass-restart-'));
  ports = { postgres: await freePort(), temporal: await freePort() };
  await startEverything();
}, 180_000);
afterAll(async () => {
  await killEverything();
  await rm(folder, { recursive: true, force: true });
  console.log('milliseconds from the end of a pass, or from when it could be, until it was written', drifts);
});

/** A pass that ends then, of which the relay tells its workflow. */
async function passUntil(expiresAt: number): Promise<PassId> {
  const id = await insertRunningPass(dataSource.manager, await insertUser(dataSource.manager), { expiresAt });
  await dataSource.manager.update(AccessPassEntity, id, { revision: 1, decidedAt: new Date(Date.now() - 3 * SECOND) });
  await eventually(async () => expect((await row(id)).heardRevision).toBe(1));
  return id;
}

const row = (id: PassId): Promise<AccessPassRow> => dataSource.manager.findOneByOrFail(AccessPassEntity, { id });

async function expired(id: PassId): Promise<number> {
  const { expiredAt } = await eventually(async () => {
    const found = await row(id);
    expect(found.status).toBe('expired');
    return found;
  }, 120_000);
  return expiredAt?.getTime() ?? 0;
}

it('is written within a second of it, where everything is back before', { timeout: 240_000 }, async () => {
  const end = Date.now() + 60 * SECOND;
  const id = await passUntil(end);
  await killEverything();
  await startEverything();
  const dueAt = Math.max(end, Date.now());
  const late = (drifts['back before'] = (await expired(id)) - dueAt);
  expect(dueAt, 'the machine was too slow to be back in time').toBe(end);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(SECOND);
});

it('is written as soon as everything is back, where it was down at it', { timeout: 240_000 }, async () => {
  const end = Date.now() + 8 * SECOND;
  const id = await passUntil(end);
  await killEverything();
  await sleep(Math.max(0, end + SECOND - Date.now()));
  await startEverything();
  const late = (drifts['back after'] = (await expired(id)) - Date.now());
  expect(late).toBeLessThan(COLD);
});
