import { CkxError, EVIDENCE_LIMIT, type CheckResult, type EnvironmentSpec } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { trimEvidence, verdictOf } from '@ckx/grading';
import type { PackCheck } from '@ckx/lab-packs';
import { Context } from '@temporalio/activity';
import { attended, type Attendance } from '../attended.ts';
import { ASSETS_IN_TOOLBOX, PACK_ENVIRONMENT, questionOf, stageFor, type PackDependencies } from '../questions/staged-pack.ts';
import { toTravel, type EvidenceDependencies } from './evidence.ts';
import type { GradingActivities } from './interface.ts';

export interface GradingDependencies extends PackDependencies, EvidenceDependencies {
  readonly provider: EnvironmentProvider;
}

/** Checks of one question that run at once. */
const PARALLEL_CHECKS = 4;
/**
 * Of each stream, half of it from the beginning and half from the end. Below the limit of evidence, so that the line which says how much is
 * missing stays.
 */
const OUTPUT_LIMIT_BYTES = EVIDENCE_LIMIT - 1024;

export function createGradingActivities(dependencies: GradingDependencies): GradingActivities {
  const { provider } = dependencies;
  return {
    openGrader: (request) =>
      attended(async ({ onProgress }) => {
        onProgress('the grader');
        await provider.openToolbox(request.spec, 'grader', await stageFor(dependencies, request));
      }),

    gradeQuestion: (request) =>
      attended(async (attendance) => {
        const { signal, onProgress } = attendance;
        const { checks } = await questionOf(dependencies, request);
        const decided = await whileNodeStands(provider, request.spec, attendance, () => {
          return runChecks(checks, async (check) => {
            onProgress(`check ${check.id} of question ${request.questionId}`);
            return runCheck(provider, request.spec, check, signal);
          });
        });
        onProgress(`the evidence of question ${request.questionId}`);
        const travelling = await toTravel(dependencies, decided, signal, ({ checkId }, error) => {
          Context.current().log.warn('only an excerpt is left of the evidence of a check', {
            questionId: request.questionId,
            checkId,
            error,
          });
        });
        return { questionId: request.questionId, checks: travelling };
      }),

    closeGrader: ({ spec }) => attended(() => provider.closeToolbox(spec, 'grader')),
  };
}

/**
 * What checks say counts only where the node stood all the while: one that died under them would make wrong answers of right ones. A node
 * that is dead is started again first.
 *
 * @throws CkxError operational `NODE_DIED`: a repeat starts it and looks anew.
 */
async function whileNodeStands<T>(
  provider: EnvironmentProvider,
  spec: EnvironmentSpec,
  attendance: Attendance,
  work: () => Promise<T>,
): Promise<T> {
  if ((await provider.runsSince(spec, 'node')) === null) await provider.restart(spec, 'node', attendance);
  const before = await provider.runsSince(spec, 'node');
  const result = await work();
  if (before === null || (await provider.runsSince(spec, 'node')) !== before) {
    throw new CkxError('operational', 'NODE_DIED', 'The node died while checks ran: what they said does not count.');
  }
  return result;
}

/** Runs the checks of a question: those that may beside each other, then the others one by one. Results in the order of the pack. */
async function runChecks(checks: readonly PackCheck[], run: (check: PackCheck) => Promise<CheckResult>): Promise<CheckResult[]> {
  const beside = checks.filter((check) => !check.serial);
  const alone = checks.filter((check) => check.serial);
  const results = [...(await inPool(PARALLEL_CHECKS, beside, run)), ...(await inPool(1, alone, run))];
  return checks.flatMap(({ id }) => results.find(({ checkId }) => checkId === id) ?? []);
}

async function runCheck(provider: EnvironmentProvider, spec: EnvironmentSpec, check: PackCheck, signal: AbortSignal): Promise<CheckResult> {
  const { id: checkId, description, weight, timeoutMs } = check;
  const known = { checkId, description, weight };
  if (check.script === null) {
    const reason = check.fault ?? 'The check has no script.';
    return { ...known, verdict: 'errored', reason, evidence: '', exitCode: null, durationMs: 0 };
  }
  const command = ['bash', `${ASSETS_IN_TOOLBOX}/${check.script.path}`];
  const execution = { command, env: PACK_ENVIRONMENT, cwd: '/home/candidate', timeoutMs, outputLimitBytes: OUTPUT_LIMIT_BYTES };
  const { stdout, stderr, exitCode, timedOut, durationMs } = await provider.exec(spec, 'grader', execution, signal);
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
