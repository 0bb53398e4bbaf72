import type { ControlWorkerConfig, RetentionConfig } from '@ckx/config';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import { ACCESS_PASS_RECONCILE_WORKFLOW, accessPassReconcileScheduleId, accessPassReconcileWorkflowId } from '@ckx/contracts/access-pass';
import {
  SWEEP_INTERVAL_MS,
  SWEEP_LOOK_INTERVAL_MS,
  SWEEP_MIN_AGE_MS,
  SWEEP_WORKFLOW,
  sweepScheduleId,
  sweepWorkflowId,
  type SweepInput,
} from '@ckx/contracts/maintenance-workflow';
import {
  PAYMENT_RECONCILE_WORKFLOW,
  paymentReconcileScheduleId,
  paymentReconcileWorkflowId,
} from '@ckx/contracts/payment-reconcile-workflow';
import { RETENTION_WORKFLOW, retentionScheduleId, retentionWorkflowId, type RetentionInput } from '@ckx/contracts/retention-workflow';
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';

type SchedulesConfig = Pick<ControlWorkerConfig, 'CKX_INSTALLATION' | 'STRIPE_SECRET_KEY'> & RetentionConfig;

/** What an installation does again and again. Called at each start of a control worker: what is there is brought up to date. */
export async function ensureSchedules(client: Client, config: SchedulesConfig): Promise<void> {
  await ensureSchedule(client, sweepSchedule(config.CKX_INSTALLATION));
  await ensureSchedule(client, retentionSchedule(config));
  await ensureSchedule(client, reconcileSchedule(config.CKX_INSTALLATION));
  if (config.STRIPE_SECRET_KEY === undefined) await removeSchedule(client, paymentReconcileScheduleId(config.CKX_INSTALLATION));
  else await ensureSchedule(client, paymentReconcileSchedule(config.CKX_INSTALLATION));
}

/** Payments that no webhook told of; the next look sees the same. */
function paymentReconcileSchedule(installation: string): ScheduleOptions {
  return {
    scheduleId: paymentReconcileScheduleId(installation),
    spec: { intervals: [{ every: '1 h', offset: '30 minutes' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: PAYMENT_RECONCILE_WORKFLOW,
      workflowId: paymentReconcileWorkflowId(installation),
      taskQueue: EXAM_SESSIONS_TASK_QUEUE,
      args: [],
      workflowExecutionTimeout: '3 h',
    },
  };
}

/** What workflows of passes missed is mended within the hour; one that was missed itself is not made up for: the next sees the same. */
function reconcileSchedule(installation: string): ScheduleOptions {
  return {
    scheduleId: accessPassReconcileScheduleId(installation),
    spec: { intervals: [{ every: '1 h' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: ACCESS_PASS_RECONCILE_WORKFLOW,
      workflowId: accessPassReconcileWorkflowId(installation),
      taskQueue: EXAM_SESSIONS_TASK_QUEUE,
      args: [],
      workflowExecutionTimeout: '3 h',
    },
  };
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

/** Once a day, at night where most candidates of a European installation sleep; one that was missed is made up for. */
function retentionSchedule(config: SchedulesConfig): ScheduleOptions {
  const installation = config.CKX_INSTALLATION;
  const input: RetentionInput = {
    days: {
      sessions: config.RETENTION_SESSIONS_DAYS,
      events: config.RETENTION_EVENTS_DAYS,
      blobs: config.RETENTION_BLOBS_DAYS,
      sweepReports: config.RETENTION_SWEEP_REPORTS_DAYS,
      audit: config.RETENTION_AUDIT_DAYS,
      recordings: config.RETENTION_RECORDINGS_DAYS,
      mails: config.RETENTION_MAILS_DAYS,
    },
  };
  return {
    scheduleId: retentionScheduleId(installation),
    spec: { calendars: [{ hour: 2, minute: 30 }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    action: {
      type: 'startWorkflow',
      workflowType: RETENTION_WORKFLOW,
      workflowId: retentionWorkflowId(installation),
      taskQueue: EXAM_SESSIONS_TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: '12 h',
    },
  };
}

/** Of an installation that had a key once. */
async function removeSchedule(client: Client, id: string): Promise<void> {
  try {
    await client.schedule.getHandle(id).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
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
