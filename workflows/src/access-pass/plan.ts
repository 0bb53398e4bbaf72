import type { PassRecord } from '@ckx/activities';
import { PASS_REMINDER_MS } from '@ckx/contracts/access-pass';

const DAY_MS = 86_400_000;

/**
 * How long a pass's workflow waits for a payment. A checkout lives a day, and slow ways to pay take up to two weeks more; a payment that is
 * told of later still begins a new workflow, and gives its pass all the same.
 */
export const UNPAID_MS = 30 * DAY_MS;
/** Card networks decide about a dispute within half a year; one that is won later begins a new workflow. */
const DISPUTE_MS = 180 * DAY_MS;
/** How often a pass that nobody activates is looked at: its owner may have gone, and their passes with them. */
const LOOK_AGAIN_MS = 30 * DAY_MS;

export interface Known {
  readonly startedAt: number;
  /** null: there is none, or none any more. */
  readonly record: PassRecord | null;
  /** There was one, or nothing will come of the payment. */
  readonly nothingToCome: boolean;
  /** The end of which its owner was reminded. */
  readonly remindedOf: number | null;
}

/** What to do about a pass: now, or once a time has come unless there is news before. */
export type Step =
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'hear' | 'giveUp' | 'remind' | 'expire' | 'end'; readonly until?: never };

/** @param now epoch milliseconds. @param heardAt when the record was read. */
export function plan({ startedAt, record, nothingToCome, remindedOf }: Known, now: number, heardAt: number): Step {
  if (record === null) return nothingToCome ? { do: 'end' } : atTime(startedAt + UNPAID_MS, now, 'giveUp');
  switch (record.status) {
    case 'purchased':
      return atTime(heardAt + LOOK_AGAIN_MS, now, 'hear');
    case 'activated':
      return whileActivated(record, remindedOf, now);
    case 'expired':
      return { do: 'end' };
    case 'revoked':
      return record.disputedSince === null ? { do: 'end' } : atTime(record.disputedSince + DISPUTE_MS, now, 'end');
  }
}

function whileActivated({ startsAt, expiresAt }: PassRecord, remindedOf: number | null, now: number): Step {
  if (startsAt === null || expiresAt === null || now >= expiresAt) return { do: 'expire' };
  const isLong = expiresAt - startsAt > PASS_REMINDER_MS;
  if (isLong && remindedOf !== expiresAt) return atTime(expiresAt - PASS_REMINDER_MS, now, 'remind');
  return { do: 'wait', until: expiresAt };
}

function atTime(until: number, now: number, step: 'hear' | 'giveUp' | 'remind' | 'end'): Step {
  return now >= until ? { do: step } : { do: 'wait', until };
}
