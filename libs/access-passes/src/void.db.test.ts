/** Time that is given back, against a real Postgres. */
import type { ExamSessionId, PassId, UserId } from '@ckx/contracts';
import {
  AccessPassEntity,
  ExamSessionEntity,
  inTransaction,
  MailEntity,
  openDatabase,
  type DataSource,
  type ExamSessionRow,
} from '@ckx/persistence';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { insertSession, insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { activatePass, compensate, usePass } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let dataSource: DataSource;
let userId: UserId;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  userId = await insertUser(dataSource.manager);
});

/** A session that took forty minutes and has just ended. */
async function session(accessPassId: PassId | null, values: Partial<ExamSessionRow> = {}): Promise<ExamSessionId> {
  const endedAt = new Date();
  const createdAt = new Date(endedAt.getTime() - 40 * MINUTE);
  const failure = { type: 'infra', code: 'HOST_LOST', reason: 'The machine failed.' } as const;
  return await insertSession(dataSource.manager, {
    userId,
    accessPassId,
    createdAt,
    endedAt,
    startedAt: createdAt,
    state: 'failed',
    failure,
    ...values,
  });
}
const makeGood = (id: ExamSessionId) => inTransaction(dataSource, (tx) => compensate(tx, id, 'The machine failed.'));
const pass = (id: PassId) => dataSource.manager.findOneByOrFail(AccessPassEntity, { id });
const returned = async (id: ExamSessionId) => (await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id })).passTimeReturnedMs;
const moved = (from: Date | null, to: Date | null) => (to?.getTime() ?? 0) - (from?.getTime() ?? 0);

it('lengthens the pass by the time that the session took, once, and moves those behind it', async () => {
  const id = await insertRunningPass(dataSource.manager, userId);
  const behind = await insertPass(dataSource.manager, userId);
  const before = await inTransaction(dataSource, (tx) => activatePass(tx, userId, behind));
  const { expiresAt } = await pass(id);
  const of = await session(id);
  await Promise.all(Array.from({ length: 5 }, () => makeGood(of)));
  await makeGood(of);
  expect(moved(expiresAt, (await pass(id)).expiresAt)).toBe(40 * MINUTE);
  const after = await pass(behind);
  expect([moved(before.startsAt, after.startsAt), moved(before.expiresAt, after.expiresAt)]).toEqual([40 * MINUTE, 40 * MINUTE]);
  expect([(await pass(id)).revision, after.revision]).toEqual([1, 2]);
  expect(await returned(of)).toBe(40 * MINUTE);
  const mails = await dataSource.manager.findBy(MailEntity, { userId, kind: 'attempt_voided' });
  expect(mails).toMatchObject([{ data: { labTitle: 'A lab', reason: 'The machine failed.' } }]);
});

it('goes to the pass that runs by then, where the session’s own is over', async () => {
  const over = await insertRunningPass(dataSource.manager, userId, { startsAt: Date.now() - 39 * HOUR, expiresAt: Date.now() - HOUR });
  const running = await insertRunningPass(dataSource.manager, userId, { startsAt: Date.now() - HOUR });
  const before = [await pass(over), await pass(running)] as const;
  await makeGood(await session(over));
  expect(moved(before[0].expiresAt, (await pass(over)).expiresAt)).toBe(0);
  expect(moved(before[1].expiresAt, (await pass(running)).expiresAt)).toBe(40 * MINUTE);
});

it('revives a pass that has expired, for an hour at least', async () => {
  const start = Date.now() - 39 * HOUR;
  const id = await insertRunningPass(dataSource.manager, userId, { startsAt: start, expiresAt: Date.now() - HOUR });
  await dataSource.manager.update(AccessPassEntity, id, { status: 'expired', expiredAt: new Date() });
  const use = () => inTransaction(dataSource, (tx) => usePass(tx, userId, { mayActivate: true }));
  await expect(use()).rejects.toMatchObject({ code: 'PASS_REQUIRED' });
  const of = await session(id);
  await makeGood(of);
  const { status, expiresAt, startsAt } = await pass(id);
  expect([status, startsAt?.getTime(), await returned(of)]).toEqual(['activated', start, HOUR]);
  expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - HOUR)).toBeLessThan(5_000);
  expect((await use()).pass.id).toBe(id);
});

it('gives nothing where no pass was used, and tells of no attempt where there was none', async () => {
  const of = await session(null, { startedAt: null });
  await makeGood(of);
  expect(await returned(of)).toBeNull();
  expect(await dataSource.manager.countBy(MailEntity, { userId })).toBe(0);
  await makeGood(await session(null));
  expect(await dataSource.manager.countBy(MailEntity, { userId })).toBe(1);
});
