import { CkxError } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { trimEvidence } from '@ckx/grading';
import { attended } from '../attended.ts';
import type { QuestionActivities } from './interface.ts';
import { ASSETS_IN_TOOLBOX, PACK_ENVIRONMENT, questionOf, stageFor, type PackDependencies } from './staged-pack.ts';

export interface QuestionDependencies extends PackDependencies {
  readonly provider: EnvironmentProvider;
}

const SETUP_TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT_BYTES = 16 * 1024;
/** How much of what a setup script printed last goes into the failure's sentence. */
const TAIL_CHARACTERS = 500;

/**
 * Runs the scripts that follow $2 in order, once per toolbox: the marker $1 is made at the end. With $2 `strict`, an error ends it. A run that a
 * worker left behind when it died goes on to its end: the next one waits for that, and does nothing where it went well.
 */
const RUN_ONCE = `marker=$1 rule=$2; shift 2
exec 9> "$marker.lock" && flock 9 || exit
[ -e "$marker" ] && exit 0
for script; do
  bash "$script" 9>&- && continue
  code=$?; echo "$script: exit code $code" >&2
  [ "$rule" = strict ] && exit "$code"
done
touch "$marker"`;

export function createQuestionActivities(dependencies: QuestionDependencies): QuestionActivities {
  const { provider } = dependencies;
  return {
    prepareQuestions: (request) =>
      attended(async ({ onProgress }) => {
        onProgress('the lab pack');
        await provider.openToolbox(request.spec, 'setup', await stageFor(dependencies, request));
      }),

    setUpQuestion: (request) =>
      attended(async ({ signal, onProgress }) => {
        const question = await questionOf(dependencies, request);
        if (question.setup.length === 0) return;
        onProgress(`the setup of question ${request.questionId}`);
        const scripts = question.setup.map(({ path }) => `${ASSETS_IN_TOOLBOX}/${path}`);
        const rule = question.setupMustSucceed ? 'strict' : 'lenient';
        const command = ['bash', '-c', RUN_ONCE, 'ckx-setup', `/run/ckx-setup-${request.questionId}`, rule, ...scripts];
        const execution = {
          command,
          env: PACK_ENVIRONMENT,
          cwd: '/home/candidate',
          timeoutMs: SETUP_TIMEOUT_MS,
          outputLimitBytes: OUTPUT_LIMIT_BYTES,
        };
        const result = await provider.exec(request.spec, 'setup', execution, signal);
        if (result.exitCode === 0) return;
        const said = trimEvidence(result.stdout, result.stderr).slice(-TAIL_CHARACTERS);
        const how = result.timedOut ? `did not end within ${SETUP_TIMEOUT_MS / 1_000} s` : `ended with exit code ${result.exitCode}`;
        throw new CkxError(
          'operational',
          'QUESTION_SETUP_FAILED',
          `The setup of question ${request.questionId} ${how}. It said last: ${said}`,
          {
            details: { questionId: request.questionId },
          },
        );
      }),

    finishQuestions: ({ spec }) => attended(() => provider.closeToolbox(spec, 'setup')),
  };
}
