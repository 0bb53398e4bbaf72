/**
 * `node test/load/simulated-host.ts --engine <folder> --seed <seed>`: a worker in the role `host` whose engine is simulated. All else is that of
 * a real one: its queue, its announcement, its activities, its key for /internal. Configured by the variables of a host.
 */
import { parseArgs } from 'node:util';
import {
  createEnvironmentActivities,
  createGradingActivities,
  createHostActivities,
  createInventoryActivities,
  createQuestionActivities,
} from '@ckx/activities/host';
import { BlobClient } from '@ckx/blobs/client';
import { HostWorkerConfig, readConfig } from '@ckx/config';
import { EXAM_SESSIONS_TASK_QUEUE, HostId, hostTaskQueue, hostWorkflowId, type PackDigest } from '@ckx/contracts';
import { HOST_WORKFLOW, hostUpSignal } from '@ckx/contracts/host-workflow';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { ServiceClient } from '@ckx/service-auth/client';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { z } from 'zod';
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
const blobs = new BlobClient(
  new ServiceClient({ baseUrl: config.CKX_INTERNAL_URL, key: { id: config.SERVICE_KEY_ID, secret: config.SERVICE_KEY } }),
);
const packs = {
  provider,
  // None of its own: each pack comes by its digest from the control plane, as on a host elsewhere.
  catalog: createCatalog(config.CKX_LABS),
  workDir: config.CKX_WORK_DIR,
  fetchPack: async (digest: PackDigest) => (await blobs.fetch(`/internal/packs/${digest}`))?.content ?? null,
  keepEvidence: (text: string) => blobs.put({ mediaType: 'text/plain; charset=utf-8', content: Buffer.from(text) }),
};
const hostId = HostId.parse(config.CKX_HOST_ID);
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: hostTaskQueue(hostId),
  activities: {
    ...createEnvironmentActivities({ provider }),
    ...createQuestionActivities(packs),
    ...createGradingActivities(packs),
    ...createHostActivities({ provider, config }),
    ...createInventoryActivities({ provider }),
  },
  shutdownGraceTime: '10 s',
  // Sixteen times what a real host may have at once: this one stands for many, and each session in use holds one for its watch.
  maxConcurrentActivityTaskExecutions: 16_000,
  maxHeartbeatThrottleInterval: '1 s',
});
await new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }).workflow.signalWithStart(HOST_WORKFLOW, {
  workflowId: hostWorkflowId(hostId),
  taskQueue: EXAM_SESSIONS_TASK_QUEUE,
  args: [{ hostId }],
  signal: hostUpSignal,
  signalArgs: [],
});
await host.run(worker);
await connection.close();
