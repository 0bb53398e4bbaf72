/** What the main process of a test run and its workers agree on. */
import { z } from 'zod';

export const PREFIX = 'ckx-test-run-';

export const MarkFile = z.object({ pid: z.number().int(), startTicks: z.string().nullable() });
export type MarkFile = z.infer<typeof MarkFile>;
