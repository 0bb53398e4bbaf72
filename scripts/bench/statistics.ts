/** Nearest-rank percentiles: of ten values the 50th is the fifth smallest, the 95th the largest. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: readonly number[];
}

/** @throws RangeError where there is nothing to sum up. */
export function spreadOf(samples: readonly number[]): Spread {
  return { p50: percentile(samples, 50), p95: percentile(samples, 95), p99: percentile(samples, 99), samples };
}

function percentile(samples: readonly number[], percent: number): number {
  const value = samples.toSorted((a, b) => a - b)[Math.ceil((percent / 100) * samples.length) - 1];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}
