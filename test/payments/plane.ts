/** API and control worker as processes of their own, on a database and an engine that are given; whoever dies is started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeptProcess } from '@ckx/test-support/kept-process';
import { freePort } from '@ckx/toolchain';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;

export interface PlaneOptions {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly stripeUrl: string;
  readonly webhookSecret: string;
  readonly jwtSecret: string;
}

export interface Plane extends AsyncDisposable {
  readonly apiUrl: string;
  readonly names: readonly string[];
  /** Kills one of them with -9, once it serves and has done so for a while. */
  kill(name: string, afterMs: number): Promise<void>;
  /** Returns when both serve. */
  untilReady(): Promise<void>;
}

export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-payments-'));
  const port = await freePort();
  const workerPort = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LOG_LEVEL: 'error',
    CKX_INSTALLATION: 'payments',
    CKX_LABS: join(ROOT, 'test/labs'),
    DATABASE_URL: options.databaseUrl,
    TEMPORAL_ADDRESS: options.temporalAddress,
    TEMPORAL_NAMESPACE: options.temporalNamespace,
    STRIPE_SECRET_KEY: 'sk_test_storm',
    STRIPE_API_BASE: options.stripeUrl,
    STRIPE_WEBHOOK_SECRET: options.webhookSecret,
    STRIPE_SUPPRESS_NOTICES: 'true',
    JWT_SECRET: options.jwtSecret,
    API_PORT: String(port),
    WORKER_METRICS_PORT: String(workerPort),
    APP_URL: apiUrl,
    AUTH_ATTEMPTS_PER_MINUTE: '1000000',
  };
  const api = new KeptProcess(['--import', './apps/api/decorators.mjs', 'apps/api/src/main.ts'], env, join(folder, 'api.log'));
  const worker = new KeptProcess(['apps/worker/src/main.ts', 'control'], env, join(folder, 'worker.log'));
  await Promise.all([api.start(), worker.start()]);
  const parts = [
    { name: 'api', kept: api, health: `${apiUrl}/health/live` },
    { name: 'control worker', kept: worker, health: `http://127.0.0.1:${workerPort}/readyz` },
  ];
  const until = async (health: string) => {
    const end = Date.now() + READY_WITHIN_MS;
    while (!(await answers(health))) {
      if (Date.now() > end) throw new Error(`${health} does not answer after ${READY_WITHIN_MS} ms: see ${folder}.`);
      await sleep(100);
    }
  };
  const untilReady = async () => {
    for (const { health } of parts) await until(health);
  };
  const stop = async () => {
    await Promise.all([api.stop(), worker.stop()]);
  };
  try {
    await untilReady();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    apiUrl,
    names: parts.map(({ name }) => name),
    kill: async (name, afterMs) => {
      const part = parts.find((candidate) => candidate.name === name);
      if (part === undefined) throw new Error(`There is no ${name}.`);
      await until(part.health);
      await sleep(afterMs);
      part.kept.kill();
    },
    untilReady,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(health: string): Promise<boolean> {
  return fetch(health, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
