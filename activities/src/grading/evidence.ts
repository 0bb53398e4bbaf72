/** Evidence that is too long for an activity's result lies in a blob. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobDigest, CheckResult, GradedQuestion } from '@ckx/contracts';
import { excerptEvidence } from '@ckx/grading';

const ATTEMPTS = 4;
const PAUSE_MS = 1_000;

export interface EvidenceDependencies {
  /** Keeps a text as a blob. */
  readonly keepEvidence: (text: string) => Promise<BlobDigest>;
}

/**
 * Checks as they travel. Where the control plane does not take a blob, the excerpt is what is left: a grade does not wait for its evidence.
 *
 * @param onLost told of each evidence of which only the excerpt is left.
 */
export async function toTravel(
  { keepEvidence }: EvidenceDependencies,
  checks: readonly CheckResult[],
  signal: AbortSignal,
  onLost: (check: CheckResult, error: unknown) => void,
): Promise<GradedQuestion['checks']> {
  const excerpts = excerptEvidence(checks);
  const results: GradedQuestion['checks'] = [];
  for (const [index, excerpt] of excerpts.entries()) {
    const whole = checks[index];
    if (whole === undefined || whole.evidence === excerpt.evidence) {
      results.push(excerpt);
      continue;
    }
    try {
      results.push({ ...excerpt, evidenceBlob: await insistently(() => keepEvidence(whole.evidence), signal) });
    } catch (error) {
      signal.throwIfAborted();
      onLost(whole, error);
      results.push(excerpt);
    }
  }
  return results;
}

/** The control plane may be being started again. */
async function insistently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}
