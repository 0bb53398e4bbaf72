/** What no webhook told of, found at a Stripe that remembers. */
import { PaymentId, type PassTypeId } from '@ckx/contracts';
import { openDatabase, PaymentEntity, type DataSource, type PaymentStatus } from '@ckx/persistence';
import { insertUser } from '@ckx/test-support/records';
import { insertPayment } from '@ckx/test-support/passes';
import { testPostgres } from '@ckx/test-support/services';
import { StripePeer } from '@ckx/test-support/stripe-peer';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OwnPayment } from './payments.ts';
import { reconcile } from './reconcile.ts';
import type { PassMessage } from './rules.ts';
import { StripeProvider } from './stripe.ts';

const DAY = 86_400_000;
let database: DataSource;
let peer: StripePeer;
let provider: StripeProvider;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
  peer = await StripePeer.start();
  provider = new StripeProvider({ secretKey: 'sk_test_x', apiBase: peer.url });
});
afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await database.destroy();
});
beforeEach(async () => {
  peer.sessions.clear();
  await database.query('DELETE FROM payments');
});

/** A checkout that was begun by the real client. */
async function begin({ status = 'open', daysAgo = 0, noted = true }: { status?: PaymentStatus; daysAgo?: number; noted?: boolean } = {}) {
  const userId = await insertUser(database.manager);
  const passId = await insertPayment(database.manager, userId, { checkoutSessionId: null });
  const { id } = await database.manager.findOneByOrFail(PaymentEntity, { passId });
  const paymentId = PaymentId.parse(id);
  const passTypeId: PassTypeId = '38_hours';
  const wanted = { paymentId, passId, userId, passTypeId, name: 'A pass', description: 'A pass', priceCents: 499, currency: 'usd' };
  const checkout = await provider.createCheckout({ ...wanted, successUrl: 'https://example.org', cancelUrl: 'https://example.org' });
  const createdAt = new Date(Date.now() - daysAgo * DAY);
  const paidAt = status === 'open' || status === 'expired' || status === 'failed' ? null : createdAt;
  await database.manager.update(PaymentEntity, id, { status, paidAt, createdAt, checkoutSessionId: noted ? checkout.id : null });
  return { paymentId, checkoutId: checkout.id };
}

async function look() {
  const told: [string, PassMessage][] = [];
  const tell = (payment: OwnPayment, message: PassMessage) => {
    told.push([payment.id, message]);
    return Promise.resolve();
  };
  const report = await reconcile({ dataSource: database, provider, since: Date.now() - 30 * DAY, tell });
  expect(report.told).toEqual([...new Set(told.map(([id]) => id))]);
  const kinds = told.map(([id, message]) => [id, message.kind === 'reversed' ? message.why : message.kind] as const);
  return { ...report, told: Object.fromEntries(kinds) };
}

it('tells of every payment that is not recorded as paid, over many pages, and of no other', async () => {
  const missed = [await begin(), await begin({ status: 'expired' }), await begin({ status: 'failed' }), await begin({ noted: false })];
  const known = [await begin({ status: 'paid' }), await begin({ status: 'refunded' }), await begin({ status: 'refused' })];
  for (const { checkoutId } of [...missed, ...known]) peer.pay(checkoutId);
  const underWay = await begin();
  peer.payLater(underWay.checkoutId);
  await begin();
  for (let i = 0; i < 120; i += 1) peer.pay(peer.foreign());
  const { looked, told, strangers } = await look();
  expect({ looked, strangers }).toEqual({ looked: 128, strangers: 120 });
  expect(told).toEqual(Object.fromEntries(missed.map(({ paymentId }) => [paymentId, 'paid'])));
  // Now it is known whose checkout it was.
  expect(await database.manager.findOneByOrFail(PaymentEntity, { id: missed[3]?.paymentId ?? '' })).toMatchObject({
    checkoutSessionId: missed[3]?.checkoutId,
  });
});

it('tells of checkouts that are over, a day after they were begun, and asks about no younger ones', async () => {
  const [gone, young, waiting] = [await begin({ daysAgo: 2 }), await begin(), await begin({ daysAgo: 2 })];
  for (const { checkoutId } of [gone, young]) peer.expire(checkoutId);
  expect((await look()).told).toEqual({ [gone.paymentId]: 'unpaid' });
  peer.pay(waiting.checkoutId);
  expect((await look()).told).toEqual({ [gone.paymentId]: 'unpaid', [waiting.paymentId]: 'paid' });
});

it('tells of refunds and disputes whose events never came, and of the end of a dispute', async () => {
  const [kept, back, partly, disputed, won, lost] = [
    await begin({ status: 'paid' }),
    await begin({ status: 'paid' }),
    await begin({ status: 'paid' }),
    await begin({ status: 'paid' }),
    await begin({ status: 'disputed' }),
    await begin({ status: 'disputed' }),
  ];
  // Neither payment nor refund were heard of.
  const both = await begin();
  for (const { checkoutId } of [kept, back, partly, disputed, won, lost, both]) peer.pay(checkoutId);
  for (const { checkoutId } of [back, both]) peer.refund(checkoutId);
  peer.refund(partly.checkoutId, 100);
  for (const { checkoutId } of [disputed, won, lost]) peer.dispute(checkoutId);
  peer.closeDispute(won.checkoutId, 'won');
  peer.closeDispute(lost.checkoutId, 'lost');
  expect((await look()).told).toEqual({
    [back.paymentId]: 'refund',
    [both.paymentId]: 'refund',
    [disputed.paymentId]: 'dispute',
    [won.paymentId]: 'reinstated',
  });
  // Recorded by then: nothing more is told.
  for (const { paymentId, status } of [
    { ...back, status: 'refunded' as const },
    { ...both, status: 'refunded' as const },
    { ...disputed, status: 'disputed' as const },
    { ...won, status: 'paid' as const },
  ]) {
    await database.manager.update(PaymentEntity, paymentId, { status, paidAt: new Date() });
  }
  expect((await look()).told).toEqual({});
});

it('says that Stripe is away, and tells nothing', async () => {
  peer.pay((await begin()).checkoutId);
  peer.isDown = true;
  try {
    await expect(look()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' });
  } finally {
    peer.isDown = false;
  }
});
