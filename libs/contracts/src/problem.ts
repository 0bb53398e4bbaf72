import { z } from 'zod';

/** RFC 9457 problem document with a stable code, the one form of every error the API answers. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable, for programs. */
  code: z.string(),
  /** A sentence for a person. */
  detail: z.string(),
  /** What to do about it. */
  remedy: z.string().optional(),
  instance: z.string().optional(),
  /** Which fields were refused, and why. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Small facts for programs: the active session's id, the queue's statistics. */
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;
