import { join } from 'node:path';
import { createRecordActivities } from '@ckx/activities/records';
import { createBillingActivities } from '@ckx/activities/billing';
import { StripeProvider } from '@ckx/billing';
import { ControlWorkerConfig, readConfig } from '@ckx/config';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { openDatabase } from '@ckx/persistence';
import { startTracing, stopTracing } from '@ckx/telemetry';
import { activityInterceptors, clientInterceptors } from '@ckx/telemetry/temporal';
import { workflowBundle } from '@ckx/workflows/bundle';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { PassRelay } from './pass-relay.ts';
import { startProcess } from './process.ts';
import { Relay } from './relay.ts';
import { takeOver } from './takeover.ts';
import { ensureSchedules } from './schedules.ts';
import { WarmPool } from './warm-pool.ts';

/** The control role: workflows, their records in Postgres, and the relay. No Docker. Returns when it was told to stop and has. */
export async function runControl(): Promise<void> {
  const config = readConfig(ControlWorkerConfig);
  const logger = createLogger('worker-control', config.LOG_LEVEL);
  const control = await startProcess(logger, config.WORKER_METRICS_PORT);

  await using cleanup = new AsyncDisposableStack();
  await startTracing('ckx-worker-control', config, logger);
  cleanup.defer(stopTracing);
  const dataSource = await openDatabase(config.DATABASE_URL, { applicationName: 'ckx-worker-control' });
  cleanup.defer(() => dataSource.destroy());
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  cleanup.defer(() => connection.close());
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, interceptors: clientInterceptors() });

  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase } = config;
  const provider = secretKey === undefined ? null : new StripeProvider({ secretKey, apiBase });

  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    workflowBundle: config.CKX_WORKFLOW_BUNDLE
      ? { codePath: config.CKX_WORKFLOW_BUNDLE }
      : await workflowBundle(join(config.XDG_CACHE_HOME, 'ckx', 'bundles')),
    activities: {
      ...createRecordActivities({ dataSource, client, maxConcurrentSessions: config.MAX_CONCURRENT_SESSIONS }),
      ...(provider === null ? {} : createBillingActivities({ dataSource, client, provider })),
    },
    interceptors: activityInterceptors(),
    shutdownGraceTime: '10 s',
    // Each takes about 3 MB at hand (`npm run bench -- control-plane`). An open session has a task now and then, and is read again for it.
    maxCachedWorkflows: 300,
    // Sessions that a killed worker had at hand are taken over after this, and not only after ten seconds: a deadline waits for nobody.
    stickyQueueScheduleToStartTimeout: '500 ms',
  });
  const limits = { graceMs: config.START_GRACE_MS, provisionTimeoutMs: config.PROVISION_TIMEOUT_MS };
  const relay = new Relay({ dataSource, client, limits, maxConcurrentSessions: config.MAX_CONCURRENT_SESSIONS, logger });
  relay.start();
  cleanup.defer(() => relay.stop());
  const warmPool = new WarmPool({
    dataSource,
    client,
    size: config.WARM_POOL_SIZE,
    maxConcurrentSessions: config.MAX_CONCURRENT_SESSIONS,
    logger,
  });
  warmPool.start();
  cleanup.defer(() => warmPool.stop());
  const passRelay = new PassRelay({ dataSource, client, logger });
  passRelay.start();
  cleanup.defer(() => passRelay.stop());
  await ensureSchedules(client, config);
  await takeOver(dataSource, client, logger);
  await control.run(worker);
}
