/** What workflows of passes missed is mended: real Temporal, real Postgres. */
import { randomUUID } from 'node:crypto';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import {
  ACCESS_PASS_RECONCILE_WORKFLOW,
  accessPassReconcileWorkflowId,
  accessPassWorkflowId,
  type PassReconciliation,
} from '@ckx/contracts/access-pass';
import { AccessPassEntity, MailEntity, type AccessPassRow } from '@ckx/persistence';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createInstallation, eventually, type Installation } from '../../test/installation.ts';
import { TestPass } from '../../test/passes.ts';
import { testServices } from '../../test/test-services.ts';

const HOUR = 3_600_000;
let ckx: Installation;
beforeAll(async () => {
  ckx = await createInstallation(await testServices());
  await ckx.startControl();
});
afterAll(() => ckx.stop());
beforeEach(() => ckx.dataSource.query('TRUNCATE users, pass_reconciliations CASCADE'));

async function reconcile(): Promise<PassReconciliation> {
  const workflowId = `${accessPassReconcileWorkflowId('of-test')}/${randomUUID()}`;
  return await ckx.client.workflow.execute<() => Promise<PassReconciliation>>(ACCESS_PASS_RECONCILE_WORKFLOW, {
    workflowId,
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
  });
}

async function pass(values: Partial<AccessPassRow> = {}): Promise<TestPass> {
  const userId = await insertUser(ckx.dataSource.manager);
  return new TestPass(ckx, await insertPass(ckx.dataSource.manager, userId, values), userId, 'grant');
}
const handle = ({ id }: TestPass) => ckx.client.workflow.getHandle(accessPassWorkflowId(id));
const isOpen = async (of: TestPass) => (await handle(of).describe()).status.name === 'RUNNING';

it('begins a workflow for a pass that has none, and leaves one that has', async () => {
  const [lost, kept] = [await pass(), await pass()];
  await lost.changed();
  await kept.changed();
  await handle(lost).terminate();
  const never = await pass();
  const report = await reconcile();
  expect(report).toMatchObject({ looked: 3, failed: [] });
  const byId = (a: { passId: string }, b: { passId: string }) => (a.passId < b.passId ? -1 : 1);
  expect(report.repaired.toSorted(byId)).toEqual(
    [lost, never].map(({ id: passId }) => ({ passId, repair: 'restarted' as const })).toSorted(byId),
  );
  expect(await Promise.all([lost, never, kept].map(isOpen))).toEqual([true, true, true]);
  expect(await reconcile()).toEqual({ looked: 3, repaired: [], failed: [] });
});

it('records the end of a pass whose workflow was lost, and owes its mail, once', async () => {
  const userId = await insertUser(ckx.dataSource.manager);
  const end = Date.now() - 60_000;
  const id = await insertRunningPass(ckx.dataSource.manager, userId, { startsAt: end - HOUR, expiresAt: end });
  expect(await reconcile()).toEqual({ looked: 1, repaired: [{ passId: id, repair: 'expired' }], failed: [] });
  expect((await ckx.dataSource.manager.findOneByOrFail(AccessPassEntity, { id })).status).toBe('expired');
  expect(await reconcile()).toEqual({ looked: 0, repaired: [], failed: [] });
  expect(await ckx.dataSource.manager.countBy(MailEntity, { userId, kind: 'pass_expired' })).toBe(1);
});

it('tells a workflow what it has not heard for too long', async () => {
  const deaf = await pass();
  await deaf.changed();
  await deaf.settled();
  await ckx.dataSource.manager.update(AccessPassEntity, deaf.id, { revision: 3, decidedAt: new Date(Date.now() - HOUR) });
  expect((await reconcile()).repaired).toEqual([{ passId: deaf.id, repair: 'told' }]);
  await eventually(async () => expect((await deaf.row())?.heardRevision).toBe(3));
});

it('looks at all of them, however many, and keeps a report', async () => {
  const userId = await insertUser(ckx.dataSource.manager);
  for (let index = 0; index < 60; index += 1) await insertPass(ckx.dataSource.manager, userId);
  expect(await reconcile()).toMatchObject({ looked: 60, failed: [] });
  const [kept]: { report: unknown }[] = await ckx.dataSource.query('SELECT report FROM pass_reconciliations');
  expect(kept?.report).toMatchObject({ looked: 60, failed: [] });
  expect(await reconcile()).toEqual({ looked: 60, repaired: [], failed: [] });
});
