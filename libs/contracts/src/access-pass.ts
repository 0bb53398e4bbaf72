/**
 * The messages of `accessPassWorkflow`, one per pass, from the checkout to the end of its time (design §6). Postgres holds what the
 * candidate is told; the workflow is told of facts that came from outside (Stripe) and of decisions that are on record already.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { PassStatus, PassTypeId } from './access.ts';
import { SEARCH_ATTRIBUTES } from './exam-session.ts';
import type { PassId, UserId } from './ids.ts';
import { EXAM_SESSIONS_TASK_QUEUE } from './task-queues.ts';

export const ACCESS_PASS_WORKFLOW = 'accessPassWorkflow';

/** The only place that makes an access pass's workflow id. */
export function accessPassWorkflowId(passId: PassId): string {
  return `access-pass/${passId}`;
}

/** Before its end its owner is reminded, of a pass that is longer than this. */
export const PASS_REMINDER_MS = 2 * 3_600_000;

export interface AccessPassInput {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly passTypeId: PassTypeId;
  /** `grant`: given by an administrator, and on record before the workflow starts. */
  readonly source: 'purchase' | 'grant';
}

/**
 * Start options of a pass's workflow, for `client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...accessPassStart(pass), signal, signalArgs })`:
 * a workflow that is open gets the signal, otherwise one begins with what is on record. So every message finds one, whatever came before it.
 */
export function accessPassStart(pass: AccessPassInput) {
  const args: [AccessPassInput] = [pass];
  return {
    workflowId: accessPassWorkflowId(pass.passId),
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    args,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.user, value: pass.userId }],
    staticSummary: `${pass.passTypeId} · ${pass.source}`,
  };
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

export const ACCESS_PASS_RECONCILE_WORKFLOW = 'accessPassReconcileWorkflow';

/** The schedule that looks every hour for what a pass's workflow missed. */
export function accessPassReconcileScheduleId(installation: string): string {
  return `access-pass-reconcile/${installation}`;
}

/** One that the schedule starts; the server adds the time. */
export function accessPassReconcileWorkflowId(installation: string): string {
  return `access-pass-reconcile/${installation}/scheduled`;
}

/**
 * What was found and mended: `expired` were past their end and not recorded so, `restarted` had no workflow, `told` had one that had not
 * heard what was decided.
 */
export const PASS_REPAIRS = ['expired', 'restarted', 'told'] as const;
export type PassRepair = (typeof PASS_REPAIRS)[number];

export interface PassReconciliation {
  /** Passes whose time is not over. */
  readonly looked: number;
  readonly repaired: readonly { readonly passId: PassId; readonly repair: PassRepair }[];
  /** Could not be mended; the next look finds them again. */
  readonly failed: readonly { readonly passId: PassId; readonly error: string }[];
}
