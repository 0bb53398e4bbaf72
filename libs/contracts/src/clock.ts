import { z } from 'zod';

/** One line of the ledger from which a session's deadline follows (design §4). */
export const ClockEntry = z.object({
  /** Unique in the session: `start`, an extension's update id, a credit's cause. A repeated id changes nothing. */
  id: z.string().min(1).max(128),
  kind: z.enum(['start', 'extension', 'credit']),
  /** Time given: the lab's duration for `start`. */
  milliseconds: z.int(),
  /** Epoch milliseconds. */
  at: z.int(),
  reason: z.string(),
});
export type ClockEntry = z.infer<typeof ClockEntry>;
