import { examSessionWorkflowId, type ExamSessionId } from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { ExamSessionEntity, openDatabase, type DataSource, type ExamSessionRow } from '@ckx/persistence';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Relay } from './relay.ts';

let dataSource: DataSource;
let connection: Connection;
let client: Client;
let relay: Relay;

beforeAll(async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  dataSource = await openDatabase(url);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  const limits = { graceMs: 60_000, provisionTimeoutMs: 60_000 };
  relay = new Relay({ dataSource, client, limits, logger: createLogger('test', 'silent') });
});
afterAll(async () => {
  await connection.close();
  await dataSource.destroy();
});

/** gRPC's code. */
const NOT_FOUND = 5;

/** Young requests belong to the API's own call; at three seconds most rounds take them. */
const threeSecondsAgo = () => new Date(Date.now() - 3_000);

/** Goes round until the workflow was told just this; a request may be left out of a round, the more often the older it is. */
const tells = (id: ExamSessionId, messages: string[]) =>
  expect
    .poll(
      async () => {
        await relay.round();
        return await told(id);
      },
      { timeout: 20_000 },
    )
    .toEqual(messages);

async function session(values: Partial<ExamSessionRow>): Promise<ExamSessionId> {
  return await insertSession(dataSource.manager, { createdAt: threeSecondsAgo(), ...values });
}

/** What a workflow was told, by the server's own account. */
async function told(id: ExamSessionId): Promise<string[]> {
  try {
    const { events } = await client.workflow.getHandle(examSessionWorkflowId(id)).fetchHistory();
    return (events ?? []).flatMap((event) => {
      if (event.workflowExecutionStartedEventAttributes) return ['started'];
      return event.workflowExecutionSignaledEventAttributes?.signalName ?? [];
    });
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
    throw error;
  }
}

it('starts the workflow of a session that nobody started, and only once', async () => {
  const id = await session({});
  await tells(id, ['started']);
  await relay.round();
  expect(await told(id)).toEqual(['started']);
});

it('leaves a young session to the API, and one that waits in the queue to itself', async () => {
  const young = await session({ createdAt: new Date() });
  const waiting = await session({ waiting: { place: 1, reason: 'The hosts are full.' } });
  await relay.round();
  expect([await told(young), await told(waiting)]).toEqual([[], []]);
});

it('leaves a row to whoever is writing it', async () => {
  const id = await session({});
  await dataSource.transaction(async (tx) => {
    await tx.findOneOrFail(ExamSessionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    await relay.round();
    expect(await told(id)).toEqual([]);
  });
  await tells(id, ['started']);
});

it('repeats what was asked, as long as the state shows that it was not done', async () => {
  const hostId = await insertHost(dataSource.manager);
  const id = await session({});
  await tells(id, ['started']);
  await insertEnvironment(dataSource.manager, { hostId, examSessionId: id, subnet: '10.213.0.0/26' });
  const become = (values: Partial<ExamSessionRow>) => dataSource.manager.update(ExamSessionEntity, id, values);

  await become({ state: 'ready', startRequestedAt: threeSecondsAgo() });
  await tells(id, ['started', 'startClock']);

  await become({ state: 'running', startedAt: new Date() });
  await tells(id, ['started', 'startClock']);

  await become({ submitRequestedAt: threeSecondsAgo() });
  await tells(id, ['started', 'startClock', 'submit']);

  await become({ terminateRequestedAt: threeSecondsAgo(), terminateRequest: { outcome: 'cancelled', reason: 'a test' } });
  await tells(id, ['started', 'startClock', 'submit', 'terminate']);

  await become({ state: 'terminated', outcome: 'cancelled', endedAt: new Date() });
  await tells(id, ['started', 'startClock', 'submit', 'terminate']);
});
