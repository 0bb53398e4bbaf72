/** Questions of a session that is graded: some at once, the next as soon as one is through, each recorded as it arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LabPin } from '@ckx/contracts';
import { startClockSignal, submitSignal } from '@ckx/contracts/exam-session';
import { ExamAttemptEntity } from '@ckx/persistence';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

const QUESTIONS = ['q1', 'q2', 'q3', 'q4', 'q5', 'q6'];
const lab = {
  questions: LabPin.shape.questions.parse(
    QUESTIONS.map((id) => ({ id, title: id, domain: 'Workloads', hasSetup: false, checkIds: ['c1'] })),
  ),
};

it('are graded four at once, and the next when one is through', async () => {
  const before = ckx.host.calls.length;
  const begun = () =>
    ckx.host.calls.slice(before).flatMap((call) => (call.startsWith('gradeQuestion:') ? [call.slice('gradeQuestion:'.length)] : []));
  const hold = new Map<string, () => void>();
  ckx.host.before.gradeQuestion = (question) => new Promise((resolve) => hold.set(question, resolve));
  const settlesAt = async (expected: readonly string[]) => {
    await eventually(() => Promise.resolve(expect(begun().toSorted()).toEqual(expected)), 10_000);
    await sleep(500);
    expect(begun()).toHaveLength(expected.length);
  };
  const { id, workflow } = await ckx.startSession({ lab });
  await ckx.waitForState(id, 'ready');
  await workflow.signal(startClockSignal);
  await ckx.waitForState(id, 'running');
  await workflow.signal(submitSignal);
  await settlesAt(QUESTIONS.slice(0, 4));
  hold.get('q2')?.();
  await settlesAt(QUESTIONS.slice(0, 5));
  hold.get('q1')?.();
  await settlesAt(QUESTIONS);
  for (const letGo of hold.values()) letGo();
  await workflow.result();
  expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({ state: 'graded' });
});
