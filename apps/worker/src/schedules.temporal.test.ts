import { sweepScheduleId, SWEEP_INTERVAL_MS } from '@ckx/contracts/maintenance-workflow';
import { testTemporal } from '@ckx/test-support/services';
import { Client, Connection } from '@temporalio/client';
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
  const config = { CKX_INSTALLATION: 'of-test' };
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
  const others = { CKX_INSTALLATION: 'another' };
  await ensureSchedules(client, others);
  expect((await client.schedule.getHandle(sweepScheduleId('another')).describe()).state.paused).toBe(false);
});
