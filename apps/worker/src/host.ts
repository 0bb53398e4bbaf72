import { HostWorkerConfig, readConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { DockerProvider } from '@ckx/execution-environment';
import { createLogger, type Logger } from '@ckx/logging';
import { startTracing, stopTracing } from '@ckx/telemetry';
import { NativeConnection } from '@temporalio/worker';
import { diskMetrics } from './disks.ts';
import { prepareKernel } from './host-kernel.ts';
import { createHostWorker } from './host-worker.ts';
import { startProcess } from './process.ts';
import { SharedNodeCare } from './shared-node-care.ts';

/** Far more than any machine has room for. */
const SESSIONS_AT_ONCE = 1_000;

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
  const care = new SharedNodeCare(provider, logger);
  care.start();
  cleanup.defer(() => care.stop());
  const worker = await createHostWorker({ config, provider, connection, activitiesAtOnce: SESSIONS_AT_ONCE });
  await host.run(worker, diskMetrics({ engine: dataDir, work: config.CKX_WORK_DIR }, config.DOCKER_HOST));
}

/** @throws CkxError `THIN_WALLS` in production, unless thin walls are allowed. */
async function openProvider(config: HostWorkerConfig, logger: Logger): Promise<{ provider: DockerProvider; dataDir: string }> {
  const provider = await DockerProvider.open({
    dockerHost: config.DOCKER_HOST,
    logger,
    installation: config.CKX_INSTALLATION,
    hostAddress: config.CKX_HOST_ADDRESS,
    jumphostAddress: config.CKX_JUMPHOST_ADDRESS,
    images: {
      node: config.CKX_NODE_IMAGE,
      terminal: config.CKX_TERMINAL_IMAGE,
      desktop: config.CKX_DESKTOP_IMAGE,
      engine: config.CKX_ENGINE_IMAGE,
    },
    workDir: config.CKX_WORK_DIR,
    subnetPool: config.CKX_SUBNET_POOL,
    capacity: { cpuMillis: config.CKX_HOST_CPU_MILLIS, memoryMib: config.CKX_HOST_MEMORY_MIB },
    gatewayKey: config.GATEWAY_PUBLIC_KEY,
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
