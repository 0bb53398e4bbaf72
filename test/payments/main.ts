/**
 * `npm run test:payments`: 10,000 deliveries of 500 purchases while API and control worker are killed with -9 at random; on loopback alone.
 * `--purchases`, `--deliveries` for another size, `--seed` for the same one again.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMigrations } from '@ckx/persistence';
import { startPostgres, startTemporal } from '@ckx/toolchain';
import { z } from 'zod';
import { untilInterrupted } from '../load/interrupted.ts';
import { storm } from './storm.ts';

const Options = z.object({
  purchases: z.coerce.number().int().positive().default(500),
  deliveries: z.coerce.number().int().positive().default(10_000),
  seed: z.string().default(() => randomBytes(4).toString('hex')),
});
const { purchases, deliveries, seed } = Options.parse(
  parseArgs({ options: { purchases: { type: 'string' }, deliveries: { type: 'string' }, seed: { type: 'string' } } }).values,
);
const untold = Math.ceil(purchases / 50);
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

async function run() {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ckx-storm-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: say });
  cleanup.defer(() => postgres.stop());
  const temporal = await startTemporal({ dataDir: join(folder, 'temporal'), uiPort: null, log: say });
  cleanup.defer(() => temporal.stop());
  await runMigrations(postgres.url);
  const services = { databaseUrl: postgres.url, temporalAddress: temporal.address, temporalNamespace: 'default' };
  return await storm({ ...services, purchases, deliveries, untold, seed, signal: untilInterrupted(), say });
}

say(`seed ${seed}: ${deliveries} deliveries of ${purchases} purchases, and ${untold} that no webhook tells of`);
const { counts, kills, repeated, seconds, deliveries: taken } = await run();
const all = purchases + untold;
const expected = { payments: all, paid: all, passes: all, receipts: all, owners: all, problems: 0 };
const findings = z.record(z.string(), z.int()).parse(expected);
let failed = 0;
for (const [name, number] of Object.entries(findings)) {
  const found = z.record(z.string(), z.int()).parse(counts)[name];
  if (found !== number) failed += 1;
  console.log(`${found === number ? 'ok    ' : 'FAILED'}  ${name}: ${found}, expected ${number}`);
}
console.log(`${taken} deliveries taken in ${seconds.toFixed(0)} s, ${repeated} of them not at first, ${kills} kills, seed ${seed}`);
console.log(`Tests: ${Object.keys(findings).length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
