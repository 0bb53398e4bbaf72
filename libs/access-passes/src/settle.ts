import type { PaymentStatus } from '@ckx/persistence';

/** What is known of a payment, in whatever order it became known. */
export interface PaymentFacts {
  readonly status: PaymentStatus;
  readonly paidAt: Date | null;
  /** Why it was refused. */
  readonly problem: string | null;
  readonly refundedAt: Date | null;
  readonly disputedAt: Date | null;
  readonly reinstatedAt: Date | null;
}

/**
 * What follows from the facts: the payment's status, and whether the pass it bought is revoked. A refund is for good; of a dispute and
 * its end the later one counts, and a dispute that begins and ends in the same second has ended.
 */
export function settle(facts: PaymentFacts): { readonly status: PaymentStatus; readonly revoked: 'refund' | 'dispute' | null } {
  const { paidAt, problem, refundedAt, disputedAt, reinstatedAt } = facts;
  // Nothing was paid as far as we know; what went back will count when it is told that it came.
  if (paidAt === null) return { status: facts.status, revoked: null };
  if (refundedAt !== null) return { status: 'refunded', revoked: 'refund' };
  if (disputedAt !== null && (reinstatedAt === null || disputedAt > reinstatedAt)) return { status: 'disputed', revoked: 'dispute' };
  return { status: problem === null ? 'paid' : 'refused', revoked: null };
}
