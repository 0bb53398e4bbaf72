/** The real API as a process of its own, over a database of its own, and a real browser that opens the web application it serves. */
import { openDatabase, type DataSource } from '@ckx/persistence';
import { freePort, testPostgres } from '@ckx/test-support';
import { chromium, type Browser } from 'playwright-core';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { inject } from 'vitest';
import './web.setup.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LABS = ['labs', 'test/browser/labs', 'apps/api/test/labs'].map((folder) => resolve(ROOT, folder)).join(':');
const START_TIMEOUT_MS = 30_000;

export interface Stage {
  readonly url: string;
  readonly database: DataSource;
  readonly browser: Browser;
  /** Ends the API, as a failure would; the browser stays. */
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const { url: databaseUrl } = await testPostgres();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const variables = {
    PATH: process.env['PATH'],
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    CKX_LABS: LABS,
    JWT_SECRET: 'a secret of tests, at least 32 characters long',
    AUTH_ATTEMPTS_PER_MINUTE: '1000',
    API_PORT: String(port),
    APP_URL: url,
    CKX_WEB_DIR: inject('ckxWebDir'),
    ...env,
  };
  let api = await start(variables, url);
  const database = await openDatabase(databaseUrl, { poolSize: 3 });
  const browser = await chromium.launch({ executablePath: inject('ckxBrowser'), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  return {
    url,
    database,
    browser,
    stopApi: () => api.stop(),
    startApi: async () => {
      api = await start(variables, url);
    },
    close: async () => {
      await browser.close();
      await api.stop();
      await database.destroy();
    },
  };
}

async function start(env: NodeJS.ProcessEnv, url: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['--import', './decorators.mjs', 'src/main.ts'], {
    cwd: resolve(ROOT, 'apps/api'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The API did not start:\n${output}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const answers = (url: string) =>
  fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  );
