/** Payments as records: which one a checkout is for. */
import { PassId, PassTypeId, PaymentId, UserId } from '@ckx/contracts';
import type { DataSource, EntityManager } from '@ckx/persistence';
import { z } from 'zod';
import type { Checkout, PaymentProvider } from './provider.ts';

const PaymentFacts = z.object({
  id: PaymentId,
  passId: PassId,
  userId: UserId.nullable(),
  passTypeId: PassTypeId,
  status: z.string(),
  sandbox: z.boolean(),
  checkoutSessionId: z.string().nullable(),
});
export type PaymentFacts = z.infer<typeof PaymentFacts>;

const COLUMNS = `id, pass_id AS "passId", user_id AS "userId", pass_type_id AS "passTypeId", status, sandbox,
  checkout_session_id AS "checkoutSessionId"`;

type Database = DataSource | EntityManager;

async function find(database: Database, condition: string, value: string): Promise<PaymentFacts | null> {
  const rows: unknown = await database.query(`SELECT ${COLUMNS} FROM payments WHERE ${condition}`, [value]);
  return z.array(PaymentFacts).parse(rows)[0] ?? null;
}

/** One of ours; `userId` is who began the checkout, be the account gone or not. */
export type OwnPayment = PaymentFacts & { readonly userId: UserId };

/**
 * The payment that a checkout is for: the one that it names, begun with the same provider, as the same checkout. One that its own process
 * died over, between asking and writing the answer down, is written down now.
 *
 * @returns null where it is none of ours.
 */
export async function paymentOf(database: Database, checkout: Checkout, provider: PaymentProvider): Promise<OwnPayment | null> {
  const id = PaymentId.safeParse(checkout.clientReferenceId);
  const payment = id.success ? await find(database, 'id = $1', id.data) : null;
  const buyer = UserId.safeParse(checkout.metadata['userId']);
  if (payment === null || !buyer.success || !isFor(payment, checkout, provider)) return null;
  if (payment.checkoutSessionId === null) await noteCheckout(database, payment.id, checkout.id);
  return { ...payment, userId: buyer.data };
}

function isFor(payment: PaymentFacts, { id, metadata, livemode }: Checkout, provider: PaymentProvider): boolean {
  return (
    payment.sandbox === (provider.kind === 'sandbox') &&
    livemode === provider.livemode &&
    metadata['passId'] === payment.passId &&
    (payment.userId === null || metadata['userId'] === payment.userId) &&
    (payment.checkoutSessionId === null || payment.checkoutSessionId === id)
  );
}

export async function noteCheckout(database: Database, paymentId: PaymentId, checkoutSessionId: string): Promise<void> {
  await database.query(`UPDATE payments SET checkout_session_id = $2 WHERE id = $1 AND checkout_session_id IS NULL`, [
    paymentId,
    checkoutSessionId,
  ]);
}

/** The payment that money was taken for: by our records, and where they do not know yet, by the checkout that took it. */
export async function paymentOfIntent(
  database: Database,
  paymentIntentId: string | null,
  provider: PaymentProvider,
): Promise<OwnPayment | null> {
  if (paymentIntentId === null) return null;
  const known = await find(database, 'payment_intent_id = $1', paymentIntentId);
  if (known?.userId != null && known.sandbox === (provider.kind === 'sandbox')) return { ...known, userId: known.userId };
  const checkout = await provider.findCheckoutOfIntent(paymentIntentId);
  return checkout === null ? null : paymentOf(database, checkout, provider);
}
