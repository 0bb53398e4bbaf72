/** Change of the e-mail address, and what mail says of changes; without SMTP, so that the outbox is what people read. */
import { AuditPage, MailPage, TokenPair, UserView } from '@ckx/contracts';
import { MailEntity, UserEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { mailsTo, tokenOf } from './outbox.ts';

let api: TestApi;
let admin: ApiClient;
let anonymous: ApiClient;
beforeAll(async () => {
  api = await startApi();
  admin = await api.admin();
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

const PASSWORD = 'correct horse battery';
const newAddress = () => `new-${randomUUID()}@example.org`;

async function person() {
  const mine = { email: `c-${randomUUID()}@example.org`, password: PASSWORD };
  expect((await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' })).status).toBe(201);
  const tokens = TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
  return { ...mine, ...tokens, client: new ApiClient(api.url, tokens.accessToken) };
}
type Person = Awaited<ReturnType<typeof person>>;

const ask = ({ client }: Person, newEmail: string, password = PASSWORD) =>
  client.send('POST', '/auth/change-email', { newEmail, password });
const confirm = (token: string) => anonymous.send('POST', '/auth/confirm-email', { token });
const later = (email: string) =>
  api.database.query(`UPDATE account_tokens SET created_at = created_at - interval '61 seconds' WHERE email = $1`, [email]);
const signInAs = (email: string) => anonymous.send('POST', '/auth/login', { email, password: PASSWORD });

describe('another e-mail address', () => {
  test('counts once the link that went there was opened; the old one is told', async () => {
    const mine = await person();
    const newEmail = newAddress();
    expect((await ask(mine, newEmail.toUpperCase())).status).toBe(204);
    expect((await mine.client.get('/users/me', UserView)).email).toBe(mine.email);
    expect((await signInAs(newEmail)).status).toBe(401);
    const token = await tokenOf(admin, newEmail, 'change_email');
    for (const path of ['verify-email', 'reset-password'])
      expectProblem(
        await anonymous.send('POST', `/auth/${path}`, { token, ...(path === 'reset-password' && { newPassword: PASSWORD }) }),
        400,
        'ACCOUNT_TOKEN_INVALID',
      );
    const answers = await Promise.all([1, 2, 3].map(() => confirm(token)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400, 400]);
    expect((await mine.client.get('/users/me', UserView)).email).toBe(newEmail);
    expect([(await signInAs(newEmail)).status, (await signInAs(mine.email)).status]).toEqual([200, 401]);
    const [notice, ...others] = await mailsTo(admin, mine.email);
    expect(notice).toMatchObject({ kind: 'email_changed', text: expect.stringContaining(newEmail) as string });
    expect(others).toEqual([]);
    expect((await api.database.manager.findOneByOrFail(UserEntity, { email: newEmail })).emailVerifiedAt).not.toBeNull();
  });

  test('needs the password, and an access token', async () => {
    const mine = await person();
    expectProblem(await ask(mine, newAddress(), 'not the password'), 403, 'PASSWORD_WRONG');
    expectProblem(
      await anonymous.send('POST', '/auth/change-email', { newEmail: newAddress(), password: PASSWORD }),
      401,
      'UNAUTHENTICATED',
    );
    for (const body of [
      {},
      { newEmail: 'nowhere', password: PASSWORD },
      { newEmail: 'a@b.example\r\nBcc: c@d.example', password: PASSWORD },
    ])
      expectProblem(await mine.client.send('POST', '/auth/change-email', body), 400, 'VALIDATION_FAILED');
  });

  test('that somebody else has is asked for alike, and refused to whoever opens the link', async () => {
    const [mine, theirs] = [await person(), await person()];
    expect((await ask(mine, theirs.email)).status).toBe(204);
    expectProblem(await confirm(await tokenOf(admin, theirs.email, 'change_email')), 409, 'EMAIL_TAKEN');
    expect((await mine.client.get('/users/me', UserView)).email).toBe(mine.email);
  });

  test('of several that were asked for the last one counts, one a minute', async () => {
    const mine = await person();
    const [first, second] = [newAddress(), newAddress()];
    await ask(mine, first);
    const token = await tokenOf(admin, first, 'change_email');
    expect(expectProblem(await ask(mine, second), 429, 'TOO_MANY_REQUESTS').details).toEqual({ retryAfterSeconds: 60 });
    await later(first);
    expect((await ask(mine, second)).status).toBe(204);
    expectProblem(await confirm(token), 400, 'ACCOUNT_TOKEN_INVALID');
    expect((await confirm(await tokenOf(admin, second, 'change_email'))).status).toBe(204);
  });

  test('that a thief asked for is void once the owner changes the password', async () => {
    const mine = await person();
    const theirs = newAddress();
    await ask(mine, theirs);
    const token = await tokenOf(admin, theirs, 'change_email');
    const change = { currentPassword: PASSWORD, newPassword: 'another horse battery' };
    expect((await mine.client.send('POST', '/auth/change-password', change)).status).toBe(200);
    expectProblem(await confirm(token), 400, 'ACCOUNT_TOKEN_INVALID');
  });

  test('makes links void that went to the old one', async () => {
    const mine = await person();
    await anonymous.send('POST', '/auth/forgot-password', { email: mine.email });
    const token = await tokenOf(admin, mine.email, 'reset_password');
    const newEmail = newAddress();
    await ask(mine, newEmail);
    await confirm(await tokenOf(admin, newEmail, 'change_email'));
    expectProblem(await anonymous.send('POST', '/auth/reset-password', { token, newPassword: PASSWORD }), 400, 'ACCOUNT_TOKEN_INVALID');
  });
});

describe('a new password', () => {
  test('is told by mail, whichever way it was set', async () => {
    const mine = await person();
    const count = () => api.database.manager.countBy(MailEntity, { recipient: mine.email, kind: 'password_changed' });
    await mine.client.send('POST', '/auth/change-password', { currentPassword: 'wrong', newPassword: 'another horse battery' });
    expect(await count()).toBe(0);
    await mine.client.send('POST', '/auth/change-password', { currentPassword: PASSWORD, newPassword: 'another horse battery' });
    expect(await count()).toBe(1);
    await anonymous.send('POST', '/auth/forgot-password', { email: mine.email });
    const token = await tokenOf(admin, mine.email, 'reset_password');
    expect((await anonymous.send('POST', '/auth/reset-password', { token, newPassword: PASSWORD })).status).toBe(204);
    expect(await count()).toBe(2);
  });
});

describe('the outbox', () => {
  test('is for administrators; who looked at a link is in the audit log', async () => {
    const mine = await person();
    await anonymous.send('POST', '/auth/forgot-password', { email: mine.email });
    const [mail] = await mailsTo(admin, mine.email);
    expect(mail).toMatchObject({ kind: 'reset_password', state: 'owed', attempts: 0, subject: 'Choose a new password' });
    const path = `/admin/mails/${mail?.id}`;
    for (const asked of ['/admin/mails', path]) {
      expectProblem(await mine.client.send('GET', asked), 403, 'ADMIN_ONLY');
      expectProblem(await anonymous.send('GET', asked), 401, 'UNAUTHENTICATED');
    }
    const { entries } = await admin.get(`/admin/audit?targetKind=mail&targetId=${mail?.id}`, AuditPage);
    expect(entries).toMatchObject([
      {
        action: 'mail.show_link',
        data: { kind: 'reset_password', recipient: mine.email },
        address: expect.stringMatching(/127\.0\.0\.1$/) as string,
      },
    ]);
  });

  test('is read page by page', async () => {
    const recipient = `page-${randomUUID()}@example.org`;
    for (let i = 0; i < 5; i += 1) {
      await api.database.manager.insert(MailEntity, {
        userId: null,
        recipient,
        kind: 'password_changed',
        data: { at: new Date().toISOString() },
      });
    }
    const seen: string[] = [];
    let query = `recipient=${recipient}&limit=2&state=owed`;
    for (;;) {
      const { mails, next } = await admin.get(`/admin/mails?${query}`, MailPage);
      seen.push(...mails.map(({ id }) => id));
      if (next === null) break;
      query = `recipient=${recipient}&limit=2&state=owed&before=${next}`;
    }
    expect(new Set(seen).size).toBe(5);
    expect((await admin.get(`/admin/mails?recipient=${recipient}&state=sent`, MailPage)).mails).toEqual([]);
    expectProblem(await admin.send('GET', `/admin/mails/${randomUUID()}`), 404, 'MAIL_UNKNOWN');
    for (const bad of ['before=x', 'limit=0', 'state=lost'])
      expectProblem(await admin.send('GET', `/admin/mails?${bad}`), 400, 'VALIDATION_FAILED');
  });

  test('shows no link of a mail that is sent', async () => {
    const sending = await startApi({ SMTP_URL: 'smtp://127.0.0.1:1' });
    try {
      const mine = await ApiClient.register(sending.url);
      const { email } = await mine.get('/users/me', UserView);
      const [mail] = await mailsTo(await sending.admin(), email);
      expect(mail?.kind).toBe('verify_email');
      expect(`${mail?.text}${mail?.html}`).not.toContain('#token=');
    } finally {
      await sending.close();
    }
  });
});
