/** What CKX asks of whoever takes the money: Stripe, or the sandbox in its place. */
import type { PassId, PassTypeId, PaymentId, UserId } from '@ckx/contracts';

export interface CheckoutRequest {
  readonly paymentId: PaymentId;
  readonly passId: PassId;
  readonly userId: UserId;
  readonly passTypeId: PassTypeId;
  readonly name: string;
  readonly description: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** A checkout session, as whoever takes the money knows it at this moment. */
export interface Checkout {
  readonly id: string;
  /** Where it is paid; null once it is not open any more. */
  readonly url: string | null;
  /** `open`, `complete` or `expired`; Stripe may come to have more. */
  readonly status: string;
  /** `paid`, `unpaid` or `no_payment_required`. */
  readonly paymentStatus: string;
  readonly amountCents: number | null;
  readonly currency: string | null;
  /** The payment's id, where it is one of ours. */
  readonly clientReferenceId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly paymentIntentId: string | null;
  readonly livemode: boolean;
  /** Epoch milliseconds, as the next. */
  readonly expiresAt: number;
  readonly paidAt: number | null;
  /** All of the money went back. */
  readonly refunded: boolean;
  /** The payment was disputed once; whether it still is, the dispute says. */
  readonly disputed: boolean;
}

export interface Charge {
  readonly paymentIntentId: string | null;
  /** All of it went back. */
  readonly refunded: boolean;
  readonly livemode: boolean;
}

export interface Dispute {
  readonly status: string;
  readonly charge: Charge;
  readonly livemode: boolean;
}

/** Every method throws CkxError operational `STRIPE_UNAVAILABLE` where there is no answer; what is not known there is null. */
export interface PaymentProvider {
  readonly kind: 'stripe' | 'sandbox';
  /** Money moves. */
  readonly livemode: boolean;
  /** Asked again for the same payment it answers with the same checkout. */
  createCheckout(request: CheckoutRequest): Promise<Checkout>;
  retrieveCheckout(id: string): Promise<Checkout | null>;
  findCheckoutOfIntent(paymentIntentId: string): Promise<Checkout | null>;
  /** Those that were completed, begun since then (epoch milliseconds). */
  listCompleted(since: number): AsyncIterable<Checkout>;
  retrieveCharge(id: string): Promise<Charge | null>;
  retrieveDispute(id: string): Promise<Dispute | null>;
  /** The latest one. */
  findDisputeOfIntent(paymentIntentId: string): Promise<Dispute | null>;
}
