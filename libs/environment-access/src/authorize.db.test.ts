import { randomUUID } from 'node:crypto';
import { UserId, type SessionState } from '@ckx/contracts';
import { openDatabase, UserEntity, type DataSource } from '@ckx/persistence';
import { insertEnvironment, insertHost, insertSession, insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize, authorizeConnection, authorizeConnections } from './index.ts';

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
});
afterAll(() => database.destroy());

async function denial(userId: UserId, examSessionId: unknown): Promise<unknown> {
  return await authorize(database, { user: { id: userId }, examSessionId }).then(
    () => 'was let in',
    (error: unknown) => error,
  );
}

describe('authorize', () => {
  it('lets the owner in, with the whole identity as soon as there is an environment', async () => {
    const userId = await insertUser(database.manager);
    const examSessionId = await insertSession(database.manager, { userId });
    const identity = { userId, examSessionId };
    const request = { user: { id: userId }, examSessionId };
    expect(await authorize(database, request)).toEqual({ as: 'owner', identity: { ...identity, executionEnvironmentId: null } });

    const hostId = await insertHost(database.manager);
    const executionEnvironmentId = await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId });
    expect(await authorize(database.manager, request)).toEqual({ as: 'owner', identity: { ...identity, executionEnvironmentId } });
  });

  it('lets administrators in, under the owner’s identity, and only while Postgres calls them so', async () => {
    const owner = await insertUser(database.manager);
    const admin = await insertUser(database.manager, { role: 'admin' });
    const examSessionId = await insertSession(database.manager, { userId: owner });
    const access = await authorize(database, { user: { id: admin }, examSessionId });
    expect(access).toMatchObject({ as: 'admin', identity: { userId: owner } });

    await database.manager.update(UserEntity, admin, { role: 'candidate' });
    expect(await denial(admin, examSessionId)).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('answers the same for another’s session, one that is not there, and what is no id', async () => {
    const [mine, other] = [await insertUser(database.manager), await insertUser(database.manager)];
    const examSessionId = await insertSession(database.manager, { userId: other });
    const denials = [
      await denial(mine, examSessionId),
      await denial(mine, randomUUID()),
      await denial(mine, 'not-an-id'),
      await denial(mine, undefined),
      await denial(mine, [examSessionId]),
      await denial(mine, `${examSessionId}' OR true --`),
      await denial(UserId.parse(randomUUID()), examSessionId),
    ];
    for (const error of denials) expect(error).toMatchObject({ kind: 'user', code: 'ACCESS_DENIED', details: {} });
    expect(new Set(denials.map((error) => JSON.stringify(error, ['code', 'kind', 'message', 'remedy']))).size).toBe(1);
    expect(new Set(denials.map(String)).size).toBe(1);
  });

  it('keeps out an owner who was disabled', async () => {
    const userId = await insertUser(database.manager, { disabledAt: new Date() });
    const examSessionId = await insertSession(database.manager, { userId });
    expect(await denial(userId, examSessionId)).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('lets nobody in, and says why, when Postgres does not answer', async () => {
    const { url } = await testPostgres();
    const away = await openDatabase(url);
    const userId = await insertUser(away.manager);
    const examSessionId = await insertSession(away.manager, { userId });
    const name = new URL(url).pathname.slice(1);
    await database.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await expect(authorize(away, { user: { id: userId }, examSessionId })).rejects.not.toMatchObject({ code: 'ACCESS_DENIED' });
    await away.destroy();
  });
});

describe('authorizeConnection', () => {
  async function connecting(state: SessionState, deadlineInMs: number | null) {
    const userId = await insertUser(database.manager);
    const hostId = await insertHost(database.manager);
    const examSessionId = await insertSession(database.manager, {
      userId,
      state,
      startedAt: state === 'ready' ? null : new Date(),
      deadlineAt: deadlineInMs === null ? null : new Date(Date.now() + deadlineInMs),
    });
    const executionEnvironmentId = await insertEnvironment(database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId });
    const connect = () => authorizeConnection(database, { user: { id: userId }, examSessionId }).catch((error: unknown) => error);
    return { userId, examSessionId, executionEnvironmentId, connect };
  }

  it('opens a ready session, whose clock has not started, and a running one until its deadline', async () => {
    const ready = await connecting('ready', null);
    const { userId, examSessionId, executionEnvironmentId } = ready;
    expect(await ready.connect()).toEqual({
      as: 'owner',
      identity: { userId, examSessionId, executionEnvironmentId },
      until: null,
      leftMs: null,
    });
    const running = await connecting('running', 60_000);
    expect(await running.connect()).toMatchObject({ as: 'owner', until: expect.any(Date) as Date });
  });

  it('decides for many at once as for each', async () => {
    const [open, late, early] = [await connecting('running', 60_000), await connecting('running', -1), await connecting('created', null)];
    const ask = (userId: UserId, examSessionId: unknown) => ({ user: { id: userId }, examSessionId });
    const answers = await authorizeConnections(database, [
      ask(late.userId, late.examSessionId),
      ask(open.userId, late.examSessionId),
      ask(open.userId, open.examSessionId),
      ask(early.userId, early.examSessionId),
      ask(open.userId, 'no id'),
      ask(open.userId, open.examSessionId),
    ]);
    const said = answers.map((answer) => ('code' in answer ? answer.code : answer.identity.examSessionId));
    const { examSessionId } = open;
    expect(said).toEqual(['DEADLINE_PASSED', 'ACCESS_DENIED', examSessionId, 'SESSION_NOT_READY', 'ACCESS_DENIED', examSessionId]);
    expect(await authorizeConnections(database, [])).toEqual([]);
  });

  it('closes as soon as the end is asked for, and says how it came to that', async () => {
    const { connect, examSessionId } = await connecting('running', 60_000);
    await database.query('UPDATE exam_sessions SET submit_requested_at = now() WHERE id = $1', [examSessionId]);
    expect(await connect()).toMatchObject({ code: 'SESSION_OVER', message: 'You handed in: this session is over.' });
    const other = await connecting('ready', null);
    const asked = { outcome: 'terminated_by_admin', reason: 'a test' };
    await database.query('UPDATE exam_sessions SET terminate_requested_at = now(), terminate_request = $2 WHERE id = $1', [
      other.examSessionId,
      asked,
    ]);
    expect(await other.connect()).toMatchObject({ code: 'SESSION_OVER', message: 'An administrator ended this session.' });
    const failed = await connecting('running', 60_000);
    const failure = { type: 'infra', code: 'NODE_LOST', reason: 'The node would not come back.' };
    await database.query(`UPDATE exam_sessions SET state = 'failed', failure = $2, ended_at = now() WHERE id = $1`, [
      failed.examSessionId,
      failure,
    ]);
    expect(await failed.connect()).toMatchObject({ message: 'This session failed: The node would not come back.' });
  });

  it('closes at the deadline by Postgres alone, while the row still says running', async () => {
    const { connect, examSessionId } = await connecting('running', 1_000);
    expect(await connect()).toMatchObject({ as: 'owner' });
    await database.query('SELECT pg_sleep(1.1)');
    expect(await connect()).toMatchObject({ kind: 'user', code: 'DEADLINE_PASSED' });
    // More time was given.
    await database.query(`UPDATE exam_sessions SET deadline_at = now() + interval '1 minute' WHERE id = $1`, [examSessionId]);
    expect(await connect()).toMatchObject({ as: 'owner' });
  });

  it('opens nothing before it is ready, or after it is over, and tells others nothing', async () => {
    expect(await (await connecting('initializing', null)).connect()).toMatchObject({ code: 'SESSION_NOT_READY' });
    const { connect, examSessionId } = await connecting('running', 60_000);
    await database.query(`UPDATE exam_sessions SET state = 'terminated', outcome = 'submitted', ended_at = now() WHERE id = $1`, [
      examSessionId,
    ]);
    expect(await connect()).toMatchObject({ code: 'SESSION_OVER' });
    const stranger = await insertUser(database.manager);
    await expect(authorizeConnection(database, { user: { id: stranger }, examSessionId })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
