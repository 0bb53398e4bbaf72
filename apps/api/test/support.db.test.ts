import { PassId, type PassTypeId, SupportReceipt, type UserId, UserView } from '@ckx/contracts';
import { AccessPassEntity, MailEntity, type AccessPassRow } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { mailsTo } from './outbox.ts';

const OPERATORS = 'operators@ckx.example';
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ SUPPORT_MAIL: OPERATORS });
});
afterAll(() => api.close());

async function candidate(): Promise<{ client: ApiClient; id: UserId; email: string }> {
  const client = await api.candidate();
  return { client, ...(await client.get('/users/me', UserView)) };
}
const write = (client: ApiClient, body: unknown = { subject: 'Help', message: 'It does not start.' }) =>
  client.send('POST', '/support', body);

const HOUR_MS = 3_600_000;
async function givePass(userId: UserId, passTypeId: PassTypeId, values: Partial<AccessPassRow> = {}): Promise<void> {
  const [startsAt, expiresAt] = [new Date(Date.now() - HOUR_MS), new Date(Date.now() + HOUR_MS)];
  const active = { status: 'activated', activatedAt: startsAt, startsAt, expiresAt } as const;
  const pass = { id: PassId.parse(randomUUID()), userId, passTypeId, durationHours: 2, priceCents: 1, source: 'grant' } as const;
  await api.database.manager.insert(AccessPassEntity, { ...pass, ...active, ...values });
}

test('what a candidate writes goes to the operators, and their answer to the candidate', async () => {
  const { client, id, email } = await candidate();
  const answer = await write(client, { subject: '  My lab ', message: 'Line one\n\nLine two' });
  expect(answer.status).toBe(202);
  expect(SupportReceipt.parse(answer.body)).toEqual({ priority: false });
  const mail = (await mailsTo(await api.admin(), OPERATORS)).find(({ text }) => text.includes(id));
  expect(mail?.subject).toBe('Support: My lab');
  expect(mail?.text).toContain(`Test Candidate <${email}>`);
  expect(mail?.text).toContain('Line one\n\nLine two');
});

test.each([
  ['2_weeks', {}, true],
  ['1_week', {}, false],
  ['2_weeks', { status: 'purchased', activatedAt: null, startsAt: null, expiresAt: null }, false],
  ['2_weeks', { startsAt: new Date(Date.now() + HOUR_MS / 2) }, false],
  ['2_weeks', { expiresAt: new Date(Date.now() - 1) }, false],
] as const)('a pass %s %j: priority %s', async (passTypeId, values, priority) => {
  const { client, id } = await candidate();
  await givePass(id, passTypeId, values);
  expect(SupportReceipt.parse((await write(client)).body)).toEqual({ priority });
  const mail = await api.database.manager.findOneByOrFail(MailEntity, { userId: id });
  expect(mail.data).toMatchObject({ priority });
});

test('five an hour of an account, at once or one after the other; the next hour again', async () => {
  const { client, id } = await candidate();
  const answers = await Promise.all(Array.from({ length: 8 }, () => write(client)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
  const refused = await write(client);
  expectProblem(refused, 429, 'TOO_MANY_REQUESTS');
  expect(refused.headers.get('retry-after')).toBe('3600');
  await api.database.query(`UPDATE mails SET created_at = created_at - interval '61 minutes' WHERE user_id = $1`, [id]);
  expect((await write(client)).status).toBe(202);
});

test.each([
  {},
  { subject: 'x' },
  { subject: '', message: 'x' },
  { subject: 'x', message: '   ' },
  { subject: 'a\r\nBcc: everybody@example.org', message: 'x' },
  { subject: 'a\u2028b', message: 'x' },
  { subject: 'x'.repeat(151), message: 'x' },
  { subject: 'x', message: 'x'.repeat(5_001) },
  { subject: 'x', message: 'x', priority: true },
  { subject: 'x', message: 'x', to: 'somebody@example.org' },
  { subject: 'x', message: 'a\u0000b' },
])('%j is refused, and nothing is owed', async (body) => {
  const { client, id } = await candidate();
  expectProblem(await write(client, body), 400, 'VALIDATION_FAILED');
  expect(await api.database.manager.countBy(MailEntity, { userId: id })).toBe(0);
});

test('it needs an account', async () => {
  expectProblem(await write(new ApiClient(api.url)), 401, 'UNAUTHENTICATED');
});

test('where mail is sent and nobody named an address for support, the form says so', async () => {
  const mute = await startApi({ SMTP_URL: 'smtp://127.0.0.1:1' });
  try {
    expectProblem(await write(await mute.candidate()), 409, 'SUPPORT_NOT_CONFIGURED');
  } finally {
    await mute.close();
  }
});

test('where no mail is sent the outbox is what the operators read', async () => {
  const plain = await startApi();
  try {
    expect((await write(await plain.candidate())).status).toBe(202);
    expect(await mailsTo(await plain.admin(), 'operators@localhost')).toHaveLength(1);
  } finally {
    await plain.close();
  }
});
