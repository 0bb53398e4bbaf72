import type { EnvironmentActivities, GradingActivities, QuestionActivities, RecordActivities } from '@ckx/activities';
import type { HostId } from '@ckx/contracts';
import { hostTaskQueue } from '@ckx/contracts/task-queues';
import { proxyActivities } from '@temporalio/workflow';

/** The control role's writes to Postgres. */
export const records = proxyActivities<RecordActivities>({
  startToCloseTimeout: '10 s',
  // For ever, and quickly at first: while Postgres is away a session waits, it does not fail.
  retry: { initialInterval: '200 ms', maximumInterval: '10 s' },
});

/** How soon a host worker that was killed is noticed: its activities heartbeat every few seconds. */
const HEARTBEAT = '10 s';

/**
 * How long a host may be away from a session in use. A worker that is deployed anew or a machine that reboots is back within two or
 * three minutes, and the session goes on; a candidate who can do nothing for longer is better served by a new session on another host.
 */
const HOST_ABSENCE = '5 min';

/** The activities of one host, grouped by how long they are worth waiting for and how they are retried. */
export function hostActivities(hostId: HostId) {
  const taskQueue = hostTaskQueue(hostId);
  /** While an environment is built. */
  const built = {
    taskQueue,
    // A host that takes no work for half of the provisioning budget does not answer.
    scheduleToStartTimeout: '30 s',
    // Never reached: the scope of provisioning ends first.
    startToCloseTimeout: '5 min',
    heartbeatTimeout: HEARTBEAT,
    // Teardown must not race with a creation that is still under way.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  } as const;
  return {
    provisioning: proxyActivities<EnvironmentActivities & QuestionActivities>({
      ...built,
      // A killed worker must resume within the budget, and an API that is started again be waited for: attempts are unlimited and close
      // together.
      retry: { initialInterval: '500 ms', maximumInterval: '5 s' },
    }),
    /** What asks something of the session's cluster: a fault of its API is tried three times (research seed), then said. */
    questions: proxyActivities<Pick<QuestionActivities, 'setUpQuestion'>>({
      ...built,
      retry: { initialInterval: '1 s', maximumAttempts: 3 },
    }),
    /** What somebody waits for; the caller decides what happens when the host is too slow. */
    prompt: proxyActivities<EnvironmentActivities>({
      taskQueue,
      scheduleToCloseTimeout: '20 s',
      heartbeatTimeout: HEARTBEAT,
      retry: { initialInterval: '500 ms', maximumInterval: '2 s' },
    }),
    /** What looks after an environment in use. */
    watch: proxyActivities<EnvironmentActivities>({
      taskQueue,
      scheduleToStartTimeout: HOST_ABSENCE,
      // Longer than any exam; then the next attempt goes on where this one ended.
      startToCloseTimeout: '24 h',
      heartbeatTimeout: HEARTBEAT,
      retry: { initialInterval: '200 ms', maximumInterval: '2 s' },
    }),
    /** Once a session is ready. Teardown must not race with it. */
    desktop: proxyActivities<Pick<EnvironmentActivities, 'openDesktop'>>({
      taskQueue,
      scheduleToStartTimeout: HOST_ABSENCE,
      startToCloseTimeout: '2 min',
      heartbeatTimeout: HEARTBEAT,
      retry: { initialInterval: '500 ms', maximumInterval: '10 s', maximumAttempts: 10 },
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    }),
    /** While a candidate practises, and waits for it. */
    checks: proxyActivities<Pick<GradingActivities, 'checkQuestion'>>({
      taskQueue,
      scheduleToStartTimeout: '30 s',
      startToCloseTimeout: '10 min',
      heartbeatTimeout: HEARTBEAT,
      retry: { initialInterval: '500 ms', maximumInterval: '5 s', maximumAttempts: 3 },
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    }),
    grading: proxyActivities<EnvironmentActivities & GradingActivities>({
      taskQueue,
      // The candidate waits for a result; a host may be restarted meanwhile.
      scheduleToStartTimeout: '10 min',
      startToCloseTimeout: '15 min',
      heartbeatTimeout: HEARTBEAT,
      // Faults of the platform only: a check that fails is a result, not an error. After five it is `errored`.
      retry: { initialInterval: '500 ms', maximumInterval: '5 s', maximumAttempts: 5 },
    }),
    teardown: proxyActivities<EnvironmentActivities>({
      taskQueue,
      // A host that is gone this long is lost; its environment is reclaimed when it comes back.
      scheduleToStartTimeout: '10 min',
      startToCloseTimeout: '3 min',
      scheduleToCloseTimeout: '1 h',
      heartbeatTimeout: HEARTBEAT,
      // An engine that restarts answers again within seconds; one that does not is not worth hammering.
      retry: { initialInterval: '500 ms', maximumInterval: '30 s' },
    }),
  };
}

export type Host = ReturnType<typeof hostActivities>;
