/**
 * `node workflows/test/record-histories.ts [name…]`: records the histories of scenarios.ts anew, all or those named, on a Temporal
 * server and a Postgres of its own. Only after a change of workflow code that no session can be running through, or for a new path:
 * otherwise the old histories are what proves the change.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from '@ckx/persistence';
import { startPostgres, startTemporal } from '@ckx/toolchain';
import { startInstallation } from './installation.ts';
import { SCENARIOS } from './scenarios.ts';

/** What a replay does not read and a machine should not tell. */
const PRIVATE = new Set(['stackTrace', 'identity', 'requestId', 'taskId', 'workerVersion', 'originalRequestId']);

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SCENARIOS);
const folder = await mkdtemp(join(tmpdir(), 'ckx-histories-'));
await using cleanup = new AsyncDisposableStack();
cleanup.defer(() => rm(folder, { recursive: true, force: true }));

const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false, log: console.log });
cleanup.defer(() => postgres.stop());
const temporal = await startTemporal({ dataDir: join(folder, 'temporal'), durable: false, uiPort: null, log: console.log });
cleanup.defer(() => temporal.stop());
await runMigrations(postgres.url);
const ckx = await startInstallation({ databaseUrl: postgres.url, address: temporal.address, namespace: 'default' }, 1);
cleanup.defer(() => ckx.stop());

for (const name of names) {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`There is no scenario ${name}; there are ${Object.keys(SCENARIOS).join(', ')}.`);
  const history = await (await scenario(ckx)).fetchHistory();
  const text = JSON.stringify(history, (key, value: unknown) => (PRIVATE.has(key) ? undefined : value));
  const events = text.replaceAll('{"eventId"', '\n{"eventId"').replaceAll(/"name":"[^"]*@[^"]*"/g, '"name":"sticky"');
  await writeFile(join(import.meta.dirname, 'histories', `${name}.json`), `${events}\n`);
  console.log(`recorded ${name}: ${history.events?.length} events`);
}
