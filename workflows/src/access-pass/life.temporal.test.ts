/** Real Temporal, real Postgres: the workflow of a pass from payment to end. */
import { randomUUID } from 'node:crypto';
import { activatePass, revokePass } from '@ckx/access-passes';
import { PassId } from '@ckx/contracts';
import { accessPassStatusQuery, accessPassWorkflowId } from '@ckx/contracts/access-pass';
import { inTransaction, PaymentEntity, UserEntity } from '@ckx/persistence';
import { insertPass } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, eventually, type Installation } from '../../test/installation.ts';
import { TestPass } from '../../test/passes.ts';
import { testServices } from '../../test/test-services.ts';

const HOUR = 3_600_000;
const SECOND = 1_000;
let ckx: Installation;
beforeAll(async () => {
  ckx = await createInstallation(await testServices());
  await ckx.startControl();
});
afterAll(() => ckx.stop());

const handle = ({ id }: TestPass) => ckx.client.workflow.getHandle(accessPassWorkflowId(id));
const ended = (pass: TestPass) => handle(pass).result();
const isOpen = async (pass: TestPass) => (await handle(pass).describe()).status.name === 'RUNNING';
const heard = (pass: TestPass) =>
  eventually(async () => {
    const row = await pass.row();
    if (row === null || row.heardRevision < row.revision) throw new Error('not heard yet');
    return row;
  });

it('is bought, activated, and expires when it should, to the second', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid();
  await pass.waitFor('purchased');
  expect(await handle(pass).query(accessPassStatusQuery)).toEqual({ status: 'purchased', expiresAt: null });
  const { expiresAt } = await inTransaction(ckx.dataSource, (tx) => activatePass(tx, pass.input.userId, pass.id));
  await pass.changed();
  await heard(pass);
  await expect
    .poll(() => handle(pass).query(accessPassStatusQuery), { timeout: 20 * SECOND })
    .toEqual({ status: 'activated', expiresAt: expiresAt?.getTime() });

  const end = Date.now() + 2 * SECOND;
  await pass.runUntil(end, HOUR);
  const { expiredAt } = await pass.waitFor('expired');
  const lateMs = (expiredAt?.getTime() ?? 0) - end;
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(SECOND);
  await ended(pass);
  const mails = await Promise.all(['receipt', 'pass_activated', 'pass_ending', 'pass_expired'].map((kind) => pass.mails(kind)));
  expect(mails).toEqual([1, 1, 0, 1]);
});

it('says that it ends, two hours before, once for each end', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid();
  await pass.waitFor('purchased');
  await pass.runUntil(Date.now() + 2 * HOUR + SECOND, 38 * HOUR);
  await heard(pass);
  expect(await pass.mails('pass_ending')).toBe(0);
  await expect.poll(() => pass.mails('pass_ending'), { timeout: 20 * SECOND }).toBe(1);
  await pass.changed();
  // Given time: it ends later, and of that end it is said again.
  await pass.runUntil(Date.now() + 2 * HOUR + SECOND, 39 * HOUR);
  await expect.poll(() => pass.mails('pass_ending'), { timeout: 20 * SECOND }).toBe(2);
});

it('is given no longer than it is there: the workflow ends with its owner’s account', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid();
  await pass.waitFor('purchased');
  await ckx.dataSource.manager.delete(UserEntity, pass.input.userId);
  await pass.changed();
  await ended(pass);
});

it('that was given waits to be activated, and ends when it is revoked', async () => {
  const userId = await insertUser(ckx.dataSource.manager);
  const pass = new TestPass(ckx, await insertPass(ckx.dataSource.manager, userId, { revision: 1 }), userId, 'grant');
  await pass.changed();
  await heard(pass);
  expect(await isOpen(pass)).toBe(true);
  await inTransaction(ckx.dataSource, (tx) => revokePass(tx, pass.id, 'a test'));
  await pass.changed();
  await ended(pass);
});

it('that was never given ends at once', async () => {
  const pass = new TestPass(ckx, PassId.parse(randomUUID()), await insertUser(ckx.dataSource.manager), 'grant');
  await pass.changed();
  await ended(pass);
});

it('that is not what was asked is refused, and the workflow ends', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid({ amountCents: 1 });
  await ended(pass);
  expect(await pass.row()).toBeNull();
  expect(await ckx.dataSource.manager.findOneBy(PaymentEntity, { passId: pass.id })).toMatchObject({ status: 'refused' });
});

it('outlives a dispute: its time runs as it ran', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid();
  await pass.waitFor('purchased');
  const end = Date.now() + 6 * SECOND;
  await pass.runUntil(end, HOUR);
  await pass.reversed('dispute', 1);
  await pass.waitFor('revoked');
  expect(await isOpen(pass)).toBe(true);
  await pass.reinstated(2);
  await pass.waitFor('activated');
  const { expiredAt, expiresAt } = await pass.waitFor('expired');
  expect(expiresAt?.getTime()).toBe(end);
  expect((expiredAt?.getTime() ?? 0) - end).toBeLessThan(SECOND);
  await ended(pass);
});

it('that was lost to a dispute is given again by a workflow that begins anew', async () => {
  const pass = await TestPass.ofCheckout(ckx);
  await pass.paid();
  await pass.reversed('dispute', 1);
  await pass.waitFor('revoked');
  await handle(pass).terminate();
  await pass.reinstated(2);
  await pass.waitFor('purchased');
});

describe('whatever is told, in any order and number, comes to the same one pass and one receipt', () => {
  const TOLD = {
    paid: (pass: TestPass) => pass.paid(),
    unpaid: (pass: TestPass) => pass.unpaid(),
    dispute: (pass: TestPass) => pass.reversed('dispute', 10),
    won: (pass: TestPass) => pass.reinstated(20),
    refund: (pass: TestPass) => pass.reversed('refund', 30),
    changed: (pass: TestPass) => pass.changed(),
  } as const;
  type Told = keyof typeof TOLD;

  it.each([
    { facts: ['paid', 'unpaid', 'changed'], status: 'purchased', payment: 'paid' },
    { facts: ['paid', 'unpaid', 'dispute', 'won'], status: 'purchased', payment: 'paid' },
    { facts: ['paid', 'unpaid', 'dispute', 'won', 'refund'], status: 'revoked', payment: 'refunded' },
  ] as const)('$facts: $status, $payment', async ({ facts, status, payment }) => {
    const some: readonly Told[] = facts;
    const inAnyOrder = fc
      .array(fc.constantFrom(...some), { maxLength: 5 })
      .chain((again) => fc.shuffledSubarray([...some, ...again], { minLength: some.length + again.length }));
    await fc.assert(
      fc.asyncProperty(inAnyOrder, fc.boolean(), async (told, together) => {
        const pass = await TestPass.ofCheckout(ckx);
        if (together) await Promise.all(told.map((fact) => TOLD[fact](pass)));
        else for (const fact of told) await TOLD[fact](pass);
        await pass.settled();
        const { status: paid } = await ckx.dataSource.manager.findOneByOrFail(PaymentEntity, { passId: pass.id });
        expect([(await pass.row())?.status, paid, await pass.mails('receipt')]).toEqual([status, payment, 1]);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
