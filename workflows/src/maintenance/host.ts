import type { HostActivities, MaintenanceRecordActivities, RecordActivities } from '@ckx/activities';
import type { HostId } from '@ckx/contracts';
import { hostUpSignal, type HostInput } from '@ckx/contracts/host-workflow';
import { hostTaskQueue } from '@ckx/contracts/task-queues';
import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { maintenanceOf } from './reclaim.ts';

/** How often a host is asked for its facts. */
const LOOK_INTERVAL_MS = 30_000;
/** Keeps a host's history small: about two hours of looks. */
const LOOKS_PER_RUN = 240;

const { recordHost, releaseEnvironment } = proxyActivities<RecordActivities>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '200 ms', maximumInterval: '10 s' },
});

const { listLostEnvironments } = proxyActivities<MaintenanceRecordActivities>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '200 ms', maximumInterval: '10 s' },
});

/**
 * Keeps one host's record for as long as the installation lives: asks the host for its facts on its own queue, and records that it is
 * lost while it does not answer. Admission reads that record. What was given up while it was gone is reclaimed as soon as it is back.
 */
export async function hostWorkflow(input: HostInput): Promise<void> {
  const { hostId } = input;
  // Asked once: a run that began without it goes on without it, and the sweep reclaims in its place.
  const reclaims = patched('reclaim-lost');
  /** Whether it may have been away since it was last known to answer; a new run does not know. */
  let wasAway = true;
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
    wasAway ||= cameUp;
    cameUp = false;
    try {
      const facts = await describeHost();
      await recordHost({ hostId, facts });
      if (reclaims && wasAway) await reclaim(hostId);
      wasAway = false;
      setCurrentDetails(`active · ${facts.cpuMillis / 1000} CPU · ${facts.memoryMib} MiB · engine ${facts.engine.version}`);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || error.activityType !== 'describeHost') throw error;
      log.warn('host does not answer', { hostId, error });
      wasAway = true;
      setCurrentDetails('lost: it does not answer');
      await recordHost({ hostId, lost: true });
    }
    await condition(() => cameUp, LOOK_INTERVAL_MS);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof hostWorkflow>(input);
}

/** Removes what was given up while the host was gone, and frees its ports. What cannot be removed now is left to the sweep. */
async function reclaim(hostId: HostId): Promise<void> {
  for (const { executionEnvironmentId, examSessionId } of await listLostEnvironments({ hostId })) {
    try {
      await maintenanceOf(hostId).remove(executionEnvironmentId, examSessionId);
      await releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.warn('a lost environment was not reclaimed', { executionEnvironmentId, error });
    }
  }
}
