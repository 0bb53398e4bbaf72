/** API and control worker as processes of their own, over a Postgres and a Temporal of their own; no host. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from '@ckx/persistence';
import { freePort, startPostgres, startTemporal, type Log } from '@ckx/toolchain';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;

export interface Plane extends AsyncDisposable {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  /** What API and worker have logged as errors. */
  errors(): Promise<string>;
}

export async function startPlane(env: Record<string, string>, log: Log): Promise<Plane> {
  const cleanup = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'ckx-schema-'));
    cleanup.defer(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log });
    cleanup.defer(() => postgres.stop());
    const temporal = await startTemporal({ dataDir: join(folder, 'temporal'), uiPort: null, log });
    cleanup.defer(() => temporal.stop());
    await runMigrations(postgres.url);
    const [port, workerPort] = [await freePort(), await freePort()];
    const apiUrl = `http://127.0.0.1:${port}`;
    const jwtSecret = crypto.randomUUID() + crypto.randomUUID();
    const logFile = join(folder, 'errors.log');
    const errors = await open(logFile, 'a');
    cleanup.defer(() => errors.close());
    const all = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LOG_LEVEL: 'error',
      CKX_INSTALLATION: 'schema',
      CKX_LABS: join(ROOT, 'apps/api/test/labs'),
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      JWT_SECRET: jwtSecret,
      API_PORT: String(port),
      WORKER_METRICS_PORT: String(workerPort),
      APP_URL: apiUrl,
      ...env,
    };
    for (const args of [
      ['--import', './apps/api/decorators.mjs', 'apps/api/src/main.ts'],
      ['apps/worker/src/main.ts', 'control'],
    ]) {
      const child = spawn(process.execPath, args, { cwd: ROOT, env: all, stdio: ['ignore', errors.fd, errors.fd] });
      const ended = once(child, 'exit');
      cleanup.defer(async () => {
        child.kill('SIGTERM');
        await ended;
      });
    }
    await untilAnswers(`${apiUrl}/health/live`);
    await untilAnswers(`http://127.0.0.1:${workerPort}/readyz`);
    const stop = cleanup.move();
    return {
      apiUrl,
      databaseUrl: postgres.url,
      jwtSecret,
      errors: async () => {
        const lines = (await readFile(logFile, 'utf8')).split('\n');
        // The worker's bundler speaks here as well.
        return lines.filter((line) => line.startsWith('{')).join('\n');
      },
      [Symbol.asyncDispose]: () => stop.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

async function untilAnswers(health: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const isUp = await fetch(health, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > end) throw new Error(`${health} does not answer after ${READY_WITHIN_MS} ms.`);
    await sleep(200);
  }
}
