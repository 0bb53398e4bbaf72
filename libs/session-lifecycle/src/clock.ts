import { CkxError, type ClockEntry } from '@ckx/contracts';

/** Credit counts up to this much in a session (design §4): longer gaps end it rather than stretch it. */
export const CREDIT_CAP_MS = 15 * 60_000;

/**
 * The ledger with one more entry. An id that is there already changes nothing.
 *
 * @throws CkxError bug `CLOCK_STARTED_TWICE` for a second start under another id.
 */
export function addEntry(entries: readonly ClockEntry[], entry: ClockEntry): readonly ClockEntry[] {
  if (entries.some((known) => known.id === entry.id)) return entries;
  if (entry.kind === 'start' && entries.some((known) => known.kind === 'start')) {
    throw new CkxError('bug', 'CLOCK_STARTED_TWICE', 'The clock of a session starts once.');
  }
  return [...entries, entry];
}

/**
 * The deadline that follows from a ledger: start, the lab's duration, extensions, and credits up to the cap.
 *
 * @returns epoch milliseconds; null while the clock has not started.
 */
export function deadline(entries: readonly ClockEntry[], creditCapMs: number = CREDIT_CAP_MS): number | null {
  const start = entries.find((entry) => entry.kind === 'start');
  if (start === undefined) return null;
  const total = (kind: ClockEntry['kind']): number =>
    entries.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + entry.milliseconds, 0);
  return start.at + start.milliseconds + total('extension') + Math.min(total('credit'), creditCapMs);
}
