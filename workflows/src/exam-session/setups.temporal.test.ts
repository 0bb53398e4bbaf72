/** Setups of a session's questions: at once where they may, each under its own name. */
import { setTimeout as sleep } from 'node:timers/promises';
import { attended } from '@ckx/activities/host';
import { LabPin } from '@ckx/contracts';
import { terminateSignal } from '@ckx/contracts/exam-session';
import { ApplicationFailure, type WorkflowHandle } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

/** Six questions with setups, of which the named ones must not run beside others. */
const lab = (...serial: readonly string[]) => ({
  questions: LabPin.shape.questions.parse(
    ['q1', 'q2', 'q3', 'q4', 'q5', 'q6'].map((id) => ({
      id,
      title: id,
      domain: 'Workloads',
      hasSetup: true,
      ...(!serial.includes(id) && { setupBeside: true }),
      checkIds: ['c1'],
    })),
  ),
});

/** What was set up since then, in the order in which it was begun. */
function setupsSince(): () => readonly string[] {
  const before = ckx.host.calls.length;
  return () => ckx.host.calls.slice(before).flatMap((call) => (call.startsWith('setUpQuestion:') ? [call.slice(14)] : []));
}

async function end(workflow: WorkflowHandle): Promise<void> {
  await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
  await workflow.result();
}

/** Holds each setup until it is let go by its name. */
function held(): Map<string, () => void> {
  const hold = new Map<string, () => void>();
  ckx.host.before.setUpQuestion = (question) => new Promise((resolve) => hold.set(question, resolve));
  return hold;
}

async function settlesAt(begun: () => readonly string[], expected: readonly string[]): Promise<void> {
  await eventually(() => Promise.resolve(expect(begun().toSorted()).toEqual(expected)), 10_000);
  await sleep(500);
  expect(begun()).toHaveLength(expected.length);
}

it('run at once, four of them at most', async () => {
  const begun = setupsSince();
  const hold = held();
  const { id, workflow } = await ckx.startSession({ lab: lab() });
  await settlesAt(begun, ['q1', 'q2', 'q3', 'q4']);
  hold.get('q3')?.();
  await settlesAt(begun, ['q1', 'q2', 'q3', 'q4', 'q5']);
  hold.get('q1')?.();
  await settlesAt(begun, ['q1', 'q2', 'q3', 'q4', 'q5', 'q6']);
  for (const letGo of hold.values()) letGo();
  await ckx.waitForState(id, 'ready');
  expect(ckx.host.calls.filter((call) => call === 'finishQuestions')).toHaveLength(1);
  await end(workflow);
});

it('wait for one that must not run beside others, which waits for those before it', async () => {
  const begun = setupsSince();
  const hold = held();
  const { id, workflow } = await ckx.startSession({ lab: lab('q3') });
  await settlesAt(begun, ['q1', 'q2']);
  hold.get('q1')?.();
  await settlesAt(begun, ['q1', 'q2']);
  hold.get('q2')?.();
  await settlesAt(begun, ['q1', 'q2', 'q3']);
  hold.get('q3')?.();
  await settlesAt(begun, ['q1', 'q2', 'q3', 'q4', 'q5', 'q6']);
  for (const letGo of hold.values()) letGo();
  await ckx.waitForState(id, 'ready');
  await end(workflow);
});

it('run one after the other where the pack does not say that they are independent', async () => {
  const begun = setupsSince();
  const hold = held();
  const { id, workflow } = await ckx.startSession({ lab: lab('q1', 'q2', 'q3', 'q4', 'q5', 'q6') });
  await settlesAt(begun, ['q1']);
  ckx.host.reset();
  hold.get('q1')?.();
  await ckx.waitForState(id, 'ready');
  expect(begun()).toEqual(['q1', 'q2', 'q3', 'q4', 'q5', 'q6']);
  await end(workflow);
});

it('one that fails is what the session fails of, by its name, once the others have let go', async () => {
  const begun = setupsSince();
  let letGo = 0;
  let letGoBefore = 0;
  ckx.host.before.setUpQuestion = async (question) => {
    if (question !== 'q3') {
      return attended(async ({ signal }) => sleep(60_000, undefined, { signal }).finally(() => (letGo += 1)));
    }
    await eventually(() => Promise.resolve(expect(begun()).toHaveLength(4)), 5_000);
    throw ApplicationFailure.nonRetryable('The setup of question q3 ended with exit code 4.', 'QUESTION_SETUP_FAILED');
  };
  ckx.host.before.destroyEnvironment = () => {
    letGoBefore = letGo;
    return Promise.resolve();
  };
  const { id, workflow } = await ckx.startSession({ lab: lab() });
  await workflow.result();
  const { failure } = await ckx.session(id);
  expect(failure).toMatchObject({ type: 'init', code: 'QUESTION_SETUP_FAILED', step: 'questions' });
  expect(failure?.reason).toContain('The setup of question q3 ended with exit code 4.');
  expect(letGoBefore).toBe(3);
  expect(begun()).toHaveLength(4);
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
});

it('one that meets a passing fault is tried again, and no other with it', async () => {
  const begun = setupsSince();
  let faults = 2;
  ckx.host.before.setUpQuestion = (question) =>
    question === 'q2' && faults-- > 0
      ? Promise.reject(ApplicationFailure.retryable('no answer', 'QUESTION_SETUP_FAILED'))
      : Promise.resolve();
  const { id, workflow } = await ckx.startSession({ lab: lab() });
  await ckx.waitForState(id, 'ready');
  expect(begun().toSorted()).toEqual(['q1', 'q2', 'q2', 'q2', 'q3', 'q4', 'q5', 'q6']);
  await end(workflow);
});

it('one that hangs is named when time runs out', async () => {
  ckx.host.before.setUpQuestion = (question) => (question === 'q2' || question === 'q5' ? ckx.host.hang() : Promise.resolve());
  const { id, workflow } = await ckx.startSession({ lab: lab(), provisionTimeoutMs: 3_000 });
  const { failure } = await ckx.waitForState(id, 'failed');
  expect(failure).toMatchObject({ type: 'init', code: 'PROVISION_TIMEOUT', step: 'questions' });
  expect(failure?.reason).toContain('not ready within 3 s; still being set up: q2, q5.');
  ckx.host.reset();
  await workflow.result();
});
