import type { GradedQuestion } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { excerptEvidence } from '@ckx/grading';
import type { PackQuestion } from '@ckx/lab-packs';
import { Context } from '@temporalio/activity';
import { attended } from '../attended.ts';
import { questionOf, stageFor, type PackDependencies } from '../questions/staged-pack.ts';
import { toTravel, type EvidenceDependencies } from './evidence.ts';
import type { GradingActivities } from './interface.ts';
import { lookAtRest } from './look.ts';
import { collectObjects } from './objects.ts';
import { runChecks, untilLetGo, type CheckPlace } from './run-checks.ts';
import { whilePartsStand } from './stand.ts';
import { runSteadily } from './steady.ts';

export interface GradingDependencies extends PackDependencies, EvidenceDependencies {
  readonly provider: EnvironmentProvider;
}

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
        const { questionId, spec } = request;
        const place: CheckPlace = { provider, spec, role: 'grader', signal, lock: `/run/ckx-checks-${questionId}.lock` };
        const question = await questionOf(dependencies, request);
        if (Context.current().info.attempt > 1) await untilLetGo(place, question.checks);
        const decided = await whilePartsStand(provider, spec, { signal, startAgain: attendance }, (standing) =>
          runSteadily(
            { ...place, signal: standing },
            question.checks,
            ({ id }) => onProgress(`check ${id} of question ${questionId}`),
            (why) => {
              Context.current().log.warn('checks begin although the cluster is not at rest', { questionId, why });
            },
          ),
        );
        onProgress(`the evidence of question ${questionId}`);
        const checks = await toTravel(dependencies, decided, signal, ({ checkId }, error) => {
          Context.current().log.warn('only an excerpt is left of the evidence of a check', { questionId, checkId, error });
        });
        const objects = await objectsOf(place, question, dependencies);
        return { questionId, checks, ...(objects === undefined ? {} : { objects }) };
      }),

    closeGrader: ({ spec }) => attended(() => provider.closeToolbox(spec, 'grader')),

    checkQuestion: (request) =>
      attended(async ({ signal, onProgress }) => {
        const { questionId, spec } = request;
        onProgress('the checker');
        const { checks } = await questionOf(dependencies, request);
        try {
          await provider.openToolbox(spec, 'checker', await stageFor(dependencies, request));
          // A node that died is started again by whoever watches the session.
          const decided = await whilePartsStand(provider, spec, { signal, startAgain: null }, async (standing) => {
            const place: CheckPlace = { provider, spec, role: 'checker', signal: standing };
            await lookAtRest(place);
            return runChecks(place, checks, ({ id }) => onProgress(`check ${id} of question ${questionId}`));
          });
          return { questionId, checks: excerptEvidence(decided) };
        } finally {
          await provider.closeToolbox(spec, 'checker');
        }
      }),
  };
}

/** A grade does not wait for its evidence: where objects cannot be read or handed in, there are none. */
async function objectsOf(
  place: CheckPlace,
  { view }: PackQuestion,
  dependencies: EvidenceDependencies,
): Promise<GradedQuestion['objects']> {
  try {
    return await collectObjects(place, view, dependencies);
  } catch (error) {
    place.signal.throwIfAborted();
    Context.current().log.warn('the objects of a question are not kept', { questionId: view.id, error });
    return undefined;
  }
}
