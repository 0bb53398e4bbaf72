import type { PassId, PassStatus } from '@ckx/contracts';
import type { AccessPassInput, PaidCheckout, PassReconciliation } from '@ckx/contracts/access-pass';

/** A pass as its workflow needs to know it. Epoch milliseconds. */
export interface PassRecord {
  readonly status: PassStatus;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  /** A dispute can be won. */
  readonly disputedSince: number | null;
}

interface OfPass {
  readonly passId: PassId;
}

/**
 * Queue `exam-sessions`, control role. Each may be repeated, and returns the pass's record as it then is, null where there is none; with
 * that the workflow has heard all that was decided by then.
 */
export interface AccessActivities {
  hearPass(request: OfPass): Promise<PassRecord | null>;
  /** Payment, pass and receipt in one transaction. `refused`: what was paid is not what was asked; there is no pass. */
  recordPaid(request: {
    readonly pass: AccessPassInput;
    readonly paid: PaidCheckout;
  }): Promise<{ readonly record: PassRecord | null; readonly refused: boolean }>;
  recordUnpaid(request: OfPass & { readonly why: 'failed' | 'expired' }): Promise<PassRecord | null>;
  recordReversed(request: OfPass & { readonly why: 'refund' | 'dispute'; readonly at: number }): Promise<PassRecord | null>;
  recordReinstated(request: OfPass & { readonly at: number }): Promise<PassRecord | null>;
  /** Owes the mail that the pass ends soon. */
  remindOfEnd(request: OfPass): Promise<PassRecord | null>;
  /** `expired`, if its time is over by Postgres' clock, and owes the mail. */
  expirePass(request: OfPass): Promise<PassRecord | null>;
  /** Finds what workflows of passes missed, mends it, and keeps a report of it. */
  reconcilePasses(): Promise<PassReconciliation>;
}
