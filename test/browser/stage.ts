/** The real API as a process of its own, over a database of its own, and a real browser that opens the web application it serves. */
import { openDatabase, type DataSource } from '@ckx/persistence';
import { freePort } from '@ckx/toolchain';
import { chromium, type Browser } from 'playwright-core';
import { resolve } from 'node:path';
import { startApi } from './processes.ts';
import './web.setup.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LABS = ['labs', 'test/browser/labs', 'apps/api/test/labs'].map((folder) => resolve(ROOT, folder)).join(':');

export interface Stage {
  readonly url: string;
  /** Of the API itself. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly database: DataSource;
  readonly browser: Browser;
  /** Ends the API, as a failure would; the browser stays. */
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  close(): Promise<void>;
}

/** What a stage stands on. */
export interface Ground {
  /** Of an empty database. */
  readonly databaseUrl: string;
  readonly webDir: string;
  /** Path of the program. */
  readonly browser: string;
}

/** @param ground that of the run of tests, where not given. */
export async function openStage(env: Readonly<Record<string, string>> = {}, ground?: Ground): Promise<Stage> {
  const { databaseUrl, webDir, browser: program } = ground ?? (await groundOfTests());
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
    CKX_WEB_DIR: webDir,
    ...env,
  };
  let api = await startApi(variables, url);
  const database = await openDatabase(databaseUrl, { poolSize: 3 });
  const browser = await chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  return {
    url,
    port,
    databaseUrl,
    database,
    browser,
    stopApi: () => api.stop(),
    startApi: async () => {
      api = await startApi(variables, url);
    },
    close: async () => {
      await browser.close();
      await api.stop();
      await database.destroy();
    },
  };
}

/** Loaded only within a run of tests: elsewhere the ground is given. */
async function groundOfTests(): Promise<Ground> {
  const [{ inject }, { testPostgres }] = await Promise.all([import('vitest'), import('@ckx/test-support/services')]);
  const { url } = await testPostgres();
  return { databaseUrl: url, webDir: inject('ckxWebDir'), browser: inject('ckxBrowser') };
}
