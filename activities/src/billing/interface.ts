import type { PaymentReconciliation } from '@ckx/contracts/payment-reconcile-workflow';

/** Queue `exam-sessions`, control role, where Stripe takes the money. */
export interface BillingActivities {
  /** @param request.since epoch milliseconds: checkouts that were begun before are not looked at. */
  reconcilePayments(request: { readonly since: number }): Promise<PaymentReconciliation>;
}
