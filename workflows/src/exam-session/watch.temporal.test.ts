/** What becomes of a session whose environment dies, or that nobody could look after. */
import type { ClockEntry, ExamSessionId, WatchFinding } from '@ckx/contracts';
import { statusQuery, terminateSignal } from '@ckx/contracts/exam-session';
import { ClockEntryEntity, ExamAttemptEntity, HostEntity, SessionEventEntity } from '@ckx/persistence';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, eventually, type Installation, type Running } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
let hostWorker: Running;
beforeAll(async () => {
  ckx = await createInstallation(await testServices());
  await ckx.startControl();
  hostWorker = await ckx.startHost();
  await ckx.announceHost();
  await eventually(() => ckx.dataSource.manager.findOneByOrFail(HostEntity, { state: 'active' }));
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

const MINUTE = 60_000;
const down: WatchFinding = { kind: 'down', part: 'node', reason: 'it ended with exit code 137' };
const CANCEL = { outcome: 'cancelled', reason: 'a test' } as const;

async function runningSession() {
  const { id, workflow } = await ckx.startSession({ graceMs: 1 });
  await ckx.waitForState(id, 'running');
  const { clock } = await workflow.query(statusQuery);
  return { id, workflow, deadlineAt: clock.deadlineAt ?? 0 };
}

async function events(examSessionId: ExamSessionId, kind: string): Promise<unknown[]> {
  const rows = await ckx.dataSource.manager.find(SessionEventEntity, { where: { examSessionId, kind }, order: { id: 'ASC' } });
  return rows.map(({ data }) => data);
}

async function credits(examSessionId: ExamSessionId): Promise<Pick<ClockEntry, 'id' | 'milliseconds'>[]> {
  const rows = await ckx.dataSource.manager.findBy(ClockEntryEntity, { examSessionId, kind: 'credit' });
  return rows.map(({ id, milliseconds }) => ({ id, milliseconds }));
}

/** Returns when the watch took up what was to be found. */
const found = (id: ExamSessionId) => eventually(() => Promise.resolve(expect(ckx.host.hasFound(id)).toBe(true)));

describe('a part that dies', () => {
  it('is started again, and the session goes on; its candidate is told', async () => {
    const { id, workflow, deadlineAt } = await runningSession();
    ckx.host.finds(id, down);
    await eventually(async () =>
      expect(await events(id, 'restart')).toEqual([
        { part: 'node', number: 1, state: 'down', reason: down.reason },
        { part: 'node', number: 1, state: 'up', ready: true },
      ]),
    );
    const session = await ckx.session(id);
    expect(session).toMatchObject({ state: 'running', deadlineAt: new Date(deadlineAt) });
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
    expect(await credits(id)).toEqual([]);
  });

  it('for the fourth time ends the session as infra, at once, with a void attempt, and the candidate may start another', async () => {
    const { id, workflow } = await runningSession();
    const before = { restarts: ckx.host.count('restartPart'), closed: ckx.host.count('closeEnvironment') };
    // Teardown is slow: nobody waits for it.
    ckx.host.before.destroyEnvironment = ckx.host.hang;
    ckx.host.finds(id, down, down, { ...down, part: 'terminal' }, down);
    const session = await ckx.waitForState(id, 'failed');
    expect(session.failure).toMatchObject({ type: 'infra', code: 'RESTARTS_EXHAUSTED' });
    expect(session.failure?.reason).toBe('The node of this session ended (it ended with exit code 137), after 3 restarts.');
    expect(ckx.host.count('restartPart')).toBe(before.restarts + 3);
    await eventually(async () =>
      expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({ state: 'void' }),
    );
    expect((await ckx.leftovers(id)).state).not.toBe('destroyed');
    const again = await ckx.startSession({ userId: session.userId });
    await ckx.waitForState(again.id, 'ready');
    await again.workflow.signal(terminateSignal, CANCEL);
    ckx.host.reset();
    await Promise.all([workflow.result(), again.workflow.result()]);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
    expect(ckx.host.count('closeEnvironment')).toBe(before.closed + 1);
  });

  it('and cannot be started ends the session as infra, in a sentence', async () => {
    ckx.host.before.restartPart = () =>
      Promise.reject(ApplicationFailure.nonRetryable('The container of the node is not there any more.', 'NODE_GONE'));
    const { id, workflow } = await runningSession();
    ckx.host.finds(id, down);
    await workflow.result();
    const { failure } = await ckx.session(id);
    expect(failure).toMatchObject({ type: 'infra', code: 'NODE_GONE', reason: expect.stringMatching(/^[A-Z].*\.$/) as string });
  });

  it('and dies again while it starts is one of the three', async () => {
    const { id, workflow } = await runningSession();
    const before = ckx.host.count('restartPart');
    ckx.host.before.restartPart = () => Promise.reject(ApplicationFailure.nonRetryable('A node ended by itself.', 'NODE_EXITED'));
    ckx.host.finds(id, down, down, down, down);
    await workflow.result();
    expect((await ckx.session(id)).failure).toMatchObject({ type: 'infra', code: 'RESTARTS_EXHAUSTED' });
    expect(ckx.host.count('restartPart')).toBe(before + 3);
  });

  it('is found by the next worker of the host when the one before was stopped', async () => {
    const { id, workflow } = await runningSession();
    await hostWorker.stop();
    hostWorker = await ckx.startHost();
    ckx.host.finds(id, down);
    await eventually(async () => expect(await events(id, 'restart')).toHaveLength(2));
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
  });

  it('is started again while the session is ready, too', async () => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    ckx.host.finds(id, down);
    await eventually(async () => expect(await events(id, 'restart')).toHaveLength(2));
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
  });
});

describe('a limit', () => {
  it('that was reached ends the session as runtime, with the reason', async () => {
    const { id, workflow } = await runningSession();
    ckx.host.finds(id, { kind: 'limit', part: 'node', reason: 'The node has filled its disk of 10 GiB.' });
    await workflow.result();
    const { failure } = await ckx.session(id);
    expect(failure).toMatchObject({ type: 'runtime', code: 'LIMIT_REACHED', reason: 'The node has filled its disk of 10 GiB.' });
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });
});

describe('a gap', () => {
  it('is credited once, and shown', async () => {
    const { id, workflow, deadlineAt } = await runningSession();
    const now = Date.now() + 30_000;
    const gap: WatchFinding = { kind: 'gap', cause: 'host', fromMs: now - 20_000, toMs: now };
    ckx.host.finds(id, gap, gap);
    await found(id);
    await eventually(async () => expect((await ckx.session(id)).deadlineAt?.getTime()).toBe(deadlineAt + 20_000));
    expect(await credits(id)).toEqual([{ id: `gap:host:${now - 20_000}`, milliseconds: 20_000 }]);
    const shown = await events(id, 'clock');
    expect(shown.at(-1)).toMatchObject({
      kind: 'credit',
      deadlineAt: deadlineAt + 20_000,
      reason: expect.stringContaining('20 s') as string,
    });
    expect((await workflow.query(statusQuery)).clock.entries.map(({ kind }) => kind)).toEqual(['start', 'credit']);
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
  });

  it('counts up to a quarter of an hour, together with others', async () => {
    const { id, workflow, deadlineAt } = await runningSession();
    const now = Date.now() + MINUTE;
    ckx.host.finds(
      id,
      { kind: 'gap', cause: 'engine', fromMs: now, toMs: now + 9 * MINUTE },
      { kind: 'gap', cause: 'host', fromMs: now, toMs: now + 9 * MINUTE },
    );
    await eventually(async () => expect(await credits(id)).toHaveLength(2));
    expect((await ckx.session(id)).deadlineAt?.getTime()).toBe(deadlineAt + 15 * MINUTE);
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
  });

  it('before the clock started is none', async () => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    ckx.host.finds(id, { kind: 'gap', cause: 'host', fromMs: Date.now() - 20_000, toMs: Date.now() });
    await found(id);
    expect((await workflow.query(statusQuery)).clock).toEqual({ deadlineAt: null, entries: [] });
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
  });
});
