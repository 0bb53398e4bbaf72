import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, subjectOf, type BillingEvent } from './event.ts';
import type { Checkout } from './provider.ts';
import { messageOfCheckout, messageOfDispute, messageOfRefund } from './rules.ts';

const OPEN: Checkout = {
  id: 'cs_1',
  url: 'https://example.org',
  status: 'open',
  paymentStatus: 'unpaid',
  amountCents: 499,
  currency: 'usd',
  clientReferenceId: null,
  metadata: {},
  paymentIntentId: null,
  livemode: false,
  expiresAt: 1,
  paidAt: null,
  refunded: false,
  disputed: false,
};
const PAID: Checkout = { ...OPEN, status: 'complete', paymentStatus: 'paid', paymentIntentId: 'pi_1', paidAt: 7_000 };
const UNDER_WAY: Checkout = { ...OPEN, status: 'complete', paymentIntentId: 'pi_1' };
const EXPIRED: Checkout = { ...OPEN, status: 'expired' };
const paid = {
  kind: 'paid',
  checkout: { checkoutSessionId: 'cs_1', paymentIntentId: 'pi_1', amountCents: 499, currency: 'usd', paidAt: 7_000 },
};
const COMPLETED = 'checkout.session.completed';
const ARRIVED = 'checkout.session.async_payment_succeeded';
const FAILED = 'checkout.session.async_payment_failed';
const GONE = 'checkout.session.expired';

it.each([
  ['paid', COMPLETED, PAID, paid],
  ['on its way', COMPLETED, UNDER_WAY, null],
  ['told of too early', COMPLETED, OPEN, null],
  ['for nothing', COMPLETED, { ...PAID, paymentStatus: 'no_payment_required' }, null],
  ['without an intent', COMPLETED, { ...PAID, paymentIntentId: null }, null],
  ['arrived', ARRIVED, PAID, paid],
  ['arrived, and told of too early', ARRIVED, UNDER_WAY, null],
  ['failed', FAILED, UNDER_WAY, { kind: 'unpaid', why: 'failed' }],
  ['failed, and then paid', FAILED, PAID, paid],
  ['expired', GONE, EXPIRED, { kind: 'unpaid', why: 'expired' }],
  ['expired, and paid all the same', GONE, PAID, paid],
  ['completed after all', GONE, UNDER_WAY, null],
] as const)('a checkout that is %s (%s)', (_, type, checkout, message) => {
  expect(messageOfCheckout(checkout, { type, created: 1 })).toEqual(message);
});

describe('money that goes back', () => {
  const charge = { paymentIntentId: 'pi_1', refunded: false, livemode: false };
  it('counts as a refund when all of it did', () => {
    const event = { type: 'charge.refunded', created: 5 };
    expect(messageOfRefund({ ...charge, refunded: true }, event)).toEqual({ kind: 'reversed', why: 'refund', at: 5_000 });
    expect(messageOfRefund(charge, event)).toBeNull();
  });

  const [CREATED, CLOSED] = ['charge.dispute.created', 'charge.dispute.closed'];
  const reversed = { kind: 'reversed', why: 'dispute', at: 5_000 };
  it.each([
    [CREATED, 'needs_response', false, reversed],
    [CREATED, 'warning_needs_response', false, reversed],
    [CREATED, 'something_new', false, reversed],
    [CREATED, 'won', false, null],
    [CREATED, 'lost', false, reversed],
    [CLOSED, 'won', false, { kind: 'reinstated', at: 5_000 }],
    [CLOSED, 'warning_closed', false, { kind: 'reinstated', at: 5_000 }],
    [CLOSED, 'prevented', false, { kind: 'reinstated', at: 5_000 }],
    [CLOSED, 'won', true, null],
    [CLOSED, 'lost', false, reversed],
    [CLOSED, 'appeal_under_review', false, reversed],
  ] as const)('%s of one that is %s, refunded: %s', (type, status, refunded, message) => {
    expect(messageOfDispute({ status, livemode: false, charge: { ...charge, refunded } }, { type, created: 5 })).toEqual(message);
  });
});

describe('an event', () => {
  const event: BillingEvent = { id: 'evt_1', type: COMPLETED, created: 1, livemode: false, data: { object: { id: 'cs_1' } } };
  it('is looked at for what it is about', () => {
    expect(subjectOf(event, { livemode: false })).toEqual({ kind: 'checkout', id: 'cs_1' });
    expect(EVENT_TYPES.map((type) => subjectOf({ ...event, type }, { livemode: false }).kind)).toEqual([
      ...Array.from({ length: 4 }, () => 'checkout'),
      'charge',
      'dispute',
      'dispute',
    ]);
  });

  it.each([
    ['of a connected account', { account: 'acct_1' }, 'other_account'],
    ['of the other mode', { livemode: true }, 'other_mode'],
    ['about nothing', { data: { object: {} } }, 'no_object'],
  ])('%s is refused', (_, values, why) => {
    expect(subjectOf({ ...event, ...values }, { livemode: false })).toEqual({ kind: 'refused', why });
  });

  it.each(['invoice.paid', '', 'toString', 'constructor', '__proto__'])('of the type %j is ignored', (type) => {
    expect(subjectOf({ ...event, type }, { livemode: false })).toEqual({ kind: 'ignored' });
  });
});
