import { CkxError, type ClockEntry } from '@ckx/contracts';

/** Credit given by rule counts up to this much in a session (design §4): longer gaps end it rather than stretch it. */
export const CREDIT_CAP_MS = 15 * 60_000;

/** How the id of a credit begins that was given by rule, for a gap. What an administrator gives bears another id, and has no cap. */
const GAP = 'gap:';
const START = 'start';
const EXTRA_TIME = 'extra-time';

/** False for the ids of entries that the platform makes by itself: nobody else may take them. */
export function isFreeEntryId(id: string): boolean {
  return id !== START && id !== EXTRA_TIME && !id.startsWith(GAP);
}

/** The first entries of a ledger: the lab's duration, and what a candidate is entitled to on top of it. Milliseconds, epoch or not. */
export function startEntries(at: number, durationMs: number, extraTimeMs: number): readonly ClockEntry[] {
  const start: ClockEntry = { id: START, kind: 'start', milliseconds: durationMs, at, reason: 'started' };
  if (extraTimeMs <= 0) return [start];
  return [
    start,
    { id: EXTRA_TIME, kind: 'extension', milliseconds: extraTimeMs, at, reason: 'extra time that this candidate is entitled to' },
  ];
}

/** A time in which nobody could look after a session. Epoch milliseconds. */
export interface Gap {
  readonly cause: 'host' | 'engine';
  readonly fromMs: number;
  readonly toMs: number;
}

const GAP_REASONS: Readonly<Record<Gap['cause'], string>> = {
  host: 'The worker of the machine that serves this session was away',
  engine: 'The container engine of the machine that serves this session did not answer',
};

/**
 * The credit for a gap: as much of it as fell into the time since the clock started. Its id follows from the gap, so that the same one
 * is credited once.
 *
 * @returns null while the clock has not started, and for a gap that was over by then.
 */
export function creditFor(entries: readonly ClockEntry[], { cause, fromMs, toMs }: Gap, at: number): ClockEntry | null {
  const start = entries.find(({ kind }) => kind === 'start');
  if (start === undefined) return null;
  const milliseconds = toMs - Math.max(fromMs, start.at);
  if (milliseconds <= 0) return null;
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return { id: `${GAP}${cause}:${fromMs}`, kind: 'credit', milliseconds, at, reason: `${GAP_REASONS[cause]} for ${seconds} s.` };
}

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
 * The deadline that follows from a ledger: start, the lab's duration, extensions, what administrators credited, and credits by rule up
 * to the cap. The one place for this arithmetic.
 *
 * @returns epoch milliseconds; null while the clock has not started.
 */
export function deadline(entries: readonly ClockEntry[], creditCapMs: number = CREDIT_CAP_MS): number | null {
  const start = entries.find((entry) => entry.kind === 'start');
  if (start === undefined) return null;
  const byRule = ({ kind, id }: ClockEntry): boolean => kind === 'credit' && id.startsWith(GAP);
  const total = (which: (entry: ClockEntry) => boolean): number =>
    entries.filter(which).reduce((sum, entry) => sum + entry.milliseconds, 0);
  const given = total((entry) => entry.kind !== 'start' && !byRule(entry));
  return start.at + start.milliseconds + given + Math.min(total(byRule), creditCapMs);
}
