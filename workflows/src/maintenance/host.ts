import type { HostActivities, RecordActivities } from '@ckx/activities';
import { hostUpSignal, type HostInput } from '@ckx/contracts/host-workflow';
import { hostTaskQueue } from '@ckx/contracts/task-queues';
import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

/** How often a host is asked for its facts. */
const LOOK_INTERVAL_MS = 30_000;
/** Keeps a host's history small: about two hours of looks. */
const LOOKS_PER_RUN = 240;

const { recordHost } = proxyActivities<RecordActivities>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '200 ms', maximumInterval: '10 s' },
});

/**
 * Keeps one host's record for as long as the installation lives: asks the host for its facts on its own queue, and records that it is
 * lost while it does not answer. Admission reads that record.
 */
export async function hostWorkflow(input: HostInput): Promise<void> {
  const { hostId } = input;
  let cameUp = false;
  setHandler(hostUpSignal, () => {
    cameUp = true;
  });
  const { describeHost } = proxyActivities<HostActivities>({
    taskQueue: hostTaskQueue(hostId),
    scheduleToStartTimeout: '20 s',
    startToCloseTimeout: '15 s',
    // The next look comes soon enough.
    retry: { maximumAttempts: 1 },
  });

  for (let look = 0; look < LOOKS_PER_RUN && !workflowInfo().continueAsNewSuggested; look += 1) {
    cameUp = false;
    try {
      const facts = await describeHost();
      await recordHost({ hostId, facts });
      setCurrentDetails(`active · ${facts.cpuMillis / 1000} CPU · ${facts.memoryMib} MiB · engine ${facts.engine.version}`);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || error.activityType !== 'describeHost') throw error;
      log.warn('host does not answer', { hostId, error });
      setCurrentDetails('lost: it does not answer');
      await recordHost({ hostId, lost: true });
    }
    await condition(() => cameUp, LOOK_INTERVAL_MS);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof hostWorkflow>(input);
}
