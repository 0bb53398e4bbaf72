/** The sender of mail against a real SMTP server: what is tried again, what is given up, and that nothing but the mail goes over the wire. */
import { UserId } from '@ckx/contracts';
import { oweMail } from '@ckx/mail';
import { MailEntity } from '@ckx/persistence';
import { insertUser } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { type SmtpReceiver, startSmtp } from './smtp-receiver.ts';

let smtp: SmtpReceiver;
let api: TestApi;
beforeAll(async () => {
  smtp = await startSmtp();
  api = await startApi({ SMTP_URL: smtp.url, MAIL_FROM: 'CKX <no-reply@exams.example.org>', APP_URL: 'https://exams.example.org' });
});
afterAll(async () => {
  await api.close();
  await smtp.close();
});

const expiresAt = '2026-11-21T13:52:00.000Z';
const pass = { passName: '1 Week Access Pass', expiresAt };
const mailOf = (recipient: string) => api.database.manager.findOneByOrFail(MailEntity, { recipient });
const newAddress = () => `m-${randomUUID()}@example.org`;
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 100 });

test('every kind of mail goes out as it was owed, once for its event', async () => {
  const userId = await insertUser(api.database.manager, { name: 'Zo\u00eb' });
  const eventKey = `receipt/${randomUUID()}`;
  const data = { passName: '1 Week Access Pass', priceCents: 1999, currency: 'usd', paidAt: expiresAt, reference: 'pi_1' };
  for (let times = 0; times < 3; times += 1) await oweMail(api.database.manager, { userId, kind: 'receipt', data, eventKey });
  await oweMail(api.database.manager, { userId, kind: 'pass_ending', data: pass, eventKey: `pass_ending/${randomUUID()}` });
  const mine = () => smtp.received.filter(({ to }) => to.includes(`${userId}@example.com`));
  await eventually(() => Promise.resolve(expect(mine()).toHaveLength(2)));
  await eventually(async () => expect(await api.database.query('SELECT id FROM mails WHERE sent_at IS NULL')).toEqual([]));
  expect(mine()).toHaveLength(2);
  const receipt = mine().find(({ raw }) => raw.includes('Subject: Receipt'));
  expect(receipt?.raw).toContain('USD=C2=A019.99');
  expect(receipt?.raw).toContain('Zo=C3=AB');
});

test('a mailbox that there is not is given up at once, and the next mail is sent', async () => {
  const [nobody, somebody] = [newAddress(), newAddress()];
  smtp.unknown.add(nobody);
  for (const recipient of [nobody, somebody])
    await oweMail(api.database.manager, { userId: null, recipient, kind: 'pass_expired', data: pass, eventKey: null });
  await eventually(async () => expect((await mailOf(somebody)).sentAt).not.toBeNull());
  await eventually(async () =>
    expect(await mailOf(nobody)).toMatchObject({
      sentAt: null,
      attempts: 1,
      givenUpAt: expect.any(Date) as Date,
      failure: expect.stringContaining('no such mailbox') as string,
    }),
  );
});

test('what is too old, or cannot be read, is given up and stops nobody', async () => {
  const [old, broken, good] = [newAddress(), newAddress(), newAddress()];
  const { manager } = api.database;
  await manager.insert(MailEntity, {
    userId: null,
    recipient: old,
    kind: 'pass_expired',
    data: pass,
    createdAt: new Date(Date.now() - 4 * 86_400_000),
  });
  await manager.insert(MailEntity, { userId: null, recipient: broken, kind: 'of_another_version', data: {} });
  await oweMail(manager, { userId: null, recipient: good, kind: 'pass_expired', data: pass, eventKey: null });
  await eventually(async () => expect((await mailOf(good)).sentAt).not.toBeNull());
  for (const recipient of [old, broken]) {
    await eventually(async () => expect((await mailOf(recipient)).givenUpAt).not.toBeNull());
    expect(smtp.received.some(({ to }) => to.includes(recipient))).toBe(false);
  }
});

test('a link that has ended meanwhile is not sent', async () => {
  const userId = await insertUser(api.database.manager);
  const recipient = newAddress();
  const tokenId = randomUUID();
  await api.database.query(
    `INSERT INTO account_tokens (id, user_id, kind, email, expires_at) VALUES ($1, $2, 'reset_password', $3, now())`,
    [tokenId, userId, recipient],
  );
  await oweMail(api.database.manager, { userId, recipient, kind: 'reset_password', data: { tokenId }, eventKey: null });
  await eventually(async () =>
    expect(await mailOf(recipient)).toMatchObject({ sentAt: null, failure: 'Its link was used, or has ended.' }),
  );
});

test('what a person calls itself, or writes to support, becomes no header and no recipient', async () => {
  const name = 'Eve\r\nBcc: all@example.org\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>';
  const userId = await insertUser(api.database.manager, { name });
  const support = newAddress();
  const data = {
    from: 'eve@example.org',
    name,
    userId,
    subject: 'Re: =?utf-8?q?=0D=0ABcc:_x@example.org?=',
    message: 'Hello\r\n.\r\nMAIL FROM:<x@example.org>',
    priority: false,
  };
  await oweMail(api.database.manager, { userId: UserId.parse(userId), recipient: support, kind: 'support_request', data, eventKey: null });
  await oweMail(api.database.manager, { userId, kind: 'pass_expired', data: pass, eventKey: null });
  const raws = () => smtp.received.filter(({ to }) => to.includes(support) || to.includes(`${userId}@example.com`));
  await eventually(() => Promise.resolve(expect(raws()).toHaveLength(2)));
  for (const { raw, to } of raws()) {
    const [head = ''] = raw.split('\r\n\r\n');
    expect(to).toHaveLength(1);
    expect(head).not.toMatch(/^(bcc|x-evil|cc):/im);
    expect(head).not.toContain('=?utf-8?q?');
    expect(raw).toContain('text/html');
    expect(raw.slice(raw.indexOf('text/html'))).not.toContain('<script>');
  }
  expect(raws().find(({ to }) => to.includes(support))?.raw).toMatch(/^Reply-To: eve@example.org\r$/m);
});
