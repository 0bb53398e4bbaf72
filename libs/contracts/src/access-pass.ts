/**
 * The messages of `accessPassWorkflow`, one per pass, from the checkout to the end of its time (design §6). Postgres holds what the
 * candidate is told; the workflow is told of facts that came from outside (Stripe) and of decisions that are on record already.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { PassStatus, PassTypeId } from './access.ts';
import type { PassId, UserId } from './ids.ts';

export const ACCESS_PASS_WORKFLOW = 'accessPassWorkflow';

/** The only place that makes an access pass's workflow id. */
export function accessPassWorkflowId(passId: PassId): string {
  return `access-pass/${passId}`;
}

export interface AccessPassInput {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly passTypeId: PassTypeId;
  /** `grant`: given by an administrator, and on record before the workflow starts. */
  readonly source: 'purchase' | 'grant';
}

/** What Stripe says was paid, after the checkout was fetched from it; ids of Stripe, no personal data. */
export interface PaidCheckout {
  readonly checkoutSessionId: string;
  readonly paymentIntentId: string;
  readonly amountCents: number;
  readonly currency: string;
  /** Epoch milliseconds. */
  readonly paidAt: number;
}
/** The checkout was paid. Told once or often, before or after anything else: one pass. */
export const paidSignal = defineSignal<[PaidCheckout]>('paid');

/** The checkout ended without payment: it expired, or a delayed payment failed. A payment that is told of all the same wins. */
export const unpaidSignal = defineSignal<[{ readonly why: 'failed' | 'expired' }]>('unpaid');

/** The money went back, or is in dispute: the pass is revoked. May arrive before `paid`. */
export const reversedSignal = defineSignal<[{ readonly why: 'refund' | 'dispute'; readonly at: number }]>('reversed');

/** A dispute was won: the pass is what it was, its time runs as it ran. */
export const reinstatedSignal = defineSignal<[{ readonly at: number }]>('reinstated');

/** The record says more than the workflow has heard (activated, time given back, revoked or restored by an administrator): it reads it again. */
export const passChangedSignal = defineSignal<[]>('changed');

export interface AccessPassView {
  /** null: not paid yet. */
  readonly status: PassStatus | null;
  readonly expiresAt: number | null;
}
export const accessPassStatusQuery = defineQuery<AccessPassView>('status');
