import { readConfig, RetentionConfig } from '@ckx/config';
import { accessPassReconcileScheduleId } from '@ckx/contracts/access-pass';
import { sweepScheduleId, SWEEP_INTERVAL_MS } from '@ckx/contracts/maintenance-workflow';
import { paymentReconcileScheduleId } from '@ckx/contracts/payment-reconcile-workflow';
import { retentionScheduleId } from '@ckx/contracts/retention-workflow';
import { testTemporal } from '@ckx/test-support/services';
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureSchedules } from './schedules.ts';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  const { address, namespace } = await testTemporal();
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
});
afterAll(() => connection.close());

it('are made once, however many workers start, and an operator’s pause is kept', async () => {
  const retention = readConfig(RetentionConfig, { RETENTION_BLOBS_DAYS: '3' });
  const config = { CKX_INSTALLATION: 'of-test', ...retention };
  await Promise.all([ensureSchedules(client, config), ensureSchedules(client, config)]);
  const handle = client.schedule.getHandle(sweepScheduleId('of-test'));
  await handle.pause('a test');
  await ensureSchedules(client, config);
  const { spec, policies, action, state } = await handle.describe();
  expect(spec.intervals).toEqual([expect.objectContaining({ every: SWEEP_INTERVAL_MS })]);
  expect({ overlap: policies.overlap, paused: state.paused }).toEqual({ overlap: 'SKIP', paused: true });
  expect(action).toMatchObject({
    workflowType: 'sweepWorkflow',
    args: [{ installation: 'of-test', dryRun: false, lookIntervalMs: 120_000, minAgeMs: 300_000 }],
  });
  const daily = await client.schedule.getHandle(retentionScheduleId('of-test')).describe();
  expect(daily.action).toMatchObject({
    workflowType: 'retentionWorkflow',
    args: [{ days: { sessions: 730, events: 90, blobs: 3, sweepReports: 30, audit: 730, mails: 90, recordings: 90 } }],
  });
  const [first, second] = daily.info.nextActionTimes;
  expect((second?.getTime() ?? 0) - (first?.getTime() ?? 0)).toBe(86_400_000);
  const hourly = await client.schedule.getHandle(accessPassReconcileScheduleId('of-test')).describe();
  expect(hourly.action).toMatchObject({ workflowType: 'accessPassReconcileWorkflow', args: [] });
  expect(hourly.spec.intervals).toEqual([expect.objectContaining({ every: 3_600_000 })]);
  const others = { ...config, CKX_INSTALLATION: 'another' };
  await ensureSchedules(client, others);
  expect((await client.schedule.getHandle(sweepScheduleId('another')).describe()).state.paused).toBe(false);
});

it('payments are compared with Stripe’s where there is a key, and no more once it is gone', async () => {
  const config = { CKX_INSTALLATION: 'of-payments', ...readConfig(RetentionConfig, {}) };
  const handle = client.schedule.getHandle(paymentReconcileScheduleId('of-payments'));
  await ensureSchedules(client, config);
  await expect(handle.describe()).rejects.toThrow(ScheduleNotFoundError);
  for (let starts = 0; starts < 2; starts += 1) await ensureSchedules(client, { ...config, STRIPE_SECRET_KEY: 'sk_test_x' });
  const { action, spec } = await handle.describe();
  expect(action).toMatchObject({ workflowType: 'paymentReconcileWorkflow', args: [] });
  expect(spec.intervals).toEqual([expect.objectContaining({ every: 3_600_000 })]);
  await ensureSchedules(client, config);
  await expect(handle.describe()).rejects.toThrow(ScheduleNotFoundError);
});
