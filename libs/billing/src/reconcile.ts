/** Finds what webhooks never told: compares what was paid with what is recorded, and tells what is missing. */
import type { DataSource } from '@ckx/persistence';
import type { PaymentReconciliation } from '@ckx/contracts/payment-reconcile-workflow';
import { z } from 'zod';
import { type OwnPayment, paymentOf } from './payments.ts';
import type { PaymentProvider } from './provider.ts';
import { messageOfCheckout, messageOfReversal, paidMessage, type PassMessage } from './rules.ts';

export interface Reconciliation {
  readonly dataSource: DataSource;
  readonly provider: PaymentProvider;
  readonly tell: (payment: OwnPayment, message: PassMessage) => Promise<void>;
  /** Epoch milliseconds. Checkouts that were begun before are not looked at. */
  readonly since: number;
  /** After each checkout; throws where the work is to end. */
  readonly onLooked?: () => void;
}

/** Money that came counts in these states of a payment; in all others it has not been heard of. */
const HEARD = new Set(['paid', 'refunded', 'disputed', 'refused']);

/** A checkout is over after a day: from then on whoever has an open payment asks. */
const OVERDUE = `
  SELECT checkout_session_id AS id FROM payments
   WHERE status = 'open' AND sandbox = $1 AND checkout_session_id IS NOT NULL
     AND created_at >= $2 AND created_at < now() - interval '25 hours'
   ORDER BY created_at LIMIT 1000`;

export async function reconcile(work: Reconciliation): Promise<PaymentReconciliation> {
  const { dataSource, provider, since, tell, onLooked } = work;
  const told: string[] = [];
  let looked = 0;
  let strangers = 0;
  for await (const checkout of provider.listCompleted(since)) {
    looked += 1;
    onLooked?.();
    const message = paidMessage(checkout);
    if (message === null) continue;
    const payment = await paymentOf(dataSource, checkout, provider);
    if (payment === null) {
      strangers += 1;
      continue;
    }
    const heard = HEARD.has(payment.status);
    if (!heard) await tell(payment, message);
    const reversal = await messageOfReversal(checkout, heard ? payment.status : 'paid', Date.now(), () =>
      provider.findDisputeOfIntent(message.checkout.paymentIntentId),
    );
    if (reversal !== null) await tell(payment, reversal);
    if (!heard || reversal !== null) told.push(payment.id);
  }
  for (const { id } of z
    .array(z.object({ id: z.string() }))
    .parse(await dataSource.query(OVERDUE, [provider.kind === 'sandbox', new Date(since)]))) {
    looked += 1;
    onLooked?.();
    const checkout = await provider.retrieveCheckout(id);
    const payment = checkout === null ? null : await paymentOf(dataSource, checkout, provider);
    const message = checkout === null ? null : messageOfCheckout(checkout, { type: 'reconciliation', created: 0 });
    if (payment === null) strangers += 1;
    else if (message !== null && !told.includes(payment.id)) {
      await tell(payment, message);
      told.push(payment.id);
    }
  }
  return { looked, told, strangers };
}
