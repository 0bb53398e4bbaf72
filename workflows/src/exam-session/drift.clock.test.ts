/** The deadline over restarts: the Temporal server and the control worker are killed around it for real. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ExamSessionId } from '@ckx/contracts';
import { HostEntity } from '@ckx/persistence';
import { testPostgres } from '@ckx/test-support/services';
import { freePort, startTemporal, type TemporalServer } from '@ckx/toolchain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInstallation, eventually, type Installation } from '../../test/installation.ts';

const MAIN = fileURLToPath(new URL('../../../apps/worker/src/main.ts', import.meta.url));
/** Of a deadline that was met although something died before it. */
const SECOND = 1_000;
/** A worker that has just come up loads the workflows first; this much with the whole machine busy. */
const COLD = 2 * SECOND;

/** Temporal's library asks again after 0.2, 0.4, … seconds, which nobody can change: after an outage of this length, within this time. */
const RECONNECTION = 5 * SECOND;

let folder: string;
let port: number;
let temporal: TemporalServer;
let databaseUrl: string;
let control: ChildProcess;
let ckx: Installation;
const drifts: Record<string, number> = {};

const startServer = () => startTemporal({ dataDir: folder, port, uiPort: null, log: () => undefined });

/** The control worker as an operator starts it; returns when it takes work. */
async function startControl(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN, 'control'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      CKX_LABS: '/nowhere',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(() => Promise.resolve(expect(said).toContain('worker ready')), 60_000);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function killServer(): Promise<void> {
  process.kill(temporal.process.pid, 'SIGKILL');
  await temporal.exited;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-drift-'));
  port = await freePort();
  [{ url: databaseUrl }, temporal] = await Promise.all([testPostgres(), startServer()]);
  control = await startControl();
  ckx = await createInstallation({ databaseUrl, address: temporal.address, namespace: 'default' });
  await ckx.startHost();
  await ckx.announceHost();
  await eventually(() => ckx.dataSource.manager.findOneByOrFail(HostEntity, { state: 'active' }));
});
afterAll(async () => {
  await ckx.stop();
  await kill(control);
  await temporal.stop();
  await rm(folder, { recursive: true, force: true });
  console.log('milliseconds from when the session had to end until it was written', drifts);
});

async function runningFor(durationMs: number): Promise<{ id: ExamSessionId; deadlineAt: number }> {
  const { id } = await ckx.startSession({ graceMs: 1, lab: { durationMs } });
  const { deadlineAt } = await ckx.waitForState(id, 'running');
  return { id, deadlineAt: deadlineAt?.getTime() ?? 0 };
}

const until = (at: number) => sleep(Math.max(0, at - Date.now()));

/** How long after it could be, and had to be, the end was written. */
async function drift(name: string, id: ExamSessionId, dueAt: number): Promise<number> {
  const { endedAt, outcome } = await ckx.waitForState(id, 'terminated');
  expect(outcome).toBe('expired');
  return (drifts[name] = (endedAt?.getTime() ?? 0) - dueAt);
}

it('is met when nothing happens', async () => {
  const { id, deadlineAt } = await runningFor(3_000);
  const late = await drift('undisturbed', id, deadlineAt);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(SECOND);
});

it('is met when the Temporal server was killed and is back before it', async () => {
  const { id, deadlineAt } = await runningFor(20_000);
  await killServer();
  temporal = await startServer();
  const late = await drift('server back before', id, Math.max(deadlineAt, Date.now()));
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(SECOND);
});

it('is acted on at once when the Temporal server comes back after it', async () => {
  const { id, deadlineAt } = await runningFor(5_000);
  await until(deadlineAt - 1_000);
  await killServer();
  await until(deadlineAt + 1_000);
  temporal = await startServer();
  expect(await drift('server back after', id, Date.now())).toBeLessThan(RECONNECTION);
});

it('is met when the control worker was killed and is back before it', async () => {
  const { id, deadlineAt } = await runningFor(20_000);
  await until(deadlineAt - 9_000);
  await kill(control);
  control = await startControl();
  const late = await drift('control back before', id, Math.max(deadlineAt, Date.now()));
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(SECOND);
});

it('is acted on at once when the control worker comes back after it', async () => {
  const { id, deadlineAt } = await runningFor(5_000);
  await until(deadlineAt - 500);
  await kill(control);
  await until(deadlineAt + 500);
  control = await startControl();
  expect(await drift('control back after', id, Date.now())).toBeLessThan(COLD);
});

it('is met when the host does not close the terminal', async () => {
  ckx.host.before.closeEnvironment = ckx.host.hang;
  const { id, deadlineAt } = await runningFor(3_000);
  const late = await drift('terminal not closed', id, deadlineAt);
  ckx.host.reset();
  expect(late).toBeLessThan(SECOND);
});
