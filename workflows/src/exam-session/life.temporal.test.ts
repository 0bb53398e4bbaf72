import { randomUUID } from 'node:crypto';
import { SessionEvent } from '@ckx/contracts';
import { extendUpdate, startClockSignal, statusQuery, submitSignal, terminateSignal } from '@ckx/contracts/exam-session';
import { ClockEntryEntity, ExamAttemptEntity, SessionEventEntity } from '@ckx/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());

describe('the life of a session', () => {
  it('goes from a row to a graded attempt, and leaves nothing', async () => {
    const { host } = ckx;
    host.verdicts['q1/c2'] = 'failed';
    const { id, workflow } = await ckx.startSession();

    await ckx.waitForState(id, 'ready');
    expect(host.calls.filter((call) => call.startsWith('setUp') || call.startsWith('finish'))).toEqual([
      'setUpQuestion:q1',
      'finishQuestions',
    ]);
    expect((await workflow.query(statusQuery)).environment).toBe('bound');

    // Not started yet, so there is nothing to hand in.
    await workflow.signal(submitSignal);
    await workflow.signal(startClockSignal);
    const running = await ckx.waitForState(id, 'running');
    expect(running.deadlineAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 60_000);

    await workflow.signal(submitSignal);
    await workflow.result();
    host.reset();

    expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'submitted' });
    expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({
      state: 'graded',
      earned: 4,
      possible: 6,
      percent: 67,
      provisional: false,
      passed: true,
    });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
    const order = host.calls.map((call) => call.split(':')[0]);
    expect(order.indexOf('closeEnvironment')).toBeLessThan(order.indexOf('openGrader'));
    expect(order.indexOf('closeGrader')).toBeLessThan(order.indexOf('destroyEnvironment'));
  });

  it('writes each step with its beginning and end, under one growing sequence', async () => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
    const rows = await ckx.dataSource.manager.find(SessionEventEntity, { where: { examSessionId: id }, order: { id: 'ASC' } });
    const events = rows.map((row) => ({ ...row, data: SessionEvent.shape.data.parse(row.data) }));
    const progress = events.filter(({ kind }) => kind === 'progress');
    expect(progress[0]?.data).toMatchObject({ step: 'admitted' });
    for (const step of ['containers', 'control_plane', 'node_ready', 'workloads', 'terminal', 'questions']) {
      const ofStep = progress.filter(({ data }) => data['step'] === step);
      expect(ofStep[0]?.data).toEqual({ step });
      expect(ofStep.at(-1)?.data['durationMs']).toEqual(expect.any(Number));
    }
    expect(progress.some(({ data }) => data['step'] === 'questions' && data['done'] === 1 && data['total'] === 1)).toBe(true);
    const sequences = events.flatMap(({ sequence }) => sequence ?? []);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect(events.filter(({ kind }) => kind === 'transition').map(({ data }) => data['to'])).toEqual([
      'initializing',
      'ready',
      'terminated',
    ]);
  });

  it('starts the clock by itself after the grace, and expires at the deadline', async () => {
    const { id, workflow } = await ckx.startSession({ graceMs: 300, lab: { durationMs: 1_500 } });
    await workflow.result();
    const session = await ckx.session(id);
    expect(session).toMatchObject({ state: 'terminated', outcome: 'expired' });
    const [startedAt, endedAt] = [session.startedAt?.getTime() ?? 0, session.endedAt?.getTime() ?? 0];
    expect(endedAt - startedAt).toBeGreaterThan(1_300);
    expect(endedAt - startedAt).toBeLessThan(4_000);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });

  it('moves the deadline once per extension, however often it is asked', async () => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1, lab: { durationMs: 4_000 } });
    const running = await ckx.waitForState(id, 'running');
    const updateId = randomUUID();
    const ask = (id: string = updateId) =>
      workflow.executeUpdate(extendUpdate, { updateId: id, args: [{ milliseconds: 60_000, reason: 'a fire alarm' }] });
    const [first, second] = [await ask(), await ask()];
    expect(second.deadlineAt).toBe(first.deadlineAt);
    expect(first.deadlineAt).toBe((running.deadlineAt?.getTime() ?? 0) + 60_000);
    expect(await ckx.dataSource.manager.countBy(ClockEntryEntity, { examSessionId: id })).toBe(2);
    expect((await ckx.session(id)).deadlineAt?.getTime()).toBe(first.deadlineAt);

    // Past the first deadline, and still running.
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect((await ckx.session(id)).state).toBe('running');
    await expect(workflow.executeUpdate(extendUpdate, { args: [{ milliseconds: 5 * 3_600_000, reason: 'too much' }] })).rejects.toThrow();
    await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
    await expect(ask(randomUUID())).rejects.toThrow();
  });
});

describe('a session that is ended', () => {
  it('before its first task keeps nothing', async () => {
    const { id, workflow } = await ckx.startSession();
    await workflow.signal(terminateSignal, { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
    expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'cancelled' });
    expect((await ckx.leftovers(id)).ports).toBe(0);
  });

  it('while it is being built is torn down after the host has let go', async () => {
    const { host } = ckx;
    host.before.createEnvironment = host.hang;
    const before = host.count('destroyEnvironment');
    const { id, workflow } = await ckx.startSession();
    await eventually(async () => expect((await ckx.session(id)).state).toBe('initializing'));
    await eventually(() => Promise.resolve(expect(host.calls.at(-1)).toBe('createEnvironment')));
    await workflow.signal(terminateSignal, { outcome: 'terminated_by_admin', reason: 'a test' });
    await ckx.waitForState(id, 'terminated');
    expect(host.count('destroyEnvironment')).toBe(before);
    host.reset();
    await workflow.result();
    expect(host.count('destroyEnvironment')).toBe(before + 1);
    expect(await ckx.session(id)).toMatchObject({ outcome: 'terminated_by_admin' });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });

  it('while it runs has a void attempt', async () => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(id, 'running');
    await workflow.signal(terminateSignal, { outcome: 'terminated_by_admin', reason: 'a test' });
    await workflow.signal(submitSignal);
    await workflow.result();
    expect(await ckx.session(id)).toMatchObject({ outcome: 'terminated_by_admin' });
    expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({
      state: 'void',
      percent: null,
    });
  });

  it('by a cancellation in the console ends as by an administrator', async () => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.cancel();
    await workflow.result();
    expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'terminated_by_admin' });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });
});
