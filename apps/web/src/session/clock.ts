/**
 * The server's clock as far as it can be known here. Answers bear the server's time; the shorter an answer took, the better it is known.
 * Between answers a monotonic clock goes on, so that nobody gains time by setting that of their computer.
 */
export class ServerClock {
  #best: { readonly offset: number; readonly uncertainty: number; readonly at: number } | null = null;
  readonly #monotonic: () => number;

  /** @param monotonic milliseconds that only go forward. */
  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Milliseconds, for the start of a request whose answer {@link learn} is given. */
  mark(): number {
    return this.#monotonic();
  }

  /** @param now the server's time in the answer, ISO 8601. @param askedAt `mark()` of before the request. */
  learn(now: string, askedAt: number): void {
    const answeredAt = this.#monotonic();
    const uncertainty = (answeredAt - askedAt) / 2;
    // What was known well an hour ago is known less well now: monotonic clocks stop while some computers sleep.
    const staleness = this.#best === null ? Infinity : (answeredAt - this.#best.at) / 100;
    if (this.#best !== null && uncertainty > this.#best.uncertainty + staleness && !this.#hasSlept(now, askedAt, answeredAt)) return;
    this.#best = { offset: Date.parse(now) - (askedAt + answeredAt) / 2, uncertainty, at: answeredAt };
  }

  /** The server's time, epoch milliseconds; null before the first answer. */
  now(): number | null {
    return this.#best === null ? null : this.#monotonic() + this.#best.offset;
  }

  /** An answer that what is known cannot explain, however long it was under way. */
  #hasSlept(now: string, askedAt: number, answeredAt: number): boolean {
    if (this.#best === null) return false;
    const { offset, uncertainty } = this.#best;
    const server = Date.parse(now);
    return server < askedAt + offset - uncertainty - 1000 || server > answeredAt + offset + uncertainty + 1000;
  }
}

const MINUTE_MS = 60_000;
/** Of the time that is left, in minutes, most urgent last. */
const WARNINGS = [30, 10, 5] as const;
export type WarningMinutes = (typeof WARNINGS)[number];

/** The most urgent warning that holds with this much time left; null while there is more, and for exams that are as short as that. */
export function warningAt(leftMs: number, durationMs: number): WarningMinutes | null {
  const holding = WARNINGS.filter((minutes) => leftMs <= minutes * MINUTE_MS && durationMs > minutes * MINUTE_MS);
  return holding.at(-1) ?? null;
}
