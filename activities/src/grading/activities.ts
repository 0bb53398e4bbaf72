import type { CheckResult } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { trimEvidence, verdictOf } from '@ckx/grading';
import type { PackCheck } from '@ckx/lab-packs';
import { Context } from '@temporalio/activity';
import { attended } from '../attended.ts';
import { ASSETS_IN_TOOLBOX, questionOf, stageFor, type PackDependencies } from '../questions/staged-pack.ts';
import { toTravel, type EvidenceDependencies } from './evidence.ts';
import type { GradingActivities } from './interface.ts';

export interface GradingDependencies extends PackDependencies, EvidenceDependencies {
  readonly provider: EnvironmentProvider;
}

/** Checks of one question that run at once. */
const PARALLEL_CHECKS = 4;
/** Of each stream, half of it from the beginning and half from the end; evidence is cut to its own limit after that. */
const OUTPUT_LIMIT_BYTES = 128 * 1024;

export function createGradingActivities(dependencies: GradingDependencies): GradingActivities {
  const { provider } = dependencies;
  return {
    openGrader: (request) =>
      attended(async ({ onProgress }) => {
        onProgress('the grader');
        await provider.openToolbox(request.spec, 'grader', await stageFor(dependencies, request));
      }),

    gradeQuestion: (request) =>
      attended(async ({ signal, onProgress }) => {
        const { checks } = await questionOf(dependencies, request);
        const run = async (check: PackCheck): Promise<CheckResult> => {
          onProgress(`check ${check.id} of question ${request.questionId}`);
          const { id: checkId, description, weight, timeoutMs } = check;
          const known = { checkId, description, weight };
          if (check.script === null) {
            const reason = check.fault ?? 'The check has no script.';
            return { ...known, verdict: 'errored', reason, evidence: '', exitCode: null, durationMs: 0 };
          }
          const command = ['bash', `${ASSETS_IN_TOOLBOX}/${check.script.path}`];
          const execution = { command, cwd: '/home/candidate', timeoutMs, outputLimitBytes: OUTPUT_LIMIT_BYTES };
          const { stdout, stderr, exitCode, timedOut, durationMs } = await provider.exec(request.spec, 'grader', execution, signal);
          return {
            ...known,
            ...verdictOf({ exitCode, timedOut, stderr, timeoutMs }),
            evidence: trimEvidence(stdout, stderr),
            exitCode,
            durationMs,
          };
        };
        const beside = await inPool(
          PARALLEL_CHECKS,
          checks.filter((check) => !check.serial),
          run,
        );
        const alone = await inPool(
          1,
          checks.filter((check) => check.serial),
          run,
        );
        const results = new Map([...beside, ...alone].map((result) => [result.checkId, result]));
        const inOrder = checks.flatMap(({ id }) => results.get(id) ?? []);
        onProgress(`the evidence of question ${request.questionId}`);
        const travelling = await toTravel(dependencies, inOrder, signal, ({ checkId }, error) => {
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
