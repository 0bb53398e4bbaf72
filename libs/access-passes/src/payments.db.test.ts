/** Facts of the payment service against a real Postgres: in any order and number they give the same one pass and one receipt. */
import { randomUUID } from 'node:crypto';
import { PassId, UserId } from '@ckx/contracts';
import type { AccessPassInput, PaidCheckout } from '@ckx/contracts/access-pass';
import { AccessPassEntity, inTransaction, MailEntity, openDatabase, PaymentEntity, UserEntity, type DataSource } from '@ckx/persistence';
import { insertPass, insertPayment } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activatePass, grantPass, recordPaid, recordReinstated, recordReversed, recordUnpaid, revokePass } from './index.ts';

let dataSource: DataSource;
let userId: UserId;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  userId = await insertUser(dataSource.manager);
});

const PAID_AT = Date.UTC(2026, 0, 1);
const input = (passId: PassId, values: Partial<AccessPassInput> = {}): AccessPassInput => ({
  passId,
  userId,
  passTypeId: '38_hours',
  source: 'purchase',
  ...values,
});
const checkout = (passId: PassId, values: Partial<PaidCheckout> = {}): PaidCheckout => ({
  checkoutSessionId: `cs_test_${passId}`,
  paymentIntentId: `pi_${passId}`,
  amountCents: 499,
  currency: 'usd',
  paidAt: PAID_AT,
  ...values,
});

const pay = (asked: AccessPassInput, paid: PaidCheckout) => inTransaction(dataSource, (tx) => recordPaid(tx, asked, paid));
const unpaid = (passId: PassId) => inTransaction(dataSource, (tx) => recordUnpaid(tx, passId, 'failed'));
const reversed = (passId: PassId, why: 'refund' | 'dispute', second: number) =>
  inTransaction(dataSource, (tx) => recordReversed(tx, passId, why, new Date(PAID_AT + second * 1000)));
const reinstated = (passId: PassId, second: number) =>
  inTransaction(dataSource, (tx) => recordReinstated(tx, passId, new Date(PAID_AT + second * 1000)));
const payment = (passId: PassId) => dataSource.manager.findOneByOrFail(PaymentEntity, { passId });
const pass = (id: PassId) => dataSource.manager.findOneBy(AccessPassEntity, { id });
const receipts = (passId: PassId) => dataSource.manager.countBy(MailEntity, { eventKey: `receipt/${passId}` });

it('a payment gives a pass, and owes a receipt', async () => {
  const id = await insertPayment(dataSource.manager, userId);
  expect(await pay(input(id), checkout(id))).toBeNull();
  expect(await pass(id)).toMatchObject({ userId, status: 'purchased', source: 'purchase', durationHours: 38, priceCents: 499 });
  expect(await payment(id)).toMatchObject({ status: 'paid', paidAt: new Date(PAID_AT), paymentIntentId: `pi_${id}` });
  const [mail] = await dataSource.manager.findBy(MailEntity, { userId });
  expect(mail).toMatchObject({ kind: 'receipt', data: { passName: '38 Hours Access Pass', priceCents: 499, currency: 'usd' } });
});

describe('what does not fit what was asked gives no pass, and is kept for an administrator', () => {
  it.each([
    ['the amount', {}, { amountCents: 500 }],
    ['no amount', {}, { amountCents: 0 }],
    ['the currency', {}, { currency: 'eur' }],
    ['the plan', { passTypeId: '2_weeks' }, {}],
    ['the checkout', {}, { checkoutSessionId: 'cs_test_another' }],
  ] as const)('%s', async (_, asked, paid) => {
    const id = await insertPayment(dataSource.manager, userId);
    const problem = await pay(input(id, asked), checkout(id, paid));
    expect(problem).toBeTypeOf('string');
    expect(await pay(input(id, asked), checkout(id, paid))).toBe(problem);
    expect(await payment(id)).toMatchObject({ status: 'refused', problem, paidAt: new Date(PAID_AT) });
    expect([await pass(id), await receipts(id)]).toEqual([null, 0]);
    // Not by another try either; only the money can go back.
    await pay(input(id), checkout(id));
    expect(await pass(id)).toBeNull();
    await reversed(id, 'refund', 1);
    expect(await payment(id)).toMatchObject({ status: 'refunded', problem });
  });

  it('another account', async () => {
    const id = await insertPayment(dataSource.manager, userId);
    const stranger = await insertUser(dataSource.manager);
    expect(await pay(input(id, { userId: stranger }), checkout(id))).toContain('another account');
    expect(await pass(id)).toBeNull();
  });

  it('a payment that was for another pass', async () => {
    const [first, second] = [await insertPayment(dataSource.manager, userId), await insertPayment(dataSource.manager, userId)];
    await pay(input(first), checkout(first));
    expect(await pay(input(second), checkout(second, { paymentIntentId: `pi_${first}` }))).toContain('another pass');
    expect(await payment(second)).toMatchObject({ status: 'refused', paymentIntentId: null });
  });

  it('one that nobody asked for', async () => {
    const id = PassId.parse(randomUUID());
    expect(await pay(input(id), checkout(id))).toContain('No checkout of ours');
    expect(await payment(id)).toMatchObject({ status: 'refused', userId });
    const other = PassId.parse(randomUUID());
    await pay(input(other, { userId: UserId.parse(randomUUID()) }), checkout(other));
    expect(await payment(other)).toMatchObject({ status: 'refused', userId: null });
  });

  it('one of an account that is gone', async () => {
    const id = await insertPayment(dataSource.manager, userId);
    await dataSource.manager.delete(UserEntity, userId);
    expect(await pay(input(id), checkout(id))).toContain('account was deleted');
    expect(await payment(id)).toMatchObject({ status: 'refused', userId: null });
  });

  it('a second payment of the same pass changes nothing of it, and is on record by itself, once', async () => {
    const id = await insertPayment(dataSource.manager, userId, { checkoutSessionId: null });
    await pay(input(id), checkout(id));
    const before = await payment(id);
    const again = { checkoutSessionId: 'cs_test_again', paymentIntentId: 'pi_again' };
    for (const times of ['once', 'twice']) expect(await pay(input(id), checkout(id, again)), times).toContain('as well');
    expect(await payment(id)).toEqual(before);
    const second = await dataSource.manager.findBy(PaymentEntity, { checkoutSessionId: again.checkoutSessionId });
    expect(second).toMatchObject([{ status: 'refused', userId, ...again }]);
    await reversed(PassId.parse(second[0]?.passId), 'refund', 10);
    expect(await pass(id)).toMatchObject({ status: 'purchased' });
    expect(await payment(id)).toEqual(before);
  });
});

it('a refund or a dispute takes a running pass away, a won dispute gives it back as it was', async () => {
  const id = await insertPayment(dataSource.manager, userId);
  await pay(input(id), checkout(id));
  const { expiresAt } = await inTransaction(dataSource, (tx) => activatePass(tx, userId, id));
  await reversed(id, 'dispute', 10);
  expect(await pass(id)).toMatchObject({ status: 'revoked', revocation: { why: 'dispute' }, expiresAt });
  await reinstated(id, 20);
  expect(await pass(id)).toMatchObject({ status: 'activated', revokedAt: null, expiresAt });
  await reversed(id, 'dispute', 15);
  expect(await pass(id)).toMatchObject({ status: 'activated' });
  await reversed(id, 'refund', 30);
  await reinstated(id, 40);
  expect(await pass(id)).toMatchObject({ status: 'revoked', revocation: { why: 'refund' } });
  expect(await payment(id)).toMatchObject({ status: 'refunded' });
});

it('a dispute moves those that wait behind the pass up, and its end back', async () => {
  const [first, second] = [await insertPayment(dataSource.manager, userId), await insertPayment(dataSource.manager, userId)];
  for (const id of [first, second]) {
    await pay(input(id), checkout(id));
    await inTransaction(dataSource, (tx) => activatePass(tx, userId, id));
  }
  const before = await pass(second);
  const { revision = 0 } = before ?? {};
  await reversed(first, 'dispute', 1);
  const moved = await pass(second);
  expect(moved?.startsAt).toEqual((await pass(first))?.revokedAt);
  expect(moved?.revision).toBe(revision + 1);
  await reinstated(first, 2);
  expect(await pass(second)).toMatchObject({ startsAt: before?.startsAt, expiresAt: before?.expiresAt, revision: revision + 2 });
});

it('its owner is told once of each time that it is taken away and given back', async () => {
  const id = await insertPayment(dataSource.manager, userId);
  await pay(input(id), checkout(id));
  for (const repeat of [1, 2]) await reversed(id, 'dispute', repeat);
  for (const repeat of [3, 4]) await reinstated(id, repeat);
  await reversed(id, 'dispute', 5);
  await inTransaction(dataSource, (tx) => revokePass(tx, id, 'It was shared.'));
  const grant = { id: PassId.parse(randomUUID()), type: '38_hours' } as const;
  for (const repeat of [1, 2]) expect((await inTransaction(dataSource, (tx) => grantPass(tx, userId, grant))).granted).toBe(repeat === 1);
  const mails = await dataSource.manager.find(MailEntity, { where: { userId }, order: { createdAt: 'ASC' } });
  expect(mails).toMatchObject([
    { kind: 'receipt' },
    { kind: 'pass_revoked', data: { why: 'dispute', reason: null } },
    { kind: 'pass_restored' },
    { kind: 'pass_revoked', data: { why: 'dispute', reason: null } },
    { kind: 'pass_revoked', data: { why: 'administrator', reason: 'It was shared.' } },
    { kind: 'pass_granted' },
  ]);
});

it('an administrator’s decision stands, whatever becomes of the money', async () => {
  const id = await insertPayment(dataSource.manager, userId);
  await pay(input(id), checkout(id));
  await reversed(id, 'dispute', 1);
  const revoke = () => inTransaction(dataSource, (tx) => revokePass(tx, id, 'a test'));
  expect(await revoke()).toBe('revoked');
  expect(await revoke()).toBeNull();
  await reinstated(id, 2);
  expect(await pass(id)).toMatchObject({ status: 'revoked', revocation: { why: 'administrator', reason: 'a test' } });
  expect(await payment(id)).toMatchObject({ status: 'paid' });
});

it('facts about a pass that was given are nobody’s', async () => {
  const id = await insertPass(dataSource.manager, userId);
  await unpaid(id);
  await reversed(id, 'refund', 1);
  await reinstated(id, 2);
  expect(await pass(id)).toMatchObject({ status: 'purchased', revision: 0 });
});

/** Everything that may be told of a payment, and what it comes to when all of it was told. */
const TOLD = {
  paid: (id: PassId) => pay(input(id), checkout(id)),
  unpaid,
  dispute: (id: PassId) => reversed(id, 'dispute', 10),
  won: (id: PassId) => reinstated(id, 20),
  'second dispute': (id: PassId) => reversed(id, 'dispute', 30),
  refund: (id: PassId) => reversed(id, 'refund', 40),
} as const;
type Told = keyof typeof TOLD;
const inAnyOrder = (...facts: Told[]) =>
  fc
    .array(fc.constantFrom(...facts), { maxLength: 4 })
    .chain((again) => fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length }));

describe('in any order, and however often', () => {
  it.each([
    { facts: ['paid', 'unpaid'], status: 'paid', of: { status: 'purchased' } },
    { facts: ['paid', 'refund'], status: 'refunded', of: { status: 'revoked', revocation: { why: 'refund' } } },
    { facts: ['paid', 'dispute', 'won'], status: 'paid', of: { status: 'purchased', revokedAt: null, revocation: null } },
    { facts: ['paid', 'dispute', 'won', 'second dispute'], status: 'disputed', of: { status: 'revoked' } },
    {
      facts: ['paid', 'unpaid', 'dispute', 'won', 'second dispute', 'refund'],
      status: 'refunded',
      of: { status: 'revoked', revocation: { why: 'refund' } },
    },
  ] as const)('$facts come to $status', async ({ facts, status, of }) => {
    await fc.assert(
      fc.asyncProperty(inAnyOrder(...facts), fc.boolean(), async (told, together) => {
        const id = await insertPayment(dataSource.manager, userId);
        if (together) await Promise.all(told.map((fact) => TOLD[fact](id)));
        else for (const fact of told) await TOLD[fact](id);
        expect(await payment(id)).toMatchObject({ status, problem: null });
        expect(await pass(id)).toMatchObject(of);
        expect(await receipts(id)).toBe(1);
      }),
      { numRuns: 25 },
    );
  });
});
