import { randomUUID } from 'node:crypto';
import {
  AttemptResult,
  CheckId,
  ExamSessionId,
  QuestionId,
  SessionEvent,
  SessionStatus,
  SessionView,
  type ExecutionEnvironmentId,
  type Verdict,
} from '@ckx/contracts';
import {
  CheckResultEntity,
  ClockEntryEntity,
  EnvironmentEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  openDatabase,
  QuestionResultEntity,
  SessionEventEntity,
  type DataSource,
} from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { insertEnvironment, insertHost, insertSession, insertUser, LAB } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getAttemptResult, getEvents, getSessionStatus, getSessionView, listActive, listSessions } from './index.ts';

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
});
afterAll(() => database.destroy());
// Places and statistics count every row there is.
beforeEach(() => database.query('TRUNCATE users, hosts CASCADE'));

async function place(examSessionId: ExamSessionId): Promise<ExecutionEnvironmentId> {
  const hostId = await insertHost(database.manager);
  return await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId });
}

async function progress(examSessionId: ExamSessionId, sequence: number, data: object): Promise<void> {
  await database.manager.insert(SessionEventEntity, { examSessionId, sequence, kind: 'progress', data });
}

describe('getSessionStatus', () => {
  it('is the answer that clients know, whatever the state', async () => {
    const id = await insertSession(database.manager);
    const move = async (sequence: number, to: 'initializing' | 'ready' | 'running') => {
      await applyTransition(database.manager, { examSessionId: id, sequence, to });
      const status = SessionStatus.parse(await getSessionStatus(database, id));
      expect(status).toMatchObject({ state: to, sequence, outcome: null, failure: null, endedAt: null });
      return status;
    };
    expect(SessionStatus.parse(await getSessionStatus(database, id))).toMatchObject({ state: 'created', sequence: 0, attempt: null });
    await place(id);
    await move(1, 'initializing');
    expect((await move(2, 'ready')).readyAt).not.toBeNull();
    expect((await move(3, 'running')).startedAt).not.toBeNull();
    await applyTransition(database.manager, { examSessionId: id, sequence: 4, to: 'terminated', outcome: 'submitted' });
    const ended = SessionStatus.parse(await getSessionStatus(database, id));
    expect(ended).toMatchObject({ state: 'terminated', outcome: 'submitted', waiting: null, environment: 'provisioning' });
    expect(Date.parse(ended.now)).toBeGreaterThanOrEqual(Date.parse(ended.endedAt ?? ''));
  });

  it('tells a failure with its reason', async () => {
    const id = await insertSession(database.manager);
    const failure = { type: 'init', code: 'IMAGE_MISSING', reason: 'An image is missing.', step: 'containers' } as const;
    await applyTransition(database.manager, { examSessionId: id, sequence: 1, to: 'failed', failure });
    expect(await getSessionStatus(database, id)).toMatchObject({ state: 'failed', failure });
  });

  it('counts the place in the queue, and leaves it when there is an environment', async () => {
    const ids = [await insertSession(database.manager), await insertSession(database.manager), await insertSession(database.manager)];
    const places = async () => await Promise.all(ids.map(async (id) => (await getSessionStatus(database, id)).waiting?.place));
    expect(await places()).toEqual([1, 2, 3]);
    await place(ids[0] ?? ExamSessionId.parse(randomUUID()));
    expect(await places()).toEqual([undefined, 1, 2]);
  });

  it('gives the reason that admission found', async () => {
    const id = await insertSession(database.manager);
    expect((await getSessionStatus(database, id)).waiting?.reason).toMatch(/just created/);
    await database.manager.update(ExamSessionEntity, id, { waiting: { place: 9, reason: 'Every host is full.' } });
    expect((await getSessionStatus(database, id)).waiting).toEqual({ place: 1, reason: 'Every host is full.' });
  });

  it('folds progress by step: the newest of each, in the order of the steps, by the workflow’s numbers', async () => {
    const id = await insertSession(database.manager);
    await progress(id, 7, { step: 'questions', done: 2, total: 5 });
    await progress(id, 6, { step: 'questions', done: 1, total: 5 });
    await progress(id, 2, { step: 'containers' });
    await progress(id, 3, { step: 'containers', durationMs: 400 });
    await progress(id, 4, { step: 'control_plane' });
    await progress(id, 8, { step: 'questions', durationMs: 900 });
    await progress(id, 9, { step: 'terminal', durationMs: 10 });
    await progress(id, 10, { step: 'terminal' });
    expect((await getSessionStatus(database, id)).progress).toEqual([
      { step: 'containers', durationMs: 400 },
      { step: 'control_plane' },
      { step: 'terminal' },
      { step: 'questions', durationMs: 900, done: 2, total: 5 },
    ]);
  });

  it('knows no session that is not there', async () => {
    const unknown = ExamSessionId.parse(randomUUID());
    await expect(getSessionStatus(database, unknown)).rejects.toMatchObject({ kind: 'user', code: 'SESSION_UNKNOWN' });
    await expect(getSessionView(database, unknown)).rejects.toMatchObject({ kind: 'user', code: 'SESSION_UNKNOWN' });
  });
});

describe('views', () => {
  it('show a session with its clock', async () => {
    const id = await insertSession(database.manager);
    const at = new Date('2026-11-21T10:00:00.123Z');
    await database.manager.insert(ClockEntryEntity, [
      { examSessionId: id, id: 'start', kind: 'start', milliseconds: 1_800_000, reason: 'start', at },
      { examSessionId: id, id: 'x', kind: 'extension', milliseconds: 60_000, reason: 'noise', at: new Date(at.getTime() + 1) },
    ]);
    const executionEnvironmentId = await place(id);
    const view = SessionView.parse(await getSessionView(database, id));
    expect(view).toMatchObject({ examSessionId: id, executionEnvironmentId, category: 'CKAD', type: 'mock', durationSeconds: 1_800 });
    expect(view.clock).toEqual([
      { id: 'start', kind: 'start', milliseconds: 1_800_000, reason: 'start', at: at.getTime() },
      { id: 'x', kind: 'extension', milliseconds: 60_000, reason: 'noise', at: at.getTime() + 1 },
    ]);
  });

  it('list newest first, by user, and those that have not ended', async () => {
    const userId = await insertUser(database.manager);
    const ended = await insertSession(database.manager, { userId, state: 'terminated', outcome: 'expired', endedAt: new Date() });
    const active = await insertSession(database.manager, { userId });
    const other = await insertSession(database.manager);
    const ids = (views: SessionView[]) => views.map((view) => view.examSessionId);
    expect(ids(await listSessions(database))).toEqual([other, active, ended]);
    expect(ids(await listSessions(database, { userId, limit: 1 }))).toEqual([active]);
    expect(ids(await listActive(database))).toEqual([other, active]);
    expect(ids(await listActive(database, userId))).toEqual([active]);
  });

  it('give events in order, from where a client stopped', async () => {
    const id = await insertSession(database.manager);
    await insertSession(database.manager);
    for (const sequence of [1, 2, 3]) await progress(id, sequence, { step: 'containers', done: sequence });
    const all = await getEvents(database, id);
    expect(all.map((event) => SessionEvent.parse(event).data['done'])).toEqual([1, 2, 3]);
    expect(await getEvents(database, id, all[0]?.id, 1)).toEqual(all.slice(1, 2));
    expect(await getEvents(database, id, all[2]?.id)).toEqual([]);
  });
});

describe('getAttemptResult', () => {
  const check = (id: string, weight: number, verdict: Verdict, position: number) => {
    const checkId = CheckId.parse(id);
    return { checkId, weight, verdict, position, description: `Check ${id}`, evidence: 'seen', exitCode: 0, durationMs: 12 };
  };

  it('is null before there is an attempt', async () => {
    expect(await getAttemptResult(database, await insertSession(database.manager))).toBeNull();
  });

  it('scores each question by its checks, those that were not graded yet as well', async () => {
    const startedAt = new Date('2026-11-21T10:00:00Z');
    const endedAt = new Date('2026-11-21T10:10:30Z');
    const examSessionId = await insertSession(database.manager, { state: 'terminated', outcome: 'submitted', startedAt, endedAt });
    const { userId } = await database.manager.findOneByOrFail(ExamSessionEntity, { id: examSessionId });
    const attempt = { examSessionId, userId, labId: LAB.id, labDigest: LAB.digest, state: 'grading' as const };
    const attemptId = (await database.manager.save(ExamAttemptEntity, attempt)).id;
    const of = { attemptId, questionId: QuestionId.parse('q1') };
    await database.manager.insert(QuestionResultEntity, { ...of, position: 1 });
    await database.manager.insert(CheckResultEntity, [
      { ...check('c2', 3, 'errored', 2), ...of, reason: 'It took too long.' },
      { ...check('c1', 2, 'passed', 1), ...of },
    ]);
    const recorded = await getAttemptResult(database, examSessionId);
    const questions = recorded?.questions.map((question) => ({ ...question, solution: null }));
    const result = AttemptResult.parse({ ...recorded, questions, solutionsMissing: null });
    expect(result).toMatchObject({
      attemptId,
      state: 'grading',
      outcome: 'submitted',
      passPercent: 66,
      percent: null,
      durationSeconds: 630,
    });
    expect(result.questions).toMatchObject([
      { questionId: 'q1', position: 1, title: 'A pod that waits', domain: 'Workloads', earned: 2, possible: 2 },
      { questionId: 'q2', position: 2, title: 'A service that answers', earned: 0, possible: 0, checks: [] },
    ]);
    const [first, second] = result.questions[0]?.checks ?? [];
    expect(first).toEqual({
      checkId: 'c1',
      description: 'Check c1',
      weight: 2,
      verdict: 'passed',
      evidence: 'seen',
      exitCode: 0,
      durationMs: 12,
    });
    expect(second).toMatchObject({ checkId: 'c2', verdict: 'errored', reason: 'It took too long.' });
  });
});

describe('an environment that is destroyed', () => {
  it('is told as such', async () => {
    const id = await insertSession(database.manager);
    const environment = await place(id);
    await database.manager.update(EnvironmentEntity, environment, { state: 'destroyed', destroyedAt: new Date() });
    expect((await getSessionStatus(database, id)).environment).toBe('destroyed');
  });
});
