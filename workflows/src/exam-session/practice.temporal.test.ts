/** Checks of single questions while a session is practised. */
import type { QuestionId } from '@ckx/contracts';
import { checkQuestionUpdate, submitSignal, terminateSignal } from '@ckx/contracts/exam-session';
import { QuestionHelpEntity } from '@ckx/persistence';
import { ApplicationFailure, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { LAB } from '@ckx/test-support/records';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

const CANCEL = { outcome: 'cancelled', reason: 'a test' } as const;
const [Q1, Q2] = LAB.questions.map(({ id }) => id) as [QuestionId, QuestionId];

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

async function practise(mode: 'exam' | 'practice' = 'practice') {
  const session = await ckx.startSession({ graceMs: 1, mode });
  await ckx.waitForState(session.id, 'running');
  return session;
}
const check = (workflow: WorkflowHandle, questionId = Q1) => workflow.executeUpdate(checkQuestionUpdate, { args: [{ questionId }] });
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    (error: unknown) =>
      error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : String(error),
  );
const helpOf = (examSessionId: string) =>
  ckx.dataSource.manager.findOneByOrFail(QuestionHelpEntity, { examSessionId: examSessionId as never, position: 1 });

it('runs the checks, answers what they said, and keeps it with the number of tries', async () => {
  ckx.host.verdicts = { 'q1/c2': 'failed' };
  const { id, workflow } = await practise();
  const first = await check(workflow);
  expect(first).toMatchObject({
    position: 1,
    earned: 2,
    possible: 4,
    checks: [
      { id: 'c1', verdict: 'passed' },
      { id: 'c2', verdict: 'failed' },
    ],
  });
  expect(await helpOf(id)).toMatchObject({ tries: 1, failedTries: 1, lastCheck: first });
  expect(await refusal(check(workflow, Q2))).toBe('CHECKED_JUST_NOW');
  ckx.host.verdicts = {};
  const second = await eventually(() => check(workflow));
  expect(await helpOf(id)).toMatchObject({ tries: 2, failedTries: 1, lastCheck: second });
  await workflow.signal(submitSignal);
  await workflow.result();
  // Graded like any other.
  expect(ckx.host.calls).toContain('gradeQuestion:q1');
});

it('lets one run at a time, and none of a question that there is not', async () => {
  let running = 0;
  ckx.host.before.checkQuestion = () => {
    running += 1;
    return ckx.host.hang();
  };
  const { workflow } = await practise();
  expect(await refusal(check(workflow, 'q9' as QuestionId))).toBe('POSITION_UNKNOWN');
  const slow = check(workflow);
  await eventually(() => Promise.resolve(expect(running).toBe(1)));
  expect(await refusal(check(workflow, Q2))).toBe('CHECK_UNDER_WAY');
  ckx.host.reset();
  expect(await slow).toMatchObject({ position: 1 });
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('is none of an exam', async () => {
  const { workflow } = await practise('exam');
  expect(await refusal(check(workflow))).toBe('PRACTICE_ONLY');
  expect(ckx.host.calls.at(-1)).not.toBe('checkQuestion:q1');
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('ends with the session, and is over before anything is graded or removed', async () => {
  const { id, workflow } = await practise();
  ckx.host.before.checkQuestion = ckx.host.hangUntilCancelled;
  const checked = refusal(check(workflow));
  await eventually(() => Promise.resolve(expect(ckx.host.calls.at(-1)).toBe('checkQuestion:q1')));
  await workflow.signal(submitSignal);
  expect(await checked).toBe('SESSION_NOT_RUNNING');
  await workflow.result();
  const order = ['checkQuestion:q1', 'checkQuestion let go', 'openGrader', 'destroyEnvironment'];
  expect(ckx.host.calls.filter((call) => order.includes(call)).slice(-4)).toEqual(order);
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
});
