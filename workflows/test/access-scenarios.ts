/** Histories of passes that are kept, beside those of sessions in scenarios.ts. */
import { randomUUID } from 'node:crypto';
import { activatePass, revokePass } from '@ckx/access-passes';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import { ACCESS_PASS_RECONCILE_WORKFLOW, accessPassReconcileWorkflowId } from '@ckx/contracts/access-pass';
import { inTransaction } from '@ckx/persistence';
import { insertPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import type { WorkflowHandle } from '@temporalio/client';
import type { Installation } from './installation.ts';
import { TestPass } from './passes.ts';

const HOUR = 3_600_000;

export const ACCESS_SCENARIOS: Readonly<Record<string, (ckx: Installation) => Promise<WorkflowHandle>>> = {
  'pass-expired': async (ckx) => {
    const pass = await TestPass.ofCheckout(ckx);
    const workflow = await pass.paid();
    await pass.waitFor('purchased');
    await inTransaction(ckx.dataSource, (tx) => activatePass(tx, pass.input.userId, pass.id));
    await pass.changed();
    await pass.settled();
    await pass.runUntil(Date.now() + 2 * HOUR + 300, 38 * HOUR);
    await pass.settled();
    await pass.runUntil(Date.now() + 500, 38 * HOUR);
    await workflow.result();
    return workflow;
  },
  'pass-refunded': async (ckx) => {
    const pass = await TestPass.ofCheckout(ckx);
    const workflow = await pass.reversed('refund', 1);
    await pass.settled();
    await pass.paid();
    await workflow.result();
    return workflow;
  },
  'pass-disputed': async (ckx) => {
    const pass = await TestPass.ofCheckout(ckx);
    const workflow = await pass.paid();
    await pass.waitFor('purchased');
    await pass.reversed('dispute', 1);
    await pass.waitFor('revoked');
    await pass.reinstated(2);
    await pass.waitFor('purchased');
    await pass.runUntil(Date.now() + 500, HOUR);
    await workflow.result();
    return workflow;
  },
  'pass-unpaid': async (ckx) => {
    const workflow = await (await TestPass.ofCheckout(ckx)).unpaid();
    await workflow.result();
    return workflow;
  },
  'pass-refused': async (ckx) => {
    const workflow = await (await TestPass.ofCheckout(ckx)).paid({ amountCents: 1 });
    await workflow.result();
    return workflow;
  },
  'pass-granted': async (ckx) => {
    const userId = await insertUser(ckx.dataSource.manager);
    const pass = new TestPass(ckx, await insertPass(ckx.dataSource.manager, userId, { revision: 1 }), userId, 'grant');
    const workflow = await pass.changed();
    await pass.settled();
    await inTransaction(ckx.dataSource, (tx) => revokePass(tx, pass.id, 'recorded'));
    await pass.changed();
    await workflow.result();
    return workflow;
  },
  'passes-reconciled': async (ckx) => {
    await insertPass(ckx.dataSource.manager, await insertUser(ckx.dataSource.manager));
    const workflowId = `${accessPassReconcileWorkflowId('recorded')}/${randomUUID()}`;
    const options = { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE };
    const workflow = await ckx.client.workflow.start(ACCESS_PASS_RECONCILE_WORKFLOW, options);
    await workflow.result();
    return workflow;
  },
};
