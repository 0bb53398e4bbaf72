import { expect, it } from 'vitest';
import { settle, type PaymentFacts } from './settle.ts';

const at = (second: number) => new Date(second * 1000);
const OPEN: PaymentFacts = { status: 'open', paidAt: null, problem: null, refundedAt: null, disputedAt: null, reinstatedAt: null };
const PAID: PaymentFacts = { ...OPEN, paidAt: at(1) };

it.each([
  ['open', OPEN, null],
  ['failed', { ...OPEN, status: 'failed' }, null],
  ['paid', PAID, null],
  ['paid', { ...PAID, status: 'expired' }, null],
  ['refused', { ...PAID, problem: 'another amount' }, null],
  ['open', { ...OPEN, refundedAt: at(2) }, null],
  ['refunded', { ...PAID, refundedAt: at(2) }, 'refund'],
  ['refunded', { ...PAID, problem: 'another amount', refundedAt: at(2) }, 'refund'],
  ['disputed', { ...PAID, disputedAt: at(2) }, 'dispute'],
  ['paid', { ...PAID, disputedAt: at(2), reinstatedAt: at(3) }, null],
  ['paid', { ...PAID, disputedAt: at(2), reinstatedAt: at(2) }, null],
  ['disputed', { ...PAID, disputedAt: at(4), reinstatedAt: at(3) }, 'dispute'],
  ['refunded', { ...PAID, disputedAt: at(2), reinstatedAt: at(3), refundedAt: at(4) }, 'refund'],
] as const)('%s from %j', (status, facts, revoked) => {
  expect(settle(facts)).toEqual({ status, revoked });
});
