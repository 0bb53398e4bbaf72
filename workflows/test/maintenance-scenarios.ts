/** Histories of the maintenance workflows that are kept, beside those of sessions in scenarios.ts. */
import { randomUUID } from 'node:crypto';
import { arrangePool } from '@ckx/activities/warm-pool';
import { EXAM_SESSIONS_TASK_QUEUE, hostWorkflowId } from '@ckx/contracts';
import { sweepByHandWorkflowId, SWEEP_WORKFLOW, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { WARM_ENVIRONMENT_WORKFLOW, warmEnvironmentWorkflowId } from '@ckx/contracts/warm-pool';
import { PAYMENT_RECONCILE_WORKFLOW } from '@ckx/contracts/payment-reconcile-workflow';
import { EnvironmentEntity } from '@ckx/persistence';
import { LAB } from '@ckx/test-support/records';
import { ApplicationFailure, type WorkflowHandle } from '@temporalio/client';
import { eventually, type Installation } from './installation.ts';

async function startSweep(ckx: Installation, mayGo: number): Promise<WorkflowHandle> {
  const input: SweepInput = { installation: 'recorded', dryRun: false, lookIntervalMs: 100, minAgeMs: 0, mayGo };
  const workflowId = `${sweepByHandWorkflowId('recorded')}/${randomUUID()}`;
  const workflow = await ckx.client.workflow.start(SWEEP_WORKFLOW, { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [input] });
  await workflow.result();
  return workflow;
}

/** A warm environment's row and its workflow. */
async function startWarm(ckx: Installation) {
  const demand = [{ needs: LAB.needs, sessions: 1 }];
  const { open } = await arrangePool(ckx.dataSource, { size: 1, maxConcurrentSessions: 50, demand });
  const spec = open[0];
  if (spec === undefined) throw new Error('no environment was begun');
  const { executionEnvironmentId: id } = spec;
  const options = { workflowId: warmEnvironmentWorkflowId(id), taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [{ spec }] };
  const workflow = await ckx.client.workflow.start(WARM_ENVIRONMENT_WORKFLOW, options);
  await eventually(async () => {
    const { state } = await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { id });
    if (state !== 'ready') throw new Error(`it is ${state}`);
  });
  return workflow;
}

async function loseWorkflow(ckx: Installation) {
  const { id, workflow } = await ckx.startSession({ graceMs: 1 });
  await ckx.waitForState(id, 'running');
  await workflow.terminate('recorded');
}

/** Both workflows, at their ends: that of the environment, and that of the session which was given it. */
async function bindWarm(ckx: Installation) {
  const workflow = await startWarm(ckx);
  const { id, workflow: session } = await ckx.startSession();
  await ckx.waitForState(id, 'ready');
  await workflow.result();
  await session.signal('terminate', { outcome: 'cancelled', reason: 'recorded' });
  await session.result();
  return { workflow, session };
}

export const MAINTENANCE_SCENARIOS: Readonly<Record<string, (ckx: Installation) => Promise<WorkflowHandle>>> = {
  sweep: async (ckx) => {
    await loseWorkflow(ckx);
    return await startSweep(ckx, 1);
  },
  'warm-bound': async (ckx) => (await bindWarm(ckx)).workflow,
  // As above, with what needs no session made before one comes.
  'warm-prepared': async (ckx) => (await bindWarm(ckx)).workflow,
  'started-warm': async (ckx) => (await bindWarm(ckx)).session,
  'warm-removed': async (ckx) => {
    const workflow = await startWarm(ckx);
    await workflow.cancel();
    await workflow.result();
    return workflow;
  },
  'payments-reconciled': async (ckx) => {
    const options = { workflowId: `payment-reconcile/${randomUUID()}`, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [] };
    const workflow = await ckx.client.workflow.start(PAYMENT_RECONCILE_WORKFLOW, options);
    await workflow.result();
    return workflow;
  },
  'sweep-stopped': async (ckx) => {
    await loseWorkflow(ckx);
    const stopped = await startSweep(ckx, 0);
    await startSweep(ckx, 1);
    return stopped;
  },
  'host-reclaims': async (ckx) => {
    ckx.host.before.destroyEnvironment = () => Promise.reject(ApplicationFailure.nonRetryable('the host is gone', 'RECORDED'));
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.signal('terminate', { outcome: 'cancelled', reason: 'recorded' });
    await workflow.result();
    ckx.host.reset();
    await ckx.announceHost();
    await eventually(async () => {
      if ((await ckx.leftovers(id)).state !== 'destroyed') throw new Error('not reclaimed yet');
    });
    return ckx.client.workflow.getHandle(hostWorkflowId(ckx.host.facts.hostId));
  },
};
