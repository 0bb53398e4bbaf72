import type { CheckResult } from '@ckx/contracts';
import { trimEvidence } from './evidence.ts';

/** Evidence up to this size, as JSON, travels whole. */
const WHOLE_LIMIT_BYTES = 8 * 1024;
/** An activity's result stays under Temporal's warning at 128 KB, with room for what is put around it. */
const RESULT_LIMIT_BYTES = 96 * 1024;
/** Characters of an excerpt, the first that makes everything fit. */
const EXCERPT_LENGTHS = [2_000, 500, 100] as const;

/**
 * Cuts the evidence of one question's checks so that they fit into an activity's result together: each whole where that is possible, and
 * else an excerpt of its beginning and end. Without evidence altogether only where there are hundreds of checks.
 */
export function excerptEvidence<C extends CheckResult>(checks: readonly C[]): C[] {
  const cut = (limit: number) =>
    checks.map((check) =>
      bytesOf(check.evidence) <= WHOLE_LIMIT_BYTES ? check : { ...check, evidence: trimEvidence(check.evidence, '', limit) },
    );
  const fits = (results: readonly C[]) => bytesOf(results) <= RESULT_LIMIT_BYTES;
  const first = cut(EXCERPT_LENGTHS[0]);
  if (fits(first)) return first;
  for (const limit of EXCERPT_LENGTHS) {
    const results = checks.map((check) => ({ ...check, evidence: trimEvidence(check.evidence, '', limit) }));
    if (fits(results)) return results;
  }
  return checks.map((check) => ({ ...check, evidence: '' }));
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
