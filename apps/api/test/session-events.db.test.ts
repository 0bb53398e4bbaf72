import { UserView } from '@ckx/contracts';
import { EnvironmentEntity, SessionEventEntity } from '@ckx/persistence';
import { insertSession } from '@ckx/test-support/records';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readEvents } from './event-source.ts';
import { startApi, type TestApi } from './harness.ts';
import { advance, emptyDatabase, end, giveEnvironment } from './session-records.ts';

/** Events. Temporal is where nobody listens: what the API promises without the engine is what it promises. */
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

test('come in order, resume after the last one, and end when nothing is left to happen', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  await giveEnvironment(api, id);
  const stream = readEvents(api.url, client, id);
  expect((await stream.next()).value).toMatchObject({ comment: 'still here' });
  await advance(api, id, 'initializing', 'ready');
  const first = (await stream.next()).value;
  const second = (await stream.next()).value;
  expect(first).toMatchObject({ event: 'transition', data: { kind: 'transition', data: { to: 'initializing' } } });
  expect(second).toMatchObject({ event: 'transition', data: { data: { to: 'ready' } } });
  await stream.return();

  await end(api, id, 'cancelled');
  const resumed = readEvents(api.url, client, id, first?.id);
  expect((await resumed.next()).value).toMatchObject({ id: second?.id });
  expect((await resumed.next()).value).toMatchObject({ data: { data: { to: 'terminated', outcome: 'cancelled' } } });
  // The environment is still there: the stream goes on.
  await api.database.manager.insert(SessionEventEntity, { examSessionId: id, kind: 'teardown', data: {} });
  const last = (await resumed.next()).value;
  expect(last).toMatchObject({ event: 'teardown' });
  await api.database.manager.update(EnvironmentEntity, { examSessionId: id }, { state: 'destroyed', destroyedAt: new Date() });
  expect((await resumed.next()).value).toMatchObject({ event: 'end', id: last?.id });
  expect((await resumed.next()).done).toBe(true);
});

test('a client that left is noticed, and an API that stops ends its streams', async () => {
  const own = await startApi();
  const client = await own.candidate();
  const id = await insertSession(own.database.manager, { userId: (await client.get('/users/me', UserView)).id });
  const streams = [readEvents(own.url, client, id), readEvents(own.url, client, id)];
  for (const stream of streams) await stream.next();
  await streams[0]?.return();
  const from = performance.now();
  await own.close();
  expect(performance.now() - from).toBeLessThan(3_000);
  expect((await streams[1]?.next())?.done).toBe(true);
});
