/** An account that is deleted: the workflows of its passes hear of it and end, none begins. A real engine and a real control worker. */
import { PassId, UserView } from '@ckx/contracts';
import {
  ACCESS_PASS_WORKFLOW,
  accessPassStart,
  accessPassStatusQuery,
  accessPassWorkflowId,
  passChangedSignal,
} from '@ckx/contracts/access-pass';
import { UserEntity } from '@ckx/persistence';
import { testTemporal } from '@ckx/test-support';
import { ApiClient } from '@ckx/test-support/client';
import { insertPass } from '@ckx/test-support/passes';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { startWorkers, type Workers } from './workers.ts';

const SOON = { timeout: 30_000 };
const PASSWORD = 'correct horse battery';
let temporal: Awaited<ReturnType<typeof testTemporal>>;
let api: TestApi;
let workers: Workers;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  temporal = await testTemporal();
  api = await startApi({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace });
  workers = await startWorkers(temporal, api.database, () => Promise.resolve());
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection, namespace: temporal.namespace });
});
afterAll(async () => {
  await api.close();
  await workers.stop();
  await connection.close();
});

async function person(at = api) {
  const mine = { email: `c-${randomUUID()}@example.org`, password: PASSWORD };
  await new ApiClient(at.url).send('POST', '/auth/register', { ...mine, name: 'Ada Lovelace' });
  const own = await ApiClient.login(at.url, mine);
  return { client: own, id: (await own.get('/users/me', UserView)).id };
}

const stateOf = async (id: PassId) => {
  try {
    return (await client.workflow.getHandle(accessPassWorkflowId(id)).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
};

async function begin(userId: UserView['id'], passId: PassId): Promise<void> {
  const pass = { passId, userId, passTypeId: '38_hours', source: 'purchase' } as const;
  await client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...accessPassStart(pass), signal: passChangedSignal, signalArgs: [] });
}

test('the workflows of its passes end at once; of a pass that has none, none begins', async () => {
  const mine = await person();
  const other = await person();
  const insert = (userId: UserView['id']) => insertPass(api.database.manager, userId, { source: 'purchase' });
  const [waiting, activated, silent, others] = [
    await insert(mine.id),
    await insert(mine.id),
    await insert(mine.id),
    await insert(other.id),
  ];
  for (const id of [waiting, activated]) await begin(mine.id, id);
  await begin(other.id, others);
  expect((await mine.client.send('POST', `/access/activate/${activated}`)).status).toBe(200);
  const known = async (id: PassId) => (await client.workflow.getHandle(accessPassWorkflowId(id)).query(accessPassStatusQuery)).status;
  // One that has not read its record yet would wait for a payment.
  await expect.poll(() => Promise.all([waiting, activated, others].map(known)), SOON).toEqual(['purchased', 'activated', 'purchased']);

  expect((await mine.client.send('POST', '/users/me/delete', { password: PASSWORD })).status).toBe(204);
  await expect.poll(() => Promise.all([waiting, activated].map(stateOf)), SOON).toEqual(['COMPLETED', 'COMPLETED']);
  expect([await stateOf(silent), await stateOf(others)]).toEqual([null, 'RUNNING']);
});

test('an engine that does not answer keeps nobody from leaving', async () => {
  const cutOff = await startApi({ DATABASE_URL: api.config.DATABASE_URL });
  try {
    const mine = await person(cutOff);
    await insertPass(api.database.manager, mine.id);
    expect((await mine.client.send('POST', '/users/me/delete', { password: PASSWORD })).status).toBe(204);
    expect(await api.database.manager.existsBy(UserEntity, { id: mine.id })).toBe(false);
  } finally {
    await cutOff.close();
  }
});
