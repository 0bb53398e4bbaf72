/** What was decided about passes reaches their workflows, by the server's own account: no worker runs, so what is told stays to be read. */
import type { PassId } from '@ckx/contracts';
import { ACCESS_PASS_WORKFLOW, accessPassStart, accessPassWorkflowId, paidSignal } from '@ckx/contracts/access-pass';
import { createLogger } from '@ckx/logging';
import { AccessPassEntity, openDatabase, type AccessPassRow, type DataSource } from '@ckx/persistence';
import { insertPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection, isGrpcServiceError, type ClientInterceptors } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PassRelay } from './pass-relay.ts';

/** gRPC's code. */
const NOT_FOUND = 5;
const logger = createLogger('test', 'silent');

let dataSource: DataSource;
let connection: Connection;
let namespace: string;
let client: Client;
let relay: PassRelay;
beforeAll(async () => {
  const [{ url }, temporal] = await Promise.all([testPostgres(), testTemporal()]);
  ({ namespace } = temporal);
  dataSource = await openDatabase(url);
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection, namespace });
  relay = new PassRelay({ dataSource, client, logger });
});
afterAll(async () => {
  await connection.close();
  await dataSource.destroy();
});
beforeEach(() => dataSource.query('TRUNCATE users CASCADE'));

/** Young decisions belong to whoever made them; from two to four seconds every round takes them, later ones most. */
const unheard = (): Partial<AccessPassRow> => ({ revision: 1, decidedAt: new Date(Date.now() - 3_000) });

async function pass(values: Partial<AccessPassRow>): Promise<PassId> {
  return await insertPass(dataSource.manager, await insertUser(dataSource.manager), values);
}

/** What a workflow was told, by the server's own account. */
async function told(id: PassId): Promise<string[]> {
  try {
    const { events } = await client.workflow.getHandle(accessPassWorkflowId(id)).fetchHistory();
    return (events ?? []).flatMap((event) => {
      if (event.workflowExecutionStartedEventAttributes) return ['started'];
      return event.workflowExecutionSignaledEventAttributes?.signalName ?? [];
    });
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
    throw error;
  }
}

/** Goes round until the workflow was told just this: a machine that is slow makes a decision older, and a round may then leave it out. */
const tells = (id: PassId, messages: string[]) =>
  expect
    .poll(
      async () => {
        await relay.round();
        return await told(id);
      },
      { timeout: 20_000 },
    )
    .toEqual(messages);

/** As a workflow does that has read the record. */
const heard = (id: PassId) => dataSource.manager.update(AccessPassEntity, { id }, { heardRevision: 1 });

it('begins a workflow that is not there, tells it once, and no more once it has heard', async () => {
  const id = await pass(unheard());
  await tells(id, ['started', 'changed']);
  await heard(id);
  for (let round = 0; round < 5; round += 1) await relay.round();
  expect(await told(id)).toEqual(['started', 'changed']);
});

it('tells a workflow that is there, and begins no second one', async () => {
  const id = await pass(unheard());
  const { userId } = await dataSource.manager.findOneByOrFail(AccessPassEntity, { id });
  const paid = { checkoutSessionId: 'cs', paymentIntentId: 'pi', amountCents: 499, currency: 'usd', paidAt: 1 };
  const start = accessPassStart({ passId: id, userId, passTypeId: '38_hours', source: 'grant' });
  const first = await client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: paidSignal, signalArgs: [paid] });
  await tells(id, ['started', 'paid', 'changed']);
  expect((await client.workflow.getHandle(accessPassWorkflowId(id)).describe()).runId).toBe(first.signaledRunId);
});

it('begins one anew where the first has ended', async () => {
  const id = await pass(unheard());
  await tells(id, ['started', 'changed']);
  const handle = client.workflow.getHandle(accessPassWorkflowId(id));
  const { runId } = await handle.describe();
  await handle.terminate();
  await expect
    .poll(
      async () => {
        await relay.round();
        return (await handle.describe()).runId;
      },
      { timeout: 20_000 },
    )
    .not.toBe(runId);
  expect(await told(id)).toEqual(['started', 'changed']);
});

it('leaves those that have heard, those of whom nothing was decided, and young decisions', async () => {
  const ids = [await pass({ ...unheard(), heardRevision: 1 }), await pass({}), await pass({ ...unheard(), decidedAt: new Date() })];
  await relay.round();
  expect(await Promise.all(ids.map(told))).toEqual([[], [], []]);
});

it('goes on over one that fails, and tells it when that is over', async () => {
  const [one, failing, other] = [await pass(unheard()), await pass(unheard()), await pass(unheard())];
  let failures = 0;
  const interceptors: ClientInterceptors = {
    workflow: [
      {
        signalWithStart: async (input, next) => {
          if (input.options.workflowId === accessPassWorkflowId(failing)) {
            failures += 1;
            throw new Error('of this test: not this one');
          }
          return await next(input);
        },
      },
    ],
  };
  const hampered = new PassRelay({ dataSource, client: new Client({ connection, namespace, interceptors }), logger });
  await expect
    .poll(
      async () => {
        await hampered.round();
        const [first = '', , last = ''] = await Promise.all([one, failing, other].map(async (id) => (await told(id))[0]));
        return [first, last, failures > 0];
      },
      { timeout: 20_000 },
    )
    .toEqual(['started', 'started', true]);
  expect(await told(failing)).toEqual([]);
  await tells(failing, ['started', 'changed']);
});

it('goes round by itself until it is stopped', async () => {
  relay.start();
  const id = await pass(unheard());
  await expect.poll(() => told(id), { timeout: 20_000 }).toEqual(['started', 'changed']);
  await relay.stop();
  const late = await pass(unheard());
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await told(late)).toEqual([]);
});
