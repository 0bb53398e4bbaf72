import type { InventoryActivities } from '@ckx/activities';
import type { ExamSessionId, ExecutionEnvironmentId, HostId } from '@ckx/contracts';
import { hostTaskQueue } from '@ckx/contracts/task-queues';
import { proxyActivities } from '@temporalio/workflow';

/** Removal and inventory on one host: soon, or not now. Whatever is not done is found again by the next sweep. */
export function maintenanceOf(hostId: HostId) {
  const taskQueue = hostTaskQueue(hostId);
  return {
    inventory: proxyActivities<InventoryActivities>({
      taskQueue,
      // A host that does not answer is left out of this sweep.
      scheduleToStartTimeout: '15 s',
      startToCloseTimeout: '30 s',
      heartbeatTimeout: '10 s',
      retry: { maximumAttempts: 2 },
    }).takeInventory,
    remove: async (executionEnvironmentId: ExecutionEnvironmentId, examSessionId: ExamSessionId | null): Promise<void> => {
      const { removeEnvironment } = proxyActivities<InventoryActivities>({
        taskQueue,
        scheduleToStartTimeout: '1 min',
        startToCloseTimeout: '3 min',
        heartbeatTimeout: '10 s',
        retry: { initialInterval: '1 s', maximumAttempts: 3 },
        summary: `remove ${executionEnvironmentId}`,
      });
      await removeEnvironment({ executionEnvironmentId, ...(examSessionId !== null && { examSessionId }) });
    },
  };
}
