/**
 * Events of the webhook: whether one is to be believed, and what it is about. Of its content nothing is used but ids: what is true is asked
 * of whoever sent it, so that an old event, or one of another version of Stripe's API, says nothing wrong.
 */
import { CkxError } from '@ckx/contracts';
import Stripe from 'stripe';
import { z } from 'zod';

/** A signature is good for this long: Stripe signs each attempt anew. */
export const TOLERANCE_SECONDS = 300;

export const BillingEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  /** Epoch seconds. */
  created: z.int(),
  livemode: z.boolean(),
  /** Of a connected account: never ours. */
  account: z.string().nullish(),
  data: z.object({ object: z.object({ id: z.string().min(1).max(255).optional() }) }),
});
export type BillingEvent = z.infer<typeof BillingEvent>;

/** @throws CkxError user `SIGNATURE_INVALID`: not signed with the secret, signed too long ago, altered, or no event at all. */
export function verifyEvent(body: Uint8Array, signature: string | undefined, secret: string): BillingEvent {
  try {
    return BillingEvent.parse(Stripe.webhooks.constructEvent(body, signature ?? '', secret, TOLERANCE_SECONDS));
  } catch (cause) {
    throw new CkxError('user', 'SIGNATURE_INVALID', 'The event is not signed as it should be.', {
      remedy: 'Check that STRIPE_WEBHOOK_SECRET is the signing secret of this very endpoint, and the clock of this machine.',
      cause,
    });
  }
}

/** The header that goes with a body, as Stripe makes it. */
export function signEvent(body: string, secret: string): string {
  return Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
}

/** What to look at, or why nothing follows. */
export type Subject =
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly why: 'other_account' | 'other_mode' | 'no_object' }
  | { readonly kind: 'checkout' | 'charge' | 'dispute'; readonly id: string };

const SUBJECTS: Readonly<Record<string, 'checkout' | 'charge' | 'dispute'>> = {
  'checkout.session.completed': 'checkout',
  'checkout.session.async_payment_succeeded': 'checkout',
  'checkout.session.async_payment_failed': 'checkout',
  'checkout.session.expired': 'checkout',
  'charge.refunded': 'charge',
  'charge.dispute.created': 'dispute',
  'charge.dispute.closed': 'dispute',
};
/** What the endpoint must be subscribed to. */
export const EVENT_TYPES: readonly string[] = Object.keys(SUBJECTS);

export function subjectOf(event: BillingEvent, { livemode }: { readonly livemode: boolean }): Subject {
  if (event.account !== undefined && event.account !== null) return { kind: 'refused', why: 'other_account' };
  if (event.livemode !== livemode) return { kind: 'refused', why: 'other_mode' };
  const kind = Object.hasOwn(SUBJECTS, event.type) ? SUBJECTS[event.type] : undefined;
  if (kind === undefined) return { kind: 'ignored' };
  const { id } = event.data.object;
  return id === undefined ? { kind: 'refused', why: 'no_object' } : { kind, id };
}
