import type { ControlWorkerConfig } from '@ckx/config';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import {
  SWEEP_INTERVAL_MS,
  SWEEP_LOOK_INTERVAL_MS,
  SWEEP_MIN_AGE_MS,
  SWEEP_WORKFLOW,
  sweepScheduleId,
  sweepWorkflowId,
  type SweepInput,
} from '@ckx/contracts/maintenance-workflow';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';

/** What an installation does again and again. Called at each start of a control worker: what is there is brought up to date. */
export async function ensureSchedules(client: Client, config: Pick<ControlWorkerConfig, 'CKX_INSTALLATION'>): Promise<void> {
  await ensureSchedule(client, sweepSchedule(config.CKX_INSTALLATION));
}

function sweepSchedule(installation: string): ScheduleOptions {
  const input: SweepInput = { installation, dryRun: false, lookIntervalMs: SWEEP_LOOK_INTERVAL_MS, minAgeMs: SWEEP_MIN_AGE_MS };
  return {
    scheduleId: sweepScheduleId(installation),
    spec: { intervals: [{ every: SWEEP_INTERVAL_MS }] },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // One that was missed is not made up for: the next sees the same.
      catchupWindow: '1 minute',
    },
    action: {
      type: 'startWorkflow',
      workflowType: SWEEP_WORKFLOW,
      workflowId: sweepWorkflowId(installation),
      taskQueue: EXAM_SESSIONS_TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: '1 h',
    },
  };
}

async function ensureSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, policies = {}, action } = options;
    // An operator's pause outlives a restart.
    await client.schedule.getHandle(options.scheduleId).update(({ state }) => ({ spec, policies, action, state }));
  }
}
