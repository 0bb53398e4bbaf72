/**
 * What a pass is told of, given an event and what is true of its subject by now. Both matter: the event says what happened, and when; the
 * truth says whether it still holds. So the same events in any order, and any number of times, tell the same.
 */
import type { PaidCheckout } from '@ckx/contracts/access-pass';
import type { BillingEvent } from './event.ts';
import type { Charge, Checkout, Dispute } from './provider.ts';

export type PassMessage =
  | { readonly kind: 'paid'; readonly checkout: PaidCheckout }
  | { readonly kind: 'unpaid'; readonly why: 'failed' | 'expired' }
  | { readonly kind: 'reversed'; readonly why: 'refund' | 'dispute'; readonly at: number }
  | { readonly kind: 'reinstated'; readonly at: number };

type EventFacts = Pick<BillingEvent, 'type' | 'created'>;

/** A dispute in these states took nothing, or gave it back. */
const SETTLED_FOR_US = new Set(['won', 'warning_closed', 'prevented']);

/** @returns null where nothing follows: a delayed payment is on its way, or the event is older than the truth. */
export function messageOfCheckout(checkout: Checkout, event: EventFacts): PassMessage | null {
  const paid = paidMessage(checkout);
  if (paid !== null) return paid;
  if (event.type === 'checkout.session.async_payment_failed') return { kind: 'unpaid', why: 'failed' };
  return checkout.status === 'expired' ? { kind: 'unpaid', why: 'expired' } : null;
}

/** @returns null where it is not paid: only `paid` counts, whatever the session's status says. */
export function paidMessage(checkout: Checkout): Extract<PassMessage, { kind: 'paid' }> | null {
  const { id, paymentStatus, paymentIntentId, amountCents, currency, paidAt } = checkout;
  if (paymentStatus !== 'paid' || paymentIntentId === null || amountCents === null || currency === null || paidAt === null) return null;
  return { kind: 'paid', checkout: { checkoutSessionId: id, paymentIntentId, amountCents, currency, paidAt } };
}

/** A pass is bought whole: a refund of a part is a courtesy, and the pass stays. */
export function messageOfRefund({ refunded }: Charge, { created }: EventFacts): PassMessage | null {
  return refunded ? { kind: 'reversed', why: 'refund', at: created * 1_000 } : null;
}

export function messageOfDispute({ status, charge }: Dispute, { type, created }: EventFacts): PassMessage | null {
  const at = created * 1_000;
  if (!SETTLED_FOR_US.has(status)) return { kind: 'reversed', why: 'dispute', at };
  // The first of two events that changed places: the second tells of the end. What was refunded meanwhile stays so.
  if (type !== 'charge.dispute.closed' || charge.refunded) return null;
  return { kind: 'reinstated', at };
}

/**
 * What became of the money after it came, compared with what is recorded of it: for a look that no event asked for.
 *
 * @param status of the payment.
 * @param dispute the latest one of the payment, asked for only where there is one.
 * @returns null where the record says what is true.
 */
export async function messageOfReversal(
  checkout: Pick<Checkout, 'refunded' | 'disputed'>,
  status: string,
  now: number,
  dispute: () => Promise<Dispute | null>,
): Promise<PassMessage | null> {
  if (status === 'refunded') return null;
  if (checkout.refunded) return { kind: 'reversed', why: 'refund', at: now };
  const found = checkout.disputed ? await dispute() : null;
  if (found === null) return null;
  const isSettled = SETTLED_FOR_US.has(found.status);
  if (status !== 'disputed') return isSettled ? null : { kind: 'reversed', why: 'dispute', at: now };
  return isSettled ? { kind: 'reinstated', at: now } : null;
}
