/**
 * `node test/load/simulated-host.ts --engine <folder> --seed <seed>`: a worker in the role `host` whose engine is simulated. All else is that of
 * a real one: its queue, its announcement, its activities, its key for /internal, and no pack of its own but by digest. Configured by the
 * variables of a host.
 */
import { parseArgs } from 'node:util';
import { HostWorkerConfig, readConfig } from '@ckx/config';
import { createLogger } from '@ckx/logging';
import { NativeConnection } from '@temporalio/worker';
import { z } from 'zod';
import { createHostWorker } from '../../apps/worker/src/host-worker.ts';
import { startProcess } from '../../apps/worker/src/process.ts';
import { SimulatedEngine } from './simulated-engine.ts';
import { SimulatedProvider } from './simulated-provider.ts';

const Options = z.object({ engine: z.string(), seed: z.string() });
const { engine: engineFolder, seed } = Options.parse(
  parseArgs({ options: { engine: { type: 'string' }, seed: { type: 'string' } } }).values,
);
const config = readConfig(HostWorkerConfig);
const host = await startProcess(createLogger('simulated-host', config.LOG_LEVEL), config.WORKER_METRICS_PORT);
const provider = new SimulatedProvider({
  engine: new SimulatedEngine(engineFolder),
  engineFolder,
  installation: config.CKX_INSTALLATION,
  workDir: config.CKX_WORK_DIR,
  seed,
});
const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
// Sixteen times what a real host may have at once: this one stands for many.
const worker = await createHostWorker({ config, provider, connection, activitiesAtOnce: 16_000 });
await host.run(worker);
await connection.close();
