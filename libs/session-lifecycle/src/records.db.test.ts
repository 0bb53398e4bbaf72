import { randomUUID } from 'node:crypto';
import { ExamSessionId, type Failure, type SessionState } from '@ckx/contracts';
import { ExamSessionEntity, inTransaction, openDatabase, SessionEventEntity, type DataSource } from '@ckx/persistence';
import { insertSession } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyTransition, recordRequest, type Transition } from './records.ts';

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
});
afterAll(() => database.destroy());

const failure: Failure = { type: 'infra', code: 'TEST', reason: 'A test.' };

function apply(examSessionId: ExamSessionId, sequence: number | null, to: SessionState, more: Partial<Transition> = {}) {
  return inTransaction(database, (manager) => applyTransition(manager, { examSessionId, sequence, to, ...more }));
}

const read = (id: ExamSessionId) => database.manager.findOneByOrFail(ExamSessionEntity, { id });
const events = async (examSessionId: ExamSessionId) =>
  (await database.manager.find(SessionEventEntity, { where: { examSessionId }, order: { id: 'ASC' } })).map(({ kind, sequence, data }) => ({
    kind,
    sequence,
    data,
  }));

describe('applyTransition', () => {
  it('writes state, times and event of a whole life', async () => {
    const id = await insertSession(database.manager, { waiting: { place: 3, reason: 'full' } });
    expect(await apply(id, 1, 'initializing')).toEqual({ state: 'initializing', previous: 'created' });
    expect(await read(id)).toMatchObject({ state: 'initializing', sequence: 1, waiting: null, readyAt: null });
    await apply(id, 2, 'ready');
    await apply(id, 3, 'running');
    await apply(id, 4, 'terminated', { outcome: 'submitted' });
    const session = await read(id);
    expect(session).toMatchObject({ state: 'terminated', outcome: 'submitted', failure: null, sequence: 4 });
    const times = [session.createdAt, session.readyAt, session.startedAt, session.endedAt].map((time) => time?.getTime() ?? Number.NaN);
    expect(times).toEqual(times.toSorted());
    expect(await events(id)).toEqual([
      { kind: 'transition', sequence: 1, data: { from: 'created', to: 'initializing' } },
      { kind: 'transition', sequence: 2, data: { from: 'initializing', to: 'ready' } },
      { kind: 'transition', sequence: 3, data: { from: 'ready', to: 'running' } },
      { kind: 'transition', sequence: 4, data: { from: 'running', to: 'terminated', outcome: 'submitted' } },
    ]);
  });

  it('counts a repeated number as success, also when the session has gone on', async () => {
    const id = await insertSession(database.manager);
    await apply(id, 1, 'initializing');
    await apply(id, 2, 'failed', { failure: { ...failure, step: undefined, remedy: 'None.' } });
    expect(await apply(id, 2, 'failed', { failure: { ...failure, remedy: 'None.' } })).toEqual({
      state: 'failed',
      previous: 'initializing',
    });
    expect(await apply(id, 1, 'initializing')).toEqual({ state: 'initializing', previous: 'created' });
    expect((await read(id)).state).toBe('failed');
    expect(await events(id)).toHaveLength(2);
  });

  it('writes once, however many say the same at the same moment', async () => {
    const id = await insertSession(database.manager);
    const all = await Promise.all(Array.from({ length: 8 }, () => apply(id, 1, 'initializing')));
    expect(all).toEqual(all.map(() => ({ state: 'initializing', previous: 'created' })));
    expect(await events(id)).toHaveLength(1);
  });

  it('takes a number that was written with another content for a bug', async () => {
    const id = await insertSession(database.manager);
    await apply(id, 1, 'initializing');
    await expect(apply(id, 1, 'terminated', { outcome: 'cancelled' })).rejects.toMatchObject({ kind: 'bug', code: 'SEQUENCE_REUSED' });
    await database.manager.insert(SessionEventEntity, { examSessionId: id, sequence: 2, kind: 'progress', data: { step: 'containers' } });
    await expect(apply(id, 2, 'ready')).rejects.toMatchObject({ kind: 'bug', code: 'SEQUENCE_REUSED' });
  });

  it('takes a number before a transition that was written for a bug, but not one before mere progress', async () => {
    const id = await insertSession(database.manager);
    await database.manager.insert(SessionEventEntity, { examSessionId: id, sequence: 5, kind: 'progress', data: { step: 'containers' } });
    await apply(id, 4, 'initializing');
    await expect(apply(id, 3, 'ready')).rejects.toMatchObject({ kind: 'bug', code: 'SEQUENCE_OUT_OF_ORDER' });
    expect((await read(id)).state).toBe('initializing');
  });

  it('refuses what the table does not hold, and writes nothing', async () => {
    const id = await insertSession(database.manager);
    await expect(apply(id, 1, 'running')).rejects.toMatchObject({ kind: 'user', code: 'ILLEGAL_TRANSITION' });
    await apply(id, 1, 'terminated', { outcome: 'cancelled' });
    await expect(apply(id, 2, 'failed', { failure })).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    expect(await events(id)).toHaveLength(1);
  });

  it('asks for an outcome or a failure exactly where one belongs', async () => {
    const id = await insertSession(database.manager);
    const incomplete: [SessionState, Partial<Transition>][] = [
      ['terminated', {}],
      ['failed', {}],
      ['initializing', { outcome: 'expired' }],
      ['terminated', { outcome: 'expired', failure }],
    ];
    for (const [to, more] of incomplete) {
      await expect(apply(id, 1, to, more)).rejects.toMatchObject({ kind: 'bug', code: 'TRANSITION_INCOMPLETE' });
    }
  });

  it('knows no session that is not there', async () => {
    const unknown = ExamSessionId.parse(randomUUID());
    await expect(apply(unknown, 1, 'initializing')).rejects.toMatchObject({ kind: 'user', code: 'SESSION_UNKNOWN' });
  });

  it('is undone with the transaction that it is part of', async () => {
    const id = await insertSession(database.manager);
    const work = inTransaction(database, async (manager) => {
      await applyTransition(manager, { examSessionId: id, sequence: 1, to: 'initializing' });
      throw new Error('later');
    });
    await expect(work).rejects.toThrow('later');
    expect((await read(id)).state).toBe('created');
    expect(await events(id)).toEqual([]);
  });
});

describe('recordRequest', () => {
  const terminate = { kind: 'terminate', outcome: 'cancelled', reason: 'Lunch.' } as const;

  it('writes what was asked once; a second request changes nothing', async () => {
    const id = await insertSession(database.manager, { state: 'running', startedAt: new Date() });
    expect((await recordRequest(database.manager, id, terminate)).state).toBe('running');
    const { terminateRequestedAt } = await read(id);
    await recordRequest(database.manager, id, { ...terminate, outcome: 'terminated_by_admin', reason: 'Never mind.' });
    await recordRequest(database.manager, id, { kind: 'submit' });
    const session = await read(id);
    expect(session).toMatchObject({ terminateRequestedAt, terminateRequest: { outcome: 'cancelled', reason: 'Lunch.' } });
    expect(session.submitRequestedAt).not.toBeNull();
    expect((await events(id)).map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['terminate_requested', null],
      ['submit_requested', null],
    ]);
  });

  it('refuses what the state does not allow', async () => {
    const id = await insertSession(database.manager);
    await expect(recordRequest(database.manager, id, { kind: 'start' })).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    await expect(recordRequest(database.manager, id, { kind: 'submit' })).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    await apply(id, 1, 'terminated', { outcome: 'cancelled' });
    await expect(recordRequest(database.manager, id, terminate)).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  });
});
