import {
  createEnvironmentActivities,
  createGradingActivities,
  createHostActivities,
  createInventoryActivities,
  createQuestionActivities,
} from '@ckx/activities/host';
import { BlobClient } from '@ckx/blobs/client';
import { HostWorkerConfig, readConfig } from '@ckx/config';
import { CkxError, EXAM_SESSIONS_TASK_QUEUE, HostId, hostTaskQueue, hostWorkflowId, type PackDigest } from '@ckx/contracts';
import { HOST_WORKFLOW, hostUpSignal, type HostInput } from '@ckx/contracts/host-workflow';
import { DockerProvider } from '@ckx/execution-environment';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger, type Logger } from '@ckx/logging';
import { startTracing, stopTracing } from '@ckx/telemetry';
import { activityInterceptors } from '@ckx/telemetry/temporal';
import { ServiceClient } from '@ckx/service-auth/client';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { diskMetrics } from './disks.ts';
import { prepareKernel } from './host-kernel.ts';
import { startProcess } from './process.ts';

/**
 * The host role: Docker and Kubernetes of one machine. No database, no secrets. Returns when it was told to stop and has.
 *
 * @throws CkxError where the machine may not serve sessions: kernel settings, the engine, its walls.
 */
export async function runHost(): Promise<void> {
  const config = readConfig(HostWorkerConfig);
  const logger = createLogger('worker-host', config.LOG_LEVEL);
  const host = await startProcess(logger, config.WORKER_METRICS_PORT);

  await prepareKernel(config.DOCKER_HOST, logger);
  const { provider, dataDir } = await openProvider(config, logger);
  const resumed = await provider.resumeStopped();
  if (resumed.length > 0) logger.info({ containers: resumed }, 'containers that were stopped run again');

  await using cleanup = new AsyncDisposableStack();
  await startTracing('ckx-worker-host', config, logger);
  cleanup.defer(stopTracing);
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  cleanup.defer(() => connection.close());
  const catalog = createCatalog(config.CKX_LABS);
  const blobs = new BlobClient(
    new ServiceClient({ baseUrl: config.CKX_INTERNAL_URL, key: { id: config.SERVICE_KEY_ID, secret: config.SERVICE_KEY } }),
  );
  const fetchPack = async (digest: PackDigest) => (await blobs.fetch(`/internal/packs/${digest}`))?.content ?? null;
  const keepEvidence = (text: string) => blobs.put({ mediaType: 'text/plain; charset=utf-8', content: Buffer.from(text) });
  const packs = { provider, catalog, workDir: config.CKX_WORK_DIR, fetchPack, keepEvidence };
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
    interceptors: activityInterceptors(),
    shutdownGraceTime: '10 s',
    // Each session in use takes one for as long as it lasts: its watch.
    maxConcurrentActivityTaskExecutions: 1_000,
    // A cancellation reaches an activity with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1 s',
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  await announce(client, hostId);
  await host.run(worker, diskMetrics({ engine: dataDir, work: config.CKX_WORK_DIR }, config.DOCKER_HOST));
}

/** Tells the workflow that keeps this host's record to look at once, and begins it where there is none. */
async function announce(client: Client, hostId: HostId): Promise<void> {
  const input: HostInput = { hostId };
  await client.workflow.signalWithStart(HOST_WORKFLOW, {
    workflowId: hostWorkflowId(hostId),
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    args: [input],
    signal: hostUpSignal,
    signalArgs: [],
  });
}

/** @throws CkxError `THIN_WALLS` in production, unless thin walls are allowed. */
async function openProvider(config: HostWorkerConfig, logger: Logger): Promise<{ provider: DockerProvider; dataDir: string }> {
  const provider = await DockerProvider.open({
    dockerHost: config.DOCKER_HOST,
    logger,
    installation: config.CKX_INSTALLATION,
    hostAddress: config.CKX_HOST_ADDRESS,
    jumphostAddress: config.CKX_JUMPHOST_ADDRESS,
    images: { node: config.CKX_NODE_IMAGE, terminal: config.CKX_TERMINAL_IMAGE },
    workDir: config.CKX_WORK_DIR,
  });
  const { thinWalls, version, dataDir } = await provider.describeEngine();
  logger.info({ version }, 'Docker engine answers');
  for (const thin of thinWalls) logger.warn(thin);
  if (thinWalls.length > 0 && config.NODE_ENV === 'production' && !config.CKX_ALLOW_THIN_WALLS) {
    throw new CkxError('user', 'THIN_WALLS', `This host does not serve sessions in production. ${thinWalls.join(' ')}`, {
      remedy:
        'Run `npx ckx doctor` for what to do about each (docs/operations/walls.md), or set CKX_ALLOW_THIN_WALLS=1 to serve all the same.',
    });
  }
  return { provider, dataDir };
}
