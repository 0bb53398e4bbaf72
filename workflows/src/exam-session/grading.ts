import type { CheckId, EnvironmentSpec, QuestionResult } from '@ckx/contracts';
import { ActivityFailure, log } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import { messageOf } from './failures.ts';
import type { ExamSession } from './session.ts';

/** Questions graded at once; a node of two cores takes no more without slowing the checks' own time limits. */
const CONCURRENCY = 2;

/**
 * Grades the attempt and records the result of each question as it arrives. A question that the platform could not grade is
 * recorded as errored; where nothing could be decided, the attempt waits for a regrade as `grading_failed`, never as a zero.
 */
export async function grade(
  session: ExamSession,
  spec: EnvironmentSpec,
  host: Host['grading'],
  { closed }: { readonly closed: boolean },
): Promise<void> {
  const { lab } = session.input;
  await session.setAttempt('grading');
  let decided = false;
  try {
    // A candidate who is still inside could change what is graded.
    if (!closed) await host.closeEnvironment(spec);
    await host.openGrader({ spec, labId: lab.id, digest: lab.digest });
    const queue = [...lab.questions];
    const gradeNext = async (): Promise<void> => {
      for (let question = queue.shift(); question !== undefined; question = queue.shift()) {
        const result = await host
          .gradeQuestion({ spec, labId: lab.id, digest: lab.digest, questionId: question.id })
          .catch((error: unknown) => undecided(question, error));
        decided ||= result.checks.some(({ verdict }) => verdict !== 'errored');
        await records.recordQuestionResult({ examSessionId: session.id, result });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, gradeNext));
    await host.closeGrader({ spec });
  } catch (error) {
    // Results that are stored stay stored; the grader goes with the environment.
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('grading did not finish', { error });
    decided &&= error.activityType === 'closeGrader';
  }
  await session.setAttempt(decided ? 'graded' : 'grading_failed');
}

function undecided(question: ExamSession['input']['lab']['questions'][number], error: unknown): QuestionResult {
  if (!(error instanceof ActivityFailure)) throw error;
  log.error('a question could not be graded', { questionId: question.id, error });
  const errored = (checkId: CheckId) => ({
    checkId,
    description: checkId,
    // Nothing of it is earned or lost until a regrade.
    weight: 0,
    verdict: 'errored' as const,
    reason: messageOf(error),
    evidence: '',
    exitCode: null,
    durationMs: 0,
  });
  return { questionId: question.id, checks: question.checkIds.map(errored) };
}
