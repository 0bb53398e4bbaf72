import { examSessionWorkflowId, HEAD_OF_QUEUE, type ExamSessionId } from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW, examSessionStart } from '@ckx/contracts/exam-session';
import { createLogger } from '@ckx/logging';
import { ExamSessionEntity, openDatabase, type DataSource, type ExamSessionRow } from '@ckx/persistence';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Relay } from './relay.ts';

const LIMITS = { graceMs: 60_000, provisionTimeoutMs: 60_000 };
const OPTIONS = { limits: LIMITS, maxConcurrentSessions: 100, logger: createLogger('test', 'silent') };
const CANCEL = { outcome: 'cancelled', reason: 'a test' } as const;

let dataSource: DataSource;
let connection: Connection;
let client: Client;
let relay: Relay;

beforeAll(async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  dataSource = await openDatabase(url);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  relay = new Relay({ ...OPTIONS, dataSource, client });
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

/** The row asks for nothing, or for nothing more: some rounds later the workflow was told no more than this. */
async function quiet(id: ExamSessionId, messages: string[]): Promise<void> {
  for (let round = 0; round < 5; round += 1) await relay.round();
  expect(await told(id)).toEqual(messages);
}

/** As the API does. */
async function startWorkflow(id: ExamSessionId): Promise<void> {
  const row = await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id });
  await client.workflow.start(EXAM_SESSION_WORKFLOW, examSessionStart(row, LIMITS));
}

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

  await become({ state: 'terminated', outcome: 'submitted', endedAt: new Date() });
  await quiet(id, ['started', 'startClock', 'submit']);
});

it('starts the workflow of a session that was ended before anybody started it, and tells it so', async () => {
  const id = await session({ terminateRequestedAt: threeSecondsAgo(), terminateRequest: CANCEL });
  await tells(id, ['started', 'terminate']);
  await dataSource.manager.update(ExamSessionEntity, id, { state: 'terminated', outcome: 'cancelled', endedAt: new Date() });
  await quiet(id, ['started', 'terminate']);
});

it('ends a session that waits in the queue, or is being built', async () => {
  const id = await session({});
  await tells(id, ['started']);
  const become = (values: Partial<ExamSessionRow>) => dataSource.manager.update(ExamSessionEntity, id, values);
  await become({ waiting: { place: 1, reason: 'The hosts are full.' } });
  await quiet(id, ['started']);
  await become({ terminateRequestedAt: threeSecondsAgo(), terminateRequest: CANCEL });
  await tells(id, ['started', 'terminate']);
  await become({ state: 'initializing', waiting: null, terminateRequestedAt: threeSecondsAgo() });
  await tells(id, ['started', 'terminate', 'terminate']);
});

it('tells a session what was asked of it first, first', async () => {
  const first = new Date(Date.now() - 3_500);
  const running = { state: 'running', startedAt: new Date(), terminateRequest: CANCEL } as const;
  const handedIn = await session({ ...running, submitRequestedAt: first, terminateRequestedAt: threeSecondsAgo() });
  const ended = await session({ ...running, submitRequestedAt: threeSecondsAgo(), terminateRequestedAt: first });
  for (const id of [handedIn, ended]) await startWorkflow(id);
  await tells(handedIn, ['started', 'submit', 'terminate']);
  await expect
    .poll(async () => {
      await relay.round();
      return (await told(ended)).slice(0, 2);
    })
    .toEqual(['started', 'terminate']);
  expect(await told(ended)).not.toContain('submit');
});

it('starts no second workflow where the first has ended, and goes on with the others', async () => {
  const over = await session({});
  await tells(over, ['started']);
  await client.workflow.getHandle(examSessionWorkflowId(over)).terminate();
  const other = await session({});
  await tells(other, ['started']);
  await quiet(over, ['started']);
});

describe('the queue', () => {
  let own: DataSource;
  let ids: ExamSessionId[];
  const tellAll = () => Promise.all(ids.map(told));
  /** Of its own: rows of the tests above wait as well. */
  async function queueOf(length: number): Promise<Relay> {
    own = await openDatabase((await testPostgres()).url);
    ids = [];
    for (let place = 1; place <= length; place += 1) ids.push(await insertSession(own.manager, { createdAt: threeSecondsAgo() }));
    return new Relay({ ...OPTIONS, dataSource: own, client });
  }
  afterEach(() => own.destroy());

  it('is woken at its head where there is room, whoever died before they said so', async () => {
    const relayOfTest = await queueOf(2);
    await relayOfTest.round();
    expect(await tellAll()).toEqual([['started'], ['started']]);
    await insertHost(own.manager);
    await relayOfTest.round();
    expect(await tellAll()).toEqual([['started', 'capacityReleased'], ['started']]);
  });

  it('has workflows at its head only, and for whoever is to be told of their end', async () => {
    const relayOfTest = await queueOf(HEAD_OF_QUEUE + 3);
    const started = Array.from({ length: HEAD_OF_QUEUE }, () => ['started']);
    for (let round = 0; round < 3; round += 1) await relayOfTest.round();
    expect(await tellAll()).toEqual([...started, [], [], []]);
    const [head, last] = [ids[0], ids.at(-1)];
    if (head === undefined || last === undefined) throw new Error('nobody waits');
    await insertEnvironment(own.manager, { hostId: await insertHost(own.manager), examSessionId: head, subnet: '10.210.0.0/26' });
    await own.manager.update(ExamSessionEntity, last, { terminateRequestedAt: threeSecondsAgo(), terminateRequest: CANCEL });
    await relayOfTest.round();
    expect((await tellAll()).slice(-3)).toEqual([['started'], [], ['started', 'terminate']]);
  });
});
