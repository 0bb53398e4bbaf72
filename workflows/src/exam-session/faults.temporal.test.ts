import { SECOND_GRADING, SecondGrading, type ExamSessionId } from '@ckx/contracts';
import { submitSignal, terminateSignal } from '@ckx/contracts/exam-session';
import {
  CheckResultEntity,
  EnvironmentEntity,
  ExamAttemptEntity,
  HostEntity,
  RefusedAddressEntity,
  SessionEventEntity,
} from '@ckx/persistence';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, createInstallation, type Installation, type Running } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
let control: Running;
let hostWorker: Running;
beforeAll(async () => {
  ckx = await createInstallation(await testServices(), 1);
  control = await ckx.startControl();
  hostWorker = await ckx.startHost();
  await ckx.announceHost();
  await eventually(() => ckx.dataSource.manager.findOneByOrFail(HostEntity, { state: 'active' }));
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

describe('provisioning', () => {
  it('that takes too long fails as init, with the step that was stuck', async () => {
    ckx.host.before.awaitEnvironment = (until) => (until === 'node_ready' ? ckx.host.hang() : Promise.resolve());
    const { id, workflow } = await ckx.startSession({ provisionTimeoutMs: 2_000 });
    const session = await ckx.waitForState(id, 'failed');
    expect(session.failure).toMatchObject({ type: 'init', code: 'PROVISION_TIMEOUT', step: 'node_ready' });
    // The stuck activity hears of its cancellation when its heartbeat is overdue; then everything goes.
    await workflow.result();
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });

  it('whose setup a person must mend fails at once, with the reason, and is not retried', async () => {
    ckx.host.before.setUpQuestion = () =>
      Promise.reject(ApplicationFailure.nonRetryable('q1/setup.sh: line 3: syntax error', 'QUESTION_SETUP_FAILED'));
    const before = ckx.host.count('setUpQuestion');
    const { id, workflow } = await ckx.startSession();
    await workflow.result();
    const { failure } = await ckx.session(id);
    expect(failure).toMatchObject({ type: 'init', code: 'QUESTION_SETUP_FAILED', step: 'questions' });
    expect(failure?.reason).toContain('q1/setup.sh: line 3: syntax error');
    expect(ckx.host.count('setUpQuestion')).toBe(before + 1);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });

  it('tries a cluster that answers with faults three times, then says so', async () => {
    ckx.host.before.setUpQuestion = () =>
      Promise.reject(ApplicationFailure.retryable('Error from server: etcdserver: request timed out', 'QUESTION_SETUP_FAILED'));
    const before = ckx.host.count('setUpQuestion');
    const { id, workflow } = await ckx.startSession();
    await workflow.result();
    const { failure, createdAt, endedAt } = await ckx.session(id);
    expect(failure).toMatchObject({ type: 'init', code: 'QUESTION_SETUP_FAILED', step: 'questions' });
    expect(failure?.reason).toContain('etcdserver: request timed out');
    expect(ckx.host.count('setUpQuestion')).toBe(before + 3);
    // 1 s and 2 s between the attempts.
    expect((endedAt?.getTime() ?? 0) - createdAt.getTime()).toBeGreaterThan(3_000);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });

  it('goes on over faults that pass', async () => {
    let failures = 3;
    ckx.host.before.createEnvironment = () => {
      failures -= 1;
      return failures < 0 ? Promise.resolve() : Promise.reject(ApplicationFailure.retryable('no answer', 'ENGINE_UNAVAILABLE'));
    };
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
  });
});

describe('an address that the engine refuses, though the records call it free', () => {
  const portInUse = (port: number) =>
    ApplicationFailure.create({ message: `Port ${port} is in use.`, type: 'PORT_IN_USE', nonRetryable: true, details: [{ port }] });
  const environment = (examSessionId: ExamSessionId) => ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { examSessionId });
  const cancel = { outcome: 'cancelled', reason: 'a test' } as const;

  it('is set aside: the environment is built with others, and so are those after it', async () => {
    const refusals = [portInUse(6_901), ApplicationFailure.nonRetryable('The network overlaps.', 'SUBNET_IN_USE')];
    ckx.host.before.createEnvironment = () => {
      const refusal = refusals.shift();
      return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
    };
    const destroyed = ckx.host.count('destroyEnvironment');
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    const { spec, subnet } = await environment(id);
    expect(spec.ports.vnc).toBe(6_902);
    expect(spec.subnet).toBe(subnet);
    const aside = await ckx.dataSource.manager.find(RefusedAddressEntity, { order: { address: 'ASC' } });
    expect(aside.map(({ address }) => address)).toEqual([expect.stringMatching(/^10\..+\/26$/), '6901']);
    expect(aside.map(({ address }) => address)).not.toContain(subnet);
    // What was begun with the refused ones is gone before it is begun again.
    expect(ckx.host.count('destroyEnvironment')).toBe(destroyed + 2);
    await workflow.signal(terminateSignal, cancel);
    await workflow.result();
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });

    const next = await ckx.startSession();
    await ckx.waitForState(next.id, 'ready');
    expect((await environment(next.id)).spec.ports.vnc).toBe(6_902);
    await next.workflow.signal(terminateSignal, cancel);
    await next.workflow.result();
  });

  it('is said when others are refused as well', async () => {
    ckx.host.before.createEnvironment = async () => {
      const { spec } = await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { state: 'provisioning' });
      throw portInUse(spec.ports.k8sApi);
    };
    const { id, workflow } = await ckx.startSession();
    await workflow.result();
    expect((await ckx.session(id)).failure).toMatchObject({ type: 'init', code: 'PORT_IN_USE', step: 'containers' });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });
});

describe('grading', () => {
  it('of a rehearsal looks at the same cluster twice, and keeps both verdicts', async () => {
    const before = ckx.host.count('openGrader');
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 300 }, rehearsal: true });
    await workflow.result();
    expect(ckx.host.count('openGrader')).toBe(before + 2);
    const events = await ckx.dataSource.manager.findBy(SessionEventEntity, { examSessionId: id, kind: SECOND_GRADING });
    expect(events.map(({ data }) => SecondGrading.parse(data).questionId).sort()).toEqual(['q1', 'q2']);
  });

  it('scores the decided checks, provisionally, when a question cannot be graded', async () => {
    ckx.host.verdicts['q1/c1'] = 'failed';
    ckx.host.before.gradeQuestion = (question) =>
      question === 'q2' ? Promise.reject(ApplicationFailure.nonRetryable('the grader died', 'EXEC_STUCK')) : Promise.resolve();
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 300 } });
    await workflow.result();
    const attempt = await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
    expect(attempt).toMatchObject({ state: 'graded', earned: 2, possible: 4, percent: 50, provisional: true, passed: false });
    const errored = await ckx.dataSource.manager.findOneByOrFail(CheckResultEntity, { attemptId: attempt.id, verdict: 'errored' });
    expect(errored).toMatchObject({ questionId: 'q2', reason: 'the grader died' });
  });

  it('that decides nothing waits for a regrade, and is no zero', async () => {
    ckx.host.before.openGrader = () => Promise.reject(ApplicationFailure.nonRetryable('no image', 'IMAGE_MISSING'));
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 300 } });
    await workflow.result();
    const attempt = await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
    expect(attempt).toMatchObject({ state: 'grading_failed', percent: null });
    expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'expired' });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });
});

describe('the queue', () => {
  it('admits in the order of arrival as places become free, and says the place', async () => {
    // One after the other: who looks before the first is admitted is told of that, and hears no more until there is room.
    const first = await ckx.startSession();
    await ckx.waitForState(first.id, 'ready');
    const [second, third] = [await ckx.startSession(), await ckx.startSession()];
    await eventually(async () => {
      expect((await ckx.session(second.id)).waiting).toEqual({ place: 1, reason: 'The hosts are full.' });
      expect((await ckx.session(third.id)).waiting).toMatchObject({ place: 2 });
    });
    const cancel = { outcome: 'cancelled', reason: 'a test' } as const;
    await first.workflow.signal(terminateSignal, cancel);
    expect((await ckx.waitForState(second.id, 'ready')).waiting).toBeNull();
    expect((await ckx.session(third.id)).state).toBe('created');

    // Ended while it waits: nothing to tear down, and nobody's place is taken.
    const fourth = await ckx.startSession();
    await third.workflow.signal(terminateSignal, cancel);
    await third.workflow.result();
    expect(await ckx.leftovers(third.id)).toEqual({ state: null, ports: 0 });
    await second.workflow.signal(terminateSignal, cancel);
    await ckx.waitForState(fourth.id, 'ready');
    await fourth.workflow.signal(terminateSignal, cancel);
    await fourth.workflow.result();
  });
});

describe('a worker that dies', () => {
  it('in the middle of a run: the session goes on, and its clock with it', async () => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 3_000 } });
    const { deadlineAt } = await ckx.waitForState(id, 'running');
    await control.stop();
    await hostWorker.stop();
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    control = await ckx.startControl();
    hostWorker = await ckx.startHost();
    await workflow.result();
    const session = await ckx.session(id);
    expect(session).toMatchObject({ state: 'terminated', outcome: 'expired', deadlineAt });
    expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({
      state: 'graded',
      percent: 100,
    });
  });

  it('on a host, with what it was doing: noticed by its heartbeat, done again by the next', async () => {
    await hostWorker.stop();
    const hanging = ckx.spawnHangingHost('awaitEnvironment');
    const { id, workflow } = await ckx.startSession({ provisionTimeoutMs: 60_000 });
    await hanging.hangs();
    await hanging.kill();
    hostWorker = await ckx.startHost();
    await ckx.waitForState(id, 'ready');
    await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
  });

  it.each(['openGrader', 'gradeQuestion', 'closeGrader'])(
    'on a host, in the middle of %s: the result is the one without it',
    async (activity) => {
      ckx.host.verdicts = { 'q1/c2': 'failed' };
      const { id, workflow } = await ckx.startSession({ graceMs: 1 });
      await ckx.waitForState(id, 'running');
      await hostWorker.stop();
      const hanging = ckx.spawnHangingHost(activity);
      await workflow.signal(submitSignal);
      await hanging.hangs();
      await hanging.kill();
      hostWorker = await ckx.startHost();
      await workflow.result();
      const attempt = await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
      expect(attempt).toMatchObject({ state: 'graded', earned: activity === 'closeGrader' ? 6 : 4, possible: 6, provisional: false });
      expect(await ckx.dataSource.manager.countBy(CheckResultEntity, { attemptId: attempt.id })).toBe(3);
    },
    60_000,
  );

  it('of the control plane, while questions are graded: nothing is graded twice', async () => {
    ckx.host.verdicts = { 'q1/c2': 'failed' };
    ckx.host.before.gradeQuestion = ckx.host.hang;
    const before = ckx.host.count('gradeQuestion');
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 300 } });
    await eventually(() => Promise.resolve(expect(ckx.host.count('gradeQuestion')).toBe(before + 2)));
    await control.stop();
    const { verdicts } = ckx.host;
    ckx.host.reset();
    ckx.host.verdicts = verdicts;
    control = await ckx.startControl();
    await workflow.result();
    expect(ckx.host.count('gradeQuestion')).toBe(before + 2);
    const attempt = await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
    expect(attempt).toMatchObject({ state: 'graded', earned: 4, possible: 6 });
  });
});

it('a host that does not answer is lost, and found again when it is up', async () => {
  await hostWorker.stop();
  await ckx.announceHost();
  await eventually(
    async () => expect(await ckx.dataSource.manager.findOneByOrFail(HostEntity, {})).toMatchObject({ state: 'lost' }),
    40_000,
  );
  const { id, workflow } = await ckx.startSession();
  await eventually(async () => expect((await ckx.session(id)).waiting?.reason).toBe('No host takes sessions at the moment.'));
  hostWorker = await ckx.startHost();
  await ckx.announceHost();
  await ckx.waitForState(id, 'ready');
  await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
  await workflow.result();
}, 90_000);
