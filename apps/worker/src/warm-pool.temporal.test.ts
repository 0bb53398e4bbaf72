import { arrangePool } from '@ckx/activities/warm-pool';
import { WARM_ENVIRONMENT_WORKFLOW, warmEnvironmentWorkflowId } from '@ckx/contracts/warm-pool';
import { createLogger } from '@ckx/logging';
import { EnvironmentEntity, HostEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { insertHost, insertSession, LAB } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WarmPool } from './warm-pool.ts';

let dataSource: DataSource;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  dataSource = await openDatabase(url);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
});
beforeEach(() => dataSource.query('TRUNCATE hosts, environments, port_allocations, exam_sessions, session_events CASCADE'));
afterAll(async () => {
  await connection.close();
  await dataSource.destroy();
});

const pool = (size: number) =>
  new WarmPool({ dataSource, client, size, maxConcurrentSessions: 50, logger: createLogger('test', 'silent') });
const rows = () => dataSource.manager.find(EnvironmentEntity, { order: { createdAt: 'ASC' } });

/** Nobody runs the workflows here: the server's own account of what they were told. */
async function told(id: Parameters<typeof warmEnvironmentWorkflowId>[0]): Promise<string[]> {
  const { events } = await client.workflow.getHandle(warmEnvironmentWorkflowId(id)).fetchHistory();
  return (events ?? []).flatMap(
    (event) =>
      event.workflowExecutionStartedEventAttributes?.workflowType?.name ?? event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
  );
}

/** Whose shape is asked for; it has long ended. */
const somebody = () => insertSession(dataSource.manager, { state: 'terminated', outcome: 'cancelled', endedAt: new Date() });

it('does nothing at all without a size', async () => {
  await insertHost(dataSource.manager);
  await somebody();
  await pool(0).round();
  expect(await rows()).toEqual([]);
});

it('writes a row and starts its workflow, once; another process finds it started', async () => {
  await insertHost(dataSource.manager);
  await somebody();
  const one = pool(1);
  for (let round = 0; round < 3; round += 1) await one.round();
  await pool(1).round();
  const [row, ...others] = await rows();
  if (row === undefined) return expect.fail();
  expect(others).toEqual([]);
  expect(await told(row.id)).toEqual([WARM_ENVIRONMENT_WORKFLOW]);
});

it('starts the workflow of a row whose writer died before they could, whatever the size is now', async () => {
  await insertHost(dataSource.manager);
  const demand = [{ needs: LAB.needs, sessions: 1 }];
  const [spec] = (await arrangePool(dataSource, { size: 1, maxConcurrentSessions: 50, demand })).open;
  if (spec === undefined) return expect.fail();
  await pool(0).round();
  expect((await rows()).map(({ state }) => state)).toEqual(['destroying']);
  expect(await told(spec.executionEnvironmentId)).toEqual([WARM_ENVIRONMENT_WORKFLOW, 'recordChanged']);
});

it('empties the pool of a host that drains, and says so', async () => {
  const hostId = await insertHost(dataSource.manager);
  await somebody();
  const one = pool(1);
  await one.round();
  await dataSource.manager.update(HostEntity, hostId, { state: 'draining' });
  await one.round();
  const [row] = await rows();
  if (row === undefined) return expect.fail();
  expect(row.state).toBe('destroying');
  expect(await told(row.id)).toEqual([WARM_ENVIRONMENT_WORKFLOW, 'recordChanged']);
});
