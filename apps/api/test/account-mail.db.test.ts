/** What goes by mail: a real SMTP server takes it, and its links are opened. */
import { TokenPair, UserView } from '@ckx/contracts';
import { AccountTokenEntity, MailEntity, UserEntity } from '@ckx/persistence';
import { type Answer, ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { mailsTo, tokenOf } from './outbox.ts';
import { type SmtpReceiver, startSmtp } from './smtp-receiver.ts';

const APP = 'https://exams.example.org';
const PASSWORD = 'correct horse battery';

let smtp: SmtpReceiver;
let api: TestApi;
let anonymous: ApiClient;
beforeAll(async () => {
  smtp = await startSmtp();
  api = await startApi({ SMTP_URL: smtp.url, MAIL_FROM: 'CKX <no-reply@exams.example.org>', APP_URL: APP });
  anonymous = new ApiClient(api.url);
});
afterAll(async () => {
  await api.close();
  await smtp.close();
});
beforeEach(() => {
  smtp.refusals = 0;
});

const post = (path: string, body?: unknown): Promise<Answer> => anonymous.send('POST', `/auth/${path}`, body);

async function register(name = 'Ada') {
  const mine = { email: `c-${randomUUID()}@example.org`, password: PASSWORD };
  expect((await post('register', { ...mine, name })).status).toBe(201);
  return mine;
}
const signIn = async (mine: { email: string; password: string }) => TokenPair.parse((await post('login', mine)).body);

/** The token of the newest mail to the address with a link to that page. */
async function tokenFor(email: string, page: string): Promise<string> {
  return vi.waitFor(
    () => {
      const mail = smtp.received.findLast(({ to, raw }) => to.includes(email) && raw.includes(`${APP}/${page}#`));
      const token = mail === undefined ? undefined : /#token=([\w.-]+)/.exec(mail.raw)?.[1];
      if (token === undefined) throw new Error(`no mail to ${email} yet`);
      return token;
    },
    { timeout: 15_000, interval: 50 },
  );
}

/** As if the last mail had been written a while ago. */
const later = (email: string) =>
  api.database.query(`UPDATE account_tokens SET created_at = created_at - interval '61 seconds' WHERE email = $1`, [email]);

describe('the e-mail address', () => {
  test('is confirmed by a link before the first session, and the link is good once', async () => {
    const mine = await register('Ada <Lovelace>\u00e9');
    const client = new ApiClient(api.url, (await signIn(mine)).accessToken);
    const refused = expectProblem(await client.send('POST', '/sessions', { labId: 'api-mock' }), 403, 'EMAIL_NOT_VERIFIED');
    expect(refused.remedy).toContain('send-verification');
    const token = await tokenFor(mine.email, 'verify-email');
    expect((await post('verify-email', { token })).status).toBe(204);
    expectProblem(await post('verify-email', { token }), 400, 'ACCOUNT_TOKEN_INVALID');
    // Past the guard; the engine does not answer here, and the session is recorded all the same.
    expect((await client.send('POST', '/sessions', { labId: 'api-mock' })).status).toBeLessThan(300);
    const mail = smtp.received.find(({ to }) => to.includes(mine.email));
    expect(mail?.to).toEqual([mine.email]);
    expect(mail?.raw).toMatch(/^From: CKX <no-reply@exams.example.org>\r$/m);
    expect(mail?.raw).toMatch(/text\/plain[^]*text\/html/);
    expect(mail?.raw).not.toContain('<Lovelace>\r\n<');
  });

  test('of two uses of a link at once one wins', async () => {
    const mine = await register();
    const token = await tokenFor(mine.email, 'verify-email');
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('verify-email', { token })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400, 400, 400]);
  });

  test('another mail is sent on request, one a minute, and none once it is confirmed', async () => {
    const mine = await register();
    const client = new ApiClient(api.url, (await signIn(mine)).accessToken);
    const count = () => api.database.manager.countBy(MailEntity, { recipient: mine.email });
    const ask = async () => expect((await client.send('POST', '/auth/send-verification')).status).toBe(204);
    await ask();
    expect(await count()).toBe(1);
    await later(mine.email);
    await Promise.all([ask(), ask(), ask()]);
    expect(await count()).toBe(2);
    await post('verify-email', { token: await tokenFor(mine.email, 'verify-email') });
    await later(mine.email);
    await ask();
    expect(await count()).toBe(2);
    expectProblem(await post('send-verification'), 401, 'UNAUTHENTICATED');
  });
});

describe('a forgotten password', () => {
  test('is replaced by a link, once; every device is out', async () => {
    const mine = await register();
    const before = await signIn(mine);
    expect((await post('forgot-password', { email: mine.email.toUpperCase() })).status).toBe(204);
    const token = await tokenFor(mine.email, 'reset-password');
    expectProblem(await post('verify-email', { token }), 400, 'ACCOUNT_TOKEN_INVALID');
    expectProblem(await post('reset-password', { token, newPassword: 'short' }), 400, 'VALIDATION_FAILED');
    const changes = await Promise.all(['first', 'second'].map((n) => post('reset-password', { token, newPassword: `the ${n} password` })));
    expect(changes.map(({ status }) => status).toSorted()).toEqual([204, 400]);
    const won = changes[0]?.status === 204 ? 'the first password' : 'the second password';
    expectProblem(await new ApiClient(api.url, before.accessToken).send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
    expectProblem(await post('refresh', { refreshToken: before.refreshToken }), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await post('login', mine), 401, 'INVALID_CREDENTIALS');
    expect((await post('login', { ...mine, password: won })).status).toBe(200);
    // The mailbox was shown to be theirs.
    expect((await api.database.manager.findOneByOrFail(UserEntity, { email: mine.email })).emailVerifiedAt).not.toBeNull();
  });

  test('an unknown account is answered the same, after the same time, and nothing is written', async () => {
    const { email } = await register();
    const time = async (address: string) => {
      const from = performance.now();
      const { status, body } = await post('forgot-password', { email: address });
      expect({ status, body }).toEqual({ status: 204, body: '' });
      return performance.now() - from;
    };
    const unknown = `nobody-${randomUUID()}@example.org`;
    // The shortest of some: what the machine does beside it only ever adds.
    const times = { known: Infinity, unknown: Infinity };
    for (let i = 0; i < 5; i += 1) {
      await later(email);
      times.known = Math.min(times.known, await time(email));
      times.unknown = Math.min(times.unknown, await time(unknown));
    }
    expect(Math.min(times.known, times.unknown)).toBeGreaterThanOrEqual(299);
    expect(Math.abs(times.known - times.unknown)).toBeLessThan(50);
    expect(await api.database.manager.countBy(MailEntity, { recipient: email })).toBe(6);
    expect(await api.database.manager.countBy(MailEntity, { recipient: unknown })).toBe(0);
  });

  test('links that are altered, expired, of a disabled account or sent to a former address are refused', async () => {
    const mine = await register();
    await post('forgot-password', { email: mine.email });
    const token = await tokenFor(mine.email, 'reset-password');
    const [id = '', secret = ''] = token.split('.');
    const attempt = async (altered: string) =>
      expectProblem(await post('reset-password', { token: altered, newPassword: 'another password' }), 400, 'ACCOUNT_TOKEN_INVALID');
    for (const altered of [
      id,
      `${id}.`,
      `${randomUUID()}.${secret}`,
      `${id}.${secret.slice(1)}`,
      `${id}.${'A'.repeat(43)}`,
      `' OR 1=1.${secret}`,
      '.',
    ]) {
      await attempt(altered);
    }
    const { manager } = api.database;
    const [disabledAt, moved] = [new Date(), `moved-${mine.email}`];
    await manager.update(UserEntity, { email: mine.email }, { disabledAt });
    await attempt(token);
    await manager.update(UserEntity, { email: mine.email }, { disabledAt: null, email: moved });
    await attempt(token);
    await manager.update(UserEntity, { email: moved }, { email: mine.email });
    await manager.update(AccountTokenEntity, { id }, { expiresAt: new Date() });
    await attempt(token);
    expect((await post('login', mine)).status).toBe(200);
  });
});

test('a server that refuses for now gets the mail again, and then once', async () => {
  smtp.refusals = 1;
  const mine = await register();
  await vi.waitFor(
    async () =>
      expect(await api.database.manager.findOneByOrFail(MailEntity, { recipient: mine.email })).toMatchObject({
        attempts: 1,
        sentAt: null,
        failure: expect.stringContaining('try again later') as string,
      }),
    { timeout: 15_000 },
  );
  await api.database.query(`UPDATE mails SET next_attempt_at = now() WHERE recipient = $1`, [mine.email]);
  await tokenFor(mine.email, 'verify-email');
  await vi.waitFor(async () =>
    expect((await api.database.manager.findOneByOrFail(MailEntity, { recipient: mine.email })).sentAt).not.toBeNull(),
  );
  const { id, data } = await api.database.manager.findOneByOrFail(MailEntity, { recipient: mine.email });
  expect(smtp.received.filter(({ to }) => to.includes(mine.email)).map(({ messageId }) => messageId)).toEqual([
    `<${id}@exams.example.org>`,
  ]);
  // The outbox holds no secret.
  expect(Object.keys(data)).toEqual(['tokenId']);
});

test('several copies of the API send each mail once', async () => {
  const { SMTP_URL = '', MAIL_FROM, DATABASE_URL } = api.config;
  const copies = await Promise.all([1, 2].map(() => startApi({ SMTP_URL, MAIL_FROM, DATABASE_URL, APP_URL: APP })));
  try {
    const everyone = await Promise.all(Array.from({ length: 12 }, () => register()));
    for (const { email } of everyone) await tokenFor(email, 'verify-email');
    await vi.waitFor(async () => expect(await api.database.query('SELECT id FROM mails WHERE sent_at IS NULL')).toEqual([]), {
      timeout: 10_000,
    });
    for (const { email } of everyone) expect(smtp.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
  } finally {
    await Promise.all(copies.map((copy) => copy.close()));
  }
});

test('without SMTP no address need be confirmed, and mail stays in the outbox until somebody reads it there', async () => {
  const plain = await startApi();
  try {
    const client = await plain.candidate();
    const { email } = await client.get('/users/me', UserView);
    expect((await client.send('POST', '/sessions', { labId: 'api-mock' })).status).toBeLessThan(300);
    expect(await plain.database.manager.count(MailEntity)).toBe(0);
    const anyone = new ApiClient(plain.url);
    expect((await anyone.send('POST', '/auth/forgot-password', { email })).status).toBe(204);
    expect((await client.send('POST', '/auth/send-verification')).status).toBe(204);
    const admin = await plain.admin();
    expect((await mailsTo(admin, email)).map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'reset_password owed',
      'verify_email owed',
    ]);
    const token = await tokenOf(admin, email, 'reset_password');
    expect((await anyone.send('POST', '/auth/reset-password', { token, newPassword: 'another horse battery' })).status).toBe(204);
    // The link was used: it is shown no more.
    await expect(tokenOf(admin, email, 'reset_password')).rejects.toThrow('no link');
  } finally {
    await plain.close();
  }
});
