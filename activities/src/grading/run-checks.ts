import { EVIDENCE_LIMIT, type CheckResult, type EnvironmentSpec } from '@ckx/contracts';
import type { EnvironmentProvider, ToolboxRole } from '@ckx/execution-environment';
import { trimEvidence, verdictOf } from '@ckx/grading';
import type { PackCheck } from '@ckx/lab-packs';
import { ASSETS_IN_TOOLBOX, PACK_ENVIRONMENT } from '../questions/staged-pack.ts';

/** Checks of one question that run at once. */
const PARALLEL_CHECKS = 4;
/**
 * Of each stream, half of it from the beginning and half from the end. Below the limit of evidence, so that the line which says how much is
 * missing stays.
 */
const OUTPUT_LIMIT_BYTES = EVIDENCE_LIMIT - 1024;

/** Where checks run. */
export interface CheckPlace {
  readonly provider: Pick<EnvironmentProvider, 'exec'>;
  readonly spec: EnvironmentSpec;
  readonly role: ToolboxRole;
  readonly signal: AbortSignal;
  /** A file there that checks hold, together, while they run: see {@link untilLetGo}. */
  readonly lock?: string;
}

/** On top of the longest that a check may take. */
const LET_GO_GRACE_MS = 5_000;

/**
 * Waits for checks that a worker left running when it died, at most as long as they may run: beside their second run they would find what the first has
 * made for a while, and it theirs.
 */
export async function untilLetGo({ provider, spec, role, signal, lock }: CheckPlace, checks: readonly PackCheck[]): Promise<void> {
  if (lock === undefined) return;
  const timeoutMs = Math.max(0, ...checks.map((check) => check.timeoutMs)) + LET_GO_GRACE_MS;
  await provider.exec(spec, role, { command: ['flock', lock, 'true'], timeoutMs, outputLimitBytes: 1_024 }, signal);
}

/**
 * Runs the checks of a question: those that may beside each other, then the others one by one.
 *
 * @param onCheck told of each that begins.
 * @returns in the order of the pack.
 */
export async function runChecks(
  place: CheckPlace,
  checks: readonly PackCheck[],
  onCheck: (check: PackCheck) => void,
): Promise<CheckResult[]> {
  const run = (check: PackCheck) => {
    onCheck(check);
    return runCheck(place, check);
  };
  const beside = checks.filter((check) => !check.serial);
  const alone = checks.filter((check) => check.serial);
  const results = [...(await inPool(PARALLEL_CHECKS, beside, run)), ...(await inPool(1, alone, run))];
  return checks.flatMap(({ id }) => results.find(({ checkId }) => checkId === id) ?? []);
}

async function runCheck({ provider, spec, role, signal, lock }: CheckPlace, check: PackCheck): Promise<CheckResult> {
  const { id: checkId, description, weight, timeoutMs } = check;
  const known = { checkId, description, weight };
  if (check.script === null) {
    const reason = check.fault ?? 'The check has no script.';
    return { ...known, verdict: 'errored', reason, evidence: '', exitCode: null, durationMs: 0 };
  }
  const holding = lock === undefined ? [] : ['flock', '--shared', '--close', lock];
  const command = [...holding, 'bash', `${ASSETS_IN_TOOLBOX}/${check.script.path}`];
  const execution = { command, env: PACK_ENVIRONMENT, cwd: '/home/candidate', timeoutMs, outputLimitBytes: OUTPUT_LIMIT_BYTES };
  const { stdout, stderr, exitCode, timedOut, durationMs } = await provider.exec(spec, role, execution, signal);
  const verdict = verdictOf({ exitCode, timedOut, stderr, timeoutMs });
  return { ...known, ...verdict, evidence: trimEvidence(stdout, stderr), exitCode, durationMs };
}

/** Runs `work` on each item, at most `size` at once. Results come in the order of the items; the first error ends it. */
async function inPool<T, R>(size: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: size }, async () => {
      for (const [index, item] of waiting) results[index] = await work(item);
    }),
  );
  return results;
}
