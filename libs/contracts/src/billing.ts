/** Bodies and answers of `/api/v1/billing`, and of payments for administrators (design §6). Unknown fields are refused. */
import { z } from 'zod';
import { PassStatus, PassTypeId } from './access.ts';
import { PassId, UserId } from './ids.ts';

export const PaymentId = z.uuid().brand('PaymentId');
export type PaymentId = z.infer<typeof PaymentId>;

export const PaymentState = z.enum(['open', 'paid', 'failed', 'expired', 'refunded', 'disputed', 'refused']);
export type PaymentState = z.infer<typeof PaymentState>;

export const PlanView = z.object({
  id: z.union([z.literal('free_trial'), PassTypeId]),
  name: z.string(),
  description: z.string(),
  priceCents: z.int().nonnegative(),
  currency: z.literal('usd'),
  /** From activation; null where there is no end. */
  durationHours: z.int().nullable(),
  /** Whether it is bought: the free trial needs an account and no card. */
  needsPayment: z.boolean(),
  features: z.array(z.string()),
});
export type PlanView = z.infer<typeof PlanView>;

export const PlansView = z.object({
  plans: z.array(PlanView),
  /** `stripe`: money; `test`: Stripe in test mode; `sandbox`: a checkout of our own; the last two take no money. `none`: nothing is sold. */
  payments: z.enum(['stripe', 'test', 'sandbox', 'none']),
});
export type PlansView = z.infer<typeof PlansView>;

export const CheckoutBody = z.strictObject({ passTypeId: PassTypeId });
export type CheckoutBody = z.infer<typeof CheckoutBody>;

/** A checkout that was begun: the candidate goes to `url`, pays there, and comes back. */
export const CheckoutView = z.object({
  checkoutSessionId: z.string(),
  url: z.url(),
  passTypeId: PassTypeId,
  priceCents: z.int(),
  currency: z.string(),
  /** Paid in the sandbox: no money moves. */
  sandbox: z.boolean(),
  expiresAt: z.iso.datetime(),
});
export type CheckoutView = z.infer<typeof CheckoutView>;

/** What became of a checkout, by our records. */
export const CheckoutStatusView = z.object({
  checkoutSessionId: z.string(),
  /** `open`: not paid, or not heard of yet; `refused`: what was paid is not the price. */
  status: PaymentState,
  passTypeId: PassTypeId,
  priceCents: z.int(),
  currency: z.string(),
  sandbox: z.boolean(),
  /** null: not paid yet. */
  pass: z.object({ passId: PassId, status: PassStatus, expiresAt: z.iso.datetime().nullable() }).nullable(),
});
export type CheckoutStatusView = z.infer<typeof CheckoutStatusView>;

/** Of an event that was not refused. */
export const WebhookAnswer = z.object({
  /** Nothing follows from it. */
  ignored: z.boolean(),
});
export type WebhookAnswer = z.infer<typeof WebhookAnswer>;

export const PaymentView = z.object({
  paymentId: PaymentId,
  passId: PassId,
  /** null once the account was deleted. */
  userId: UserId.nullable(),
  userEmail: z.string().nullable(),
  passTypeId: PassTypeId,
  priceCents: z.int(),
  currency: z.string(),
  status: PaymentState,
  /** Why it was refused. */
  problem: z.string().nullable(),
  sandbox: z.boolean(),
  checkoutSessionId: z.string().nullable(),
  paymentIntentId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  paidAt: z.iso.datetime().nullable(),
});
export type PaymentView = z.infer<typeof PaymentView>;

/** The newest first; `next` goes into `before` for the next page. */
export const PaymentPage = z.object({ payments: z.array(PaymentView), next: z.string().nullable() });
export type PaymentPage = z.infer<typeof PaymentPage>;

/** What can befall a payment of the sandbox afterwards. */
export const SandboxReversal = z.enum(['refund', 'dispute', 'win', 'lose']);
export type SandboxReversal = z.infer<typeof SandboxReversal>;

export const SandboxReversalBody = z.strictObject({ what: SandboxReversal, reason: z.string().trim().min(1).max(300) });
export type SandboxReversalBody = z.infer<typeof SandboxReversalBody>;
