/** The worker of one host, on whatever provider serves its environments. */
import {
  createEnvironmentActivities,
  createGradingActivities,
  createHostActivities,
  createInventoryActivities,
  createQuestionActivities,
} from '@ckx/activities/host';
import { BlobClient } from '@ckx/blobs/client';
import type { HostWorkerConfig } from '@ckx/config';
import { EXAM_SESSIONS_TASK_QUEUE, HostId, hostTaskQueue, hostWorkflowId, type PackDigest } from '@ckx/contracts';
import { HOST_WORKFLOW, hostUpSignal, type HostInput } from '@ckx/contracts/host-workflow';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { createCatalog } from '@ckx/lab-packs';
import { ServiceClient } from '@ckx/service-auth/client';
import { activityInterceptors } from '@ckx/telemetry/temporal';
import { Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';

export interface HostWorkerOptions {
  readonly config: HostWorkerConfig;
  readonly provider: EnvironmentProvider;
  readonly connection: NativeConnection;
  /** Each session in use takes one for as long as it lasts: its watch. */
  readonly activitiesAtOnce: number;
}

/** Makes the worker, and tells the workflow that keeps this host's record to look at once: it is begun where there is none. */
export async function createHostWorker({ config, provider, connection, activitiesAtOnce }: HostWorkerOptions): Promise<Worker> {
  const blobs = new BlobClient(
    new ServiceClient({ baseUrl: config.CKX_INTERNAL_URL, key: { id: config.SERVICE_KEY_ID, secret: config.SERVICE_KEY } }),
  );
  const packs = {
    provider,
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
    interceptors: activityInterceptors(),
    shutdownGraceTime: '10 s',
    maxConcurrentActivityTaskExecutions: activitiesAtOnce,
    // A cancellation reaches an activity with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1 s',
  });
  await announce(new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), hostId);
  return worker;
}

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
