import type { BillingActivities } from '@ckx/activities';
import type { PaymentReconciliation } from '@ckx/contracts/payment-reconcile-workflow';
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';

/** Slow ways to pay take two weeks. */
const LOOK_BACK_MS = 30 * 86_400_000;

const { reconcilePayments } = proxyActivities<BillingActivities>({
  startToCloseTimeout: '30 min',
  heartbeatTimeout: '30 s',
  // Soon, or not in this hour.
  retry: { initialInterval: '10 s', maximumAttempts: 5 },
});

/** Compares payments with what was paid at Stripe, and tells passes what they have not heard. */
export async function paymentReconcileWorkflow(): Promise<PaymentReconciliation> {
  const report = await reconcilePayments({ since: Date.now() - LOOK_BACK_MS });
  setCurrentDetails(`${report.looked} checkouts looked at, ${report.told.length} told, ${report.strangers} none of ours`);
  return report;
}
