import type { PassId, PassTypeId, UserId } from '@ckx/contracts';
import {
  ACCESS_PASS_WORKFLOW,
  accessPassStart,
  paidSignal,
  reinstatedSignal,
  reversedSignal,
  unpaidSignal,
} from '@ckx/contracts/access-pass';
import type { Client } from '@temporalio/client';
import type { PassMessage } from './rules.ts';

/** Whose pass it is that a payment is for. */
export interface PaidFor {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly passTypeId: PassTypeId;
}

/**
 * Tells the pass's workflow, which begins with the first message, whichever that is. Returns when Temporal has it: from then on it is not
 * lost.
 */
export async function tellPass(client: Client, { passId, userId, passTypeId }: PaidFor, message: PassMessage): Promise<void> {
  const start = accessPassStart({ passId, userId, passTypeId, source: 'purchase' });
  const { workflow } = client;
  switch (message.kind) {
    case 'paid':
      await workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: paidSignal, signalArgs: [message.checkout] });
      return;
    case 'unpaid':
      await workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: unpaidSignal, signalArgs: [{ why: message.why }] });
      return;
    case 'reversed': {
      const { why, at } = message;
      await workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: reversedSignal, signalArgs: [{ why, at }] });
      return;
    }
    case 'reinstated':
      await workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: reinstatedSignal, signalArgs: [{ at: message.at }] });
  }
}
