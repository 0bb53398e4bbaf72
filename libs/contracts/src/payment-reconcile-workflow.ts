/** Names and messages of the workflow that compares payments with what was paid at Stripe. */

export const PAYMENT_RECONCILE_WORKFLOW = 'paymentReconcileWorkflow';

/** The schedule that looks every hour, where Stripe takes the money. */
export function paymentReconcileScheduleId(installation: string): string {
  return `payment-reconcile/${installation}`;
}

/** One that the schedule starts; the server adds the time. */
export function paymentReconcileWorkflowId(installation: string): string {
  return `payment-reconcile/${installation}/scheduled`;
}

export interface PaymentReconciliation {
  /** Completed checkouts that Stripe named, and open payments that it was asked about. */
  readonly looked: number;
  /** Payments whose pass was told what it had not heard; ids. */
  readonly told: readonly string[];
  /** Paid checkouts that are none of this installation's. */
  readonly strangers: number;
}
