/** Rows of the sandbox, which are to it what Stripe's own records are to Stripe. */
import { z } from 'zod';
import type { Checkout } from '../provider.ts';

export const SandboxCheckout = z.object({
  id: z.string(),
  paymentId: z.string(),
  name: z.string(),
  description: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  metadata: z.record(z.string(), z.string()),
  successUrl: z.string(),
  cancelUrl: z.string(),
  status: z.enum(['open', 'complete', 'expired']),
  paymentStatus: z.enum(['unpaid', 'paid']),
  bouncedAt: z.date().nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  paidAt: z.date().nullable(),
  refundedAt: z.date().nullable(),
  dispute: z.enum(['needs_response', 'won', 'lost']).nullable(),
});
export type SandboxCheckout = z.infer<typeof SandboxCheckout>;

export const COLUMNS = `id, payment_id AS "paymentId", name, description, amount_cents AS "amountCents", currency, metadata,
  success_url AS "successUrl", cancel_url AS "cancelUrl", status, payment_status AS "paymentStatus", bounced_at AS "bouncedAt",
  created_at AS "createdAt", expires_at AS "expiresAt", paid_at AS "paidAt", refunded_at AS "refundedAt", dispute`;

/** A checkout, its payment intent, its charge and its dispute share what follows the prefix. */
const PREFIXES = { checkout: 'cs_sandbox_', intent: 'pi_sandbox_', charge: 'ch_sandbox_', dispute: 'dp_sandbox_' } as const;
export type SandboxObject = keyof typeof PREFIXES;

/** @returns the id of the other object of the same checkout; null where the first is none of the sandbox's. */
export function sandboxId(id: string, from: SandboxObject, to: SandboxObject): string | null {
  return id.startsWith(PREFIXES[from]) ? PREFIXES[to] + id.slice(PREFIXES[from].length) : null;
}

export function newCheckoutId(random: string): string {
  return PREFIXES.checkout + random;
}

/** @param origin where the sandbox's own page is. */
export function toCheckout(row: SandboxCheckout, origin: string): Checkout {
  const isOpen = row.status === 'open' && row.expiresAt.getTime() > Date.now();
  return {
    id: row.id,
    url: isOpen ? `${origin}/sandbox/checkout/${row.id}` : null,
    status: row.status === 'open' && !isOpen ? 'expired' : row.status,
    paymentStatus: row.paymentStatus,
    amountCents: row.amountCents,
    currency: row.currency,
    clientReferenceId: row.paymentId,
    metadata: row.metadata,
    paymentIntentId: row.status === 'complete' ? sandboxId(row.id, 'checkout', 'intent') : null,
    livemode: false,
    expiresAt: row.expiresAt.getTime(),
    paidAt: row.paidAt?.getTime() ?? null,
    refunded: row.refundedAt !== null,
    disputed: row.dispute !== null,
  };
}
