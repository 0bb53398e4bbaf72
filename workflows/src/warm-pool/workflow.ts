import type { EnvironmentActivities } from '@ckx/activities';
import { provisionStepsOf, type EnvironmentSpec } from '@ckx/contracts';
import { recordChangedSignal, type WarmEnvironmentInput } from '@ckx/contracts/warm-pool';
import { hostTaskQueue } from '@ckx/contracts/task-queues';
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  log,
  patched,
  proxyActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { hostActivities, records } from '../exam-session/activities.ts';
import { refusedAddress } from '../exam-session/refused.ts';

/** For a signal that was lost with its sender. */
const LOOK_AGAIN = '1 min';

/** Nobody waits for any of it: what does not come about soon is given up, and begun anew as another one. */
function keeperActivities({ hostId }: EnvironmentSpec) {
  const common = { taskQueue: hostTaskQueue(hostId), scheduleToStartTimeout: '1 min', heartbeatTimeout: '10 s' } as const;
  return {
    building: proxyActivities<EnvironmentActivities>({
      ...common,
      startToCloseTimeout: '2 min',
      retry: { initialInterval: '1 s', maximumInterval: '5 s', maximumAttempts: 3 },
      // Removal must not race with a creation that is still under way.
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    }),
    keeping: proxyActivities<EnvironmentActivities>({
      ...common,
      // Longer than any of them is kept.
      startToCloseTimeout: '24 h',
      retry: { initialInterval: '200 ms', maximumInterval: '5 s' },
      // It only looks.
      cancellationType: 'TRY_CANCEL',
    }),
  };
}

/**
 * The life of one environment before it is a session's: it is built as any other, kept for as long as it is well, and then either left to the session
 * that was given it, whose own workflow has it from there on, or removed. Which of the two, its record alone says.
 */
export async function warmEnvironmentWorkflow({ spec }: WarmEnvironmentInput): Promise<void> {
  const { executionEnvironmentId } = spec;
  let changed = true;
  let over: string | null = null;
  setHandler(recordChangedSignal, () => {
    changed = true;
  });
  // "Request cancellation" in the console: it is to go.
  CancellationScope.current().cancelRequested.catch(() => {
    over ??= 'an operator wants it gone';
  });
  const scope = new CancellationScope();
  let tending: Promise<void> = Promise.resolve();
  await CancellationScope.nonCancellable(async () => {
    for (let begun = false; ; begun = true) {
      changed = false;
      const standing = await records.reviewWarm({ executionEnvironmentId, giveUp: over !== null });
      if (standing !== 'waits') {
        setCurrentDetails(`${standing}${over === null ? '' : `: ${over}`}`);
        scope.cancel();
        await tending;
        if (standing === 'leaves') await remove(spec);
        break;
      }
      if (!begun) {
        tending = scope
          .run(() => tend(spec))
          .then(
            (reason) => void (over ??= reason),
            (error: unknown) => void (over ??= rootCause(error) ?? String(error)),
          );
      }
      await condition(() => changed || over !== null, LOOK_AGAIN);
    }
    await condition(allHandlersFinished);
  });
}

/** Builds it and looks after it. @returns why it cannot be given to a session any more. */
async function tend(spec: EnvironmentSpec): Promise<string> {
  const { executionEnvironmentId } = spec;
  const { building, keeping } = keeperActivities(spec);
  setCurrentDetails('provisioning');
  try {
    await building.createEnvironment(spec);
  } catch (error) {
    const refused = refusedAddress(error, spec);
    // Set aside, so that the next one is given another.
    if (refused !== null) await records.moveEnvironment({ executionEnvironmentId, refused });
    throw error;
  }
  const steps = provisionStepsOf(spec.needs);
  for (const until of ['control_plane', 'node_ready', 'workloads'] as const) {
    if (steps.includes(until)) await building.awaitEnvironment({ spec, until });
  }
  if (patched('prepared')) await building.prepareEnvironment(spec);
  await records.recordWarm({ executionEnvironmentId });
  setCurrentDetails('ready: it waits for a session');
  const { reason } = await keeping.keepEnvironment(spec);
  return reason;
}

/** On a host that is gone, it is `lost` and keeps its ports until it is reclaimed, as a session's would. */
async function remove(spec: EnvironmentSpec): Promise<void> {
  const { executionEnvironmentId, hostId } = spec;
  const state = await hostActivities(hostId)
    .teardown.destroyEnvironment(spec)
    .then(
      () => 'destroyed' as const,
      (error: unknown) => {
        if (!(error instanceof ActivityFailure)) throw error;
        log.error('a warm environment could not be removed', { executionEnvironmentId, error });
        return 'lost' as const;
      },
    );
  await records.releaseEnvironment({ executionEnvironmentId, state });
}
