/** What is kept about a person: handed out whole, and erased. */
import { AccountExport, PassId, TokenPair, UserView } from '@ckx/contracts';
import { AccessPassEntity, type EntityManager, EnvironmentEntity, ExamSessionEntity, PaymentEntity, UserEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { insertEnvironment, insertHost } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sit } from './attempt-records.ts';
import { startApi, type TestApi } from './harness.ts';
import { end } from './session-records.ts';

let api: TestApi;
let manager: EntityManager;
let anonymous: ApiClient;
beforeAll(async () => {
  api = await startApi();
  ({ manager } = api.database);
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

const PASSWORD = 'correct horse battery';

async function person() {
  const mine = { email: `c-${randomUUID()}@example.org`, password: PASSWORD };
  const { id } = UserView.parse((await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada Lovelace' })).body);
  const tokens = TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
  return { ...mine, ...tokens, id, client: new ApiClient(api.url, tokens.accessToken) };
}
type Person = Awaited<ReturnType<typeof person>>;

/** A graded attempt, a void one, a pass with its payment, mail. */
async function live({ id, client, email }: Person) {
  const graded = await sit(api, id, 2, { verdicts: ['passed', 'failed', 'passed'] });
  await sit(api, id, 1);
  const passId = PassId.parse(randomUUID());
  const of = { userId: id, passTypeId: '1_week', priceCents: 1999 } as const;
  await manager.insert(AccessPassEntity, { ...of, id: passId, durationHours: 168, source: 'purchase' });
  await manager.insert(PaymentEntity, {
    ...of,
    passId,
    currency: 'usd',
    status: 'paid',
    paidAt: new Date(),
    checkoutSessionId: randomUUID(),
  });
  await client.send('POST', '/auth/send-verification');
  await client.send('POST', '/support', { subject: 'A question', message: `From ${email}` });
  return { ...graded, passId };
}

const remove = ({ client }: Person, password = PASSWORD) => client.send('POST', '/users/me/delete', { password });

describe('export', () => {
  test('holds all that is kept, of nobody else, and no secret', async () => {
    const [mine, other] = [await person(), await person()];
    const { attemptId, examSessionId, passId } = await live(mine);
    await live(other);
    const answer = await mine.client.send('GET', '/users/me/export');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="ckx-account.json"');
    const data = AccountExport.parse(answer.body);
    expect(data.profile).toMatchObject({ id: mine.id, email: mine.email, name: 'Ada Lovelace' });
    expect(data.signIns).toHaveLength(1);
    expect(data.sessions).toHaveLength(2);
    expect(data.sessions.map((one) => one.examSessionId)).toContain(examSessionId);
    expect(data.attempts.find((one) => one.attemptId === attemptId)).toMatchObject({
      percent: 67,
      checks: [
        { questionId: 'q1', checkId: 'c1', verdict: 'passed', evidence: 'seen' },
        { questionId: 'q1', checkId: 'c2', verdict: 'failed' },
        { questionId: 'q2', checkId: 'c1', verdict: 'passed' },
      ],
    });
    expect(data.passes).toMatchObject([{ passId, status: 'purchased' }]);
    expect(data.payments).toMatchObject([{ passId, status: 'paid', priceCents: 1999 }]);
    expect(data.mails.map(({ kind }) => kind).toSorted()).toEqual(['support_request', 'verify_email']);
    const text = JSON.stringify(answer.body);
    expect(text).not.toMatch(/argon2|passwordHash|password_hash|token_hash|tokenHash/);
    expect(text).not.toContain(other.id);
  });

  test('has a session that is open, with what happened in it', async () => {
    const mine = await person();
    const id = await mine.client.startSession('api-mock');
    const { sessions } = await mine.client.get('/users/me/export', AccountExport);
    expect(sessions).toMatchObject([{ examSessionId: id, state: 'created' }]);
    await end(api, id, 'cancelled');
    const [after] = (await mine.client.get('/users/me/export', AccountExport)).sessions;
    expect(after?.events.map(({ kind }) => kind)).toContain('transition');
  });
});

/** Every text column of every table that a word of a person may be in. */
async function occurrences(...words: string[]): Promise<string[]> {
  const tables = z
    .array(z.object({ name: z.string() }))
    .parse(
      await manager.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
      ),
    );
  const found: string[] = [];
  for (const { name } of tables) {
    for (const word of words) {
      const rows: unknown = await manager.query(`SELECT 1 FROM "${name}" t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [word]);
      if (z.array(z.unknown()).parse(rows).length > 0) found.push(`${name}: ${word}`);
    }
  }
  return found;
}

describe('deletion', () => {
  test('leaves nothing of the person in any table but a payment of nobody', async () => {
    const [mine, other] = [await person(), await person()];
    const { passId } = await live(mine);
    await live(other);
    expect((await occurrences(mine.id, mine.email)).length).toBeGreaterThan(5);
    expect((await remove(mine)).status).toBe(204);
    expect(await occurrences(mine.id, mine.email)).toEqual([]);
    expect(await manager.findOneByOrFail(PaymentEntity, { passId })).toMatchObject({ userId: null, status: 'paid', priceCents: 1999 });
    expectProblem(await mine.client.send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
    expectProblem(await anonymous.send('POST', '/auth/refresh', { refreshToken: mine.refreshToken }), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await anonymous.send('POST', '/auth/login', { email: mine.email, password: PASSWORD }), 401, 'INVALID_CREDENTIALS');
    expect((await other.client.get('/users/me/export', AccountExport)).attempts).toHaveLength(2);
    // The address is free.
    expect((await anonymous.send('POST', '/auth/register', { email: mine.email, name: 'Ada', password: PASSWORD })).status).toBe(201);
  });

  test('asks for the password', async () => {
    const mine = await person();
    expectProblem(await remove(mine, 'not the password'), 403, 'PASSWORD_WRONG');
    expectProblem(await mine.client.send('POST', '/users/me/delete', {}), 400, 'VALIDATION_FAILED');
    expectProblem(await anonymous.send('POST', '/users/me/delete', { password: PASSWORD }), 401, 'UNAUTHENTICATED');
    expect((await mine.client.send('GET', '/users/me')).status).toBe(200);
  });

  test('waits for a session that is open, and for its environment', async () => {
    const mine = await person();
    const id = await mine.client.startSession('api-mock');
    expectProblem(await remove(mine), 409, 'SESSION_ACTIVE');
    await end(api, id, 'cancelled');
    const environment = await insertEnvironment(manager, {
      hostId: await insertHost(manager),
      subnet: '10.213.9.0/26',
      examSessionId: id,
      state: 'destroying',
    });
    expectProblem(await remove(mine), 409, 'SESSION_ENDING');
    expect(await manager.countBy(ExamSessionEntity, { id })).toBe(1);
    await manager.update(EnvironmentEntity, { id: environment }, { state: 'destroyed', destroyedAt: new Date() });
    expect((await remove(mine)).status).toBe(204);
    expect(await manager.countBy(ExamSessionEntity, { id })).toBe(0);
  });

  test('at once with itself happens once, and beside a start of a session leaves no half of either', async () => {
    for (let times = 0; times < 6; times += 1) {
      const mine = await person();
      const start = () => mine.client.send('POST', '/sessions', { labId: 'api-mock' });
      const answers = await Promise.all([remove(mine), remove(mine), sleep(times * 8).then(start)]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      const isGone = !(await manager.existsBy(UserEntity, { id: mine.id }));
      expect(answers.slice(0, 2).filter(({ status }) => status === 204)).toHaveLength(isGone ? 1 : 0);
      expect(await manager.countBy(ExamSessionEntity, { userId: mine.id })).toBe(isGone ? 0 : 1);
    }
  });

  test('of the only administrator is refused; of one of two at once one stays', async () => {
    await manager.update(UserEntity, { role: 'admin' }, { role: 'candidate' });
    const [one, two] = [await person(), await person()];
    await manager.update(UserEntity, { id: one.id }, { role: 'admin' });
    expectProblem(await remove(one), 409, 'LAST_ADMIN');
    await manager.update(UserEntity, { id: two.id }, { role: 'admin' });
    const answers = await Promise.all([remove(one), remove(two)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(await manager.countBy(UserEntity, { role: 'admin' })).toBe(1);
  });

  test('knows every table that refers to an account', async () => {
    const rows = z
      .array(z.object({ name: z.string() }))
      .parse(
        await manager.query(
          `SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'a' AND confrelid = 'users'::regclass`,
        ),
      );
    // These go with the sessions; whatever else refers to an account goes, or forgets it, by itself.
    expect(rows.map(({ name }) => name).toSorted()).toEqual(['exam_attempts', 'exam_sessions']);
  });
});
