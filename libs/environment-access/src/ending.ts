import { Failure, SessionOutcome } from '@ckx/contracts';
import { z } from 'zod';
import type { Closed } from './deadline.ts';

/** What of a session's row says how it ended, or is about to. */
export const Ending = z.object({
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  submitRequested: z.boolean(),
  terminateRequest: z.object({ outcome: SessionOutcome, reason: z.string() }).nullable(),
});
export type Ending = z.infer<typeof Ending>;

const SENTENCES: Readonly<Record<SessionOutcome, string>> = {
  submitted: 'You handed in: this session is over.',
  expired: 'The time of this session is over.',
  cancelled: 'This session was cancelled.',
  terminated_by_admin: 'An administrator ended this session.',
  abandoned: 'This session was ended because nobody worked in it.',
};

/** What a person is told who may not connect. */
export function sentenceOf(reason: Closed, { outcome, failure, submitRequested, terminateRequest }: Ending): string {
  if (reason === 'SESSION_NOT_READY') return 'The environment of this session is not ready yet.';
  if (reason === 'DEADLINE_PASSED') return SENTENCES.expired;
  if (failure !== null) return `This session failed: ${failure.reason}`;
  const how = outcome ?? (submitRequested ? 'submitted' : terminateRequest?.outcome);
  return how === undefined ? 'This session is over.' : SENTENCES[how];
}
