import type { CheckId, QuestionResult } from '@ckx/contracts';
import { ActivityFailure, log, patched } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import { messageOf } from './failures.ts';
import type { ExamSession } from './session.ts';

/**
 * Questions graded at once. Some checks wait, for answers that must not come and for what they made; others take processor time in the meantime. On two
 * processors each takes longer than alone, and all of them together about half as long (`npm run bench -- grading`).
 */
const CONCURRENCY = 4;
/** In sessions that began to be graded before there were four. */
const FORMER_CONCURRENCY = 2;

/**
 * Grades the attempt and records the result of each question as it arrives. A question that the platform could not grade is
 * recorded as errored; where nothing could be decided, the attempt waits for a regrade as `grading_failed`, never as a zero.
 * A rehearsal is graded a second time on the same cluster, which must say the same.
 */
export async function grade(session: ExamSession, host: Host['grading'], { closed }: { readonly closed: boolean }): Promise<void> {
  const examSessionId = session.id;
  await session.setAttempt('grading');
  let decided = false;
  try {
    // A candidate who is still inside could change what is graded.
    if (!closed) await host.closeEnvironment(session.spec);
    await runChecks(session, host, async (result) => {
      decided ||= result.checks.some(({ verdict }) => verdict !== 'errored');
      await records.recordQuestionResult({ examSessionId, result });
    });
    if (session.input.rehearsal === true) {
      await runChecks(session, host, (result) => records.recordSecondGrading({ examSessionId, result }));
    }
  } catch (error) {
    // Results that are stored stay stored; the grader goes with the environment.
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('grading did not finish', { error });
    decided &&= error.activityType === 'closeGrader';
  }
  await session.setAttempt(decided ? 'graded' : 'grading_failed');
}

/** Runs all checks once, in a grader of their own. `record` gets each question's result as it arrives. */
async function runChecks(session: ExamSession, host: Host['grading'], record: (result: QuestionResult) => Promise<void>): Promise<void> {
  const { spec } = session;
  const { lab } = session.input;
  await host.openGrader({ spec, labId: lab.id, digest: lab.digest });
  const queue = [...lab.questions];
  const gradeNext = async (): Promise<void> => {
    for (let question = queue.shift(); question !== undefined; question = queue.shift()) {
      const result = await host
        .gradeQuestion({ spec, labId: lab.id, digest: lab.digest, questionId: question.id })
        .catch((error: unknown) => undecided(question, error));
      await record(result);
    }
  };
  const lanes = patched('four-graded-at-once') ? CONCURRENCY : FORMER_CONCURRENCY;
  await Promise.all(Array.from({ length: lanes }, gradeNext));
  await host.closeGrader({ spec });
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
