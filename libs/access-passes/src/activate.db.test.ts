/** Activation against a real Postgres. */
import { randomUUID } from 'node:crypto';
import { PassId, type UserId } from '@ckx/contracts';
import { AccessPassEntity, inTransaction, MailEntity, openDatabase, UserEntity, type DataSource } from '@ckx/persistence';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { accessStatus, activatePass, listPasses, usePass } from './index.ts';

const HOUR = 3_600_000;
let dataSource: DataSource;
let userId: UserId;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  userId = await insertUser(dataSource.manager);
});

const activate = (id: PassId, as = userId) => inTransaction(dataSource, (tx) => activatePass(tx, as, id));
const use = (mayActivate = true) => inTransaction(dataSource, (tx) => usePass(tx, userId, { mayActivate }));
const row = (id: PassId) => dataSource.manager.findOneByOrFail(AccessPassEntity, { id });
const mails = (kind: string) => dataSource.manager.findBy(MailEntity, { userId, kind });

it('begins a pass’s time, tells its workflow and its owner, and does so once', async () => {
  const id = await insertPass(dataSource.manager, userId);
  const before = Date.now();
  const { activatedAt, startsAt, expiresAt } = await activate(id);
  expect(startsAt).toEqual(activatedAt);
  expect((expiresAt?.getTime() ?? 0) - (startsAt?.getTime() ?? 0)).toBe(38 * HOUR);
  expect(Math.abs((startsAt?.getTime() ?? 0) - before)).toBeLessThan(5_000);
  expect(await row(id)).toMatchObject({ status: 'activated', revision: 1, heardRevision: 0 });
  await expect(activate(id)).rejects.toMatchObject({ code: 'PASS_ALREADY_ACTIVATED', details: { expiresAt: expiresAt?.toISOString() } });
  expect(await mails('pass_activated')).toHaveLength(1);
  expect(await row(id)).toMatchObject({ expiresAt, revision: 1 });
});

it('is refused for another’s pass as for one that is not there, and for one that is over', async () => {
  const id = await insertPass(dataSource.manager, await insertUser(dataSource.manager));
  await expect(activate(id)).rejects.toMatchObject({ code: 'PASS_UNKNOWN' });
  await expect(activate(PassId.parse(randomUUID()))).rejects.toMatchObject({ code: 'PASS_UNKNOWN' });
  const over = await insertRunningPass(dataSource.manager, userId, { startsAt: Date.now() - 40 * HOUR });
  await expect(activate(over)).rejects.toMatchObject({ code: 'PASS_OVER' });
  const revoked = await insertPass(dataSource.manager, userId, { status: 'revoked', revokedAt: new Date(), revocation: { why: 'refund' } });
  await expect(activate(revoked)).rejects.toMatchObject({ code: 'PASS_OVER' });
});

it('of a second one while the first runs puts it behind that one', async () => {
  const [first, second] = [await insertPass(dataSource.manager, userId), await insertPass(dataSource.manager, userId)];
  const { expiresAt } = await activate(first);
  const later = await activate(second);
  expect(later.startsAt).toEqual(expiresAt);
  const status = await accessStatus(dataSource, userId);
  expect(status).toMatchObject({ valid: true, passId: first, expiresAt: expiresAt?.toISOString(), waiting: [] });
  expect(status).toMatchObject({ upcoming: [{ id: second }], accessUntil: later.expiresAt?.toISOString() });
  expect(status.remainingSeconds).toBeGreaterThan(38 * 3600 - 10);
  expect((await mails('pass_activated')).map(({ data }) => data)).toContainEqual(
    expect.objectContaining({ startsAt: expiresAt?.toISOString() }),
  );
});

it('of many at once gives each a time of its own, one after the other', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => insertPass(dataSource.manager, userId)));
  const rows = await Promise.all(ids.map((id) => activate(id)));
  const inOrder = rows.toSorted((a, b) => (a.startsAt?.getTime() ?? 0) - (b.startsAt?.getTime() ?? 0));
  for (const [index, { expiresAt }] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next !== undefined) expect(next.startsAt).toEqual(expiresAt);
  }
});

it('by a hundred at once is one activation', async () => {
  const [oldest] = [await insertPass(dataSource.manager, userId), await insertPass(dataSource.manager, userId)];
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? activate(oldest).then(() => true) : use().then(({ activated }) => activated),
    ),
  );
  expect(results.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'PASS_ALREADY_ACTIVATED' });
  expect((await listPasses(dataSource, userId)).map(({ status }) => status)).toEqual(['activated', 'purchased']);
  expect(await mails('pass_activated')).toHaveLength(1);
});

it('comes by itself with the first full lab, of the oldest pass; a valid one is used as it is', async () => {
  await insertPass(dataSource.manager, userId, { purchasedAt: new Date(Date.now() - HOUR) });
  const oldest = await insertPass(dataSource.manager, userId, { purchasedAt: new Date(Date.now() - 2 * HOUR) });
  expect(await use()).toMatchObject({ pass: { id: oldest }, activated: true });
  expect(await use()).toMatchObject({ pass: { id: oldest }, activated: false });
});

it('asks for a pass, and says which one waits where it may not be activated', async () => {
  await expect(use()).rejects.toMatchObject({ code: 'PASS_REQUIRED', details: { waitingPassId: null, pricing: '/pricing' } });
  const id = await insertPass(dataSource.manager, userId);
  await expect(use(false)).rejects.toMatchObject({ code: 'PASS_REQUIRED', details: { waitingPassId: id } });
  expect((await row(id)).status).toBe('purchased');
});

it('a pass opens full labs to the last moment and no longer, whether or not its end is on record', async () => {
  await insertRunningPass(dataSource.manager, userId, { startsAt: Date.now() - HOUR, expiresAt: Date.now() + 1_000 });
  expect(await use()).toMatchObject({ activated: false });
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await expect(use()).rejects.toMatchObject({ code: 'PASS_REQUIRED' });
  expect(await accessStatus(dataSource, userId)).toMatchObject({ valid: false, type: null, remainingSeconds: 0, accessUntil: null });
  expect(await listPasses(dataSource, userId)).toMatchObject([{ status: 'expired' }]);
});

it('goes with its owner’s account', async () => {
  const id = await insertPass(dataSource.manager, userId);
  await dataSource.manager.delete(UserEntity, userId);
  await expect(activate(id)).rejects.toMatchObject({ code: 'PASS_UNKNOWN' });
  expect(await dataSource.manager.countBy(AccessPassEntity, { id })).toBe(0);
});
