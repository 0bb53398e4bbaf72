/**
 * Real services for tests, one of each per run of vitest, started by whoever needs it first. Each call gives an own database or an own
 * namespace, so that test files never meet. Call them in `beforeAll`; there is nothing to stop.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations } from '@ckx/persistence';
import { startPostgres, startTemporal, withLock } from '@ckx/toolchain';
import { Client } from 'pg';
import { inject } from 'vitest';
import './global-setup.ts';

function quiet(): void {}

/** A fresh database with every migration run. */
export async function testPostgres(): Promise<{ readonly url: string }> {
  const folder = inject('ckxTestFolder');
  const base = await once('postgres', async () => {
    const server = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false, log: quiet });
    return { location: server.url, process: server.process };
  });
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: base });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(base);
  url.pathname = `/${name}`;
  await runMigrations(url.href);
  return { url: url.href };
}

/** Made with the server: a namespace that is made later knows its search attributes only after a while. */
const NAMESPACES = Array.from({ length: 100 }, (_, index) => `test-${index}`);

/** A fresh namespace, with CKX's search attributes, on a development server. */
export async function testTemporal(): Promise<{ readonly address: string; readonly namespace: string }> {
  const folder = inject('ckxTestFolder');
  const address = await once('temporal', async () => {
    const server = await startTemporal({
      dataDir: join(folder, 'temporal'),
      durable: false,
      uiPort: null,
      namespaces: NAMESPACES,
      log: quiet,
    });
    return { location: server.address, process: server.process };
  });
  for (const namespace of NAMESPACES) {
    if (await taken(namespace)) continue;
    return { address, namespace };
  }
  throw new Error(`This run asked for more than ${NAMESPACES.length} namespaces: raise the number in services.ts.`);
}

/** Whether another test of this run has the namespace; from now on, somebody has. */
async function taken(namespace: string): Promise<boolean> {
  try {
    await writeFile(join(inject('ckxTestFolder'), namespace), '', { flag: 'wx' });
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return true;
    throw error;
  }
}

/** Starts a service unless another test of this run has. @returns where it is */
function once(service: string, start: () => Promise<{ location: string; process: object }>): Promise<string> {
  const file = join(inject('ckxTestFolder'), service);
  return withLock(`${file}.lock`, async () => {
    const known = await readFile(`${file}.location`, 'utf8').catch(() => null);
    if (known !== null) return known;
    const { location, process } = await start();
    await writeFile(`${file}.pid.json`, JSON.stringify(process));
    await writeFile(`${file}.location`, location);
    return location;
  });
}
