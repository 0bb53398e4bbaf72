/** Real Temporal, real Postgres. */
import { randomUUID } from 'node:crypto';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import { RETENTION_WORKFLOW, retentionWorkflowId, type RetentionInput } from '@ckx/contracts/retention-workflow';
import { SweepReportEntity } from '@ckx/persistence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());

it('deletes what is due in as many batches as it takes, and says how much', async () => {
  await ckx.dataSource.query(`INSERT INTO sweep_reports (at, dry_run, report)
    SELECT now() - make_interval(days => 31), false, '{}' FROM generate_series(1, 1201)`);
  await ckx.dataSource.query(`INSERT INTO sweep_reports (at, dry_run, report) VALUES (now() - interval '29 days', false, '{}')`);
  const args: [RetentionInput] = [
    { days: { sessions: 730, events: 90, blobs: 7, sweepReports: 30, audit: 730, mails: 90, recordings: 90 } },
  ];
  const workflowId = `${retentionWorkflowId('of-test')}/${randomUUID()}`;
  const report: unknown = await ckx.client.workflow.execute(RETENTION_WORKFLOW, { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args });
  expect(report).toEqual({
    sessions: 0,
    events: 0,
    blobs: 0,
    sweepReports: 1201,
    audit: 0,
    refreshTokens: 0,
    nonces: 0,
    mails: 0,
    accountTokens: 0,
    recordings: 0,
  });
  expect(await ckx.dataSource.manager.count(SweepReportEntity)).toBe(1);
});
