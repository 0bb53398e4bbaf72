/** `ckx admin …` as processes against the API: every command, with `--json` and `--help`. */
import { AuditPage, type ExamSessionId, HostId, MailLetter, MailPage, UserPage, UserView } from '@ckx/contracts';
import { UserEntity } from '@ckx/persistence';
import { runCkx } from '@ckx/test-support/ckx';
import { ApiClient } from '@ckx/test-support/client';
import { insertHost } from '@ckx/test-support/records';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { emptyDatabase } from './session-records.ts';

const credentials = { email: 'root@example.org', password: 'a password of tests' };
const hostId = HostId.parse('host-of-tests');
let api: TestApi;
let home: string;
let examSessionId: ExamSessionId;

const ckx = (args: readonly string[], input = '') =>
  runCkx(args, { env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), CKX_API_URL: api.url }, input });

async function json(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await ckx([...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  api = await startApi();
  await emptyDatabase(api);
  home = await mkdtemp(join(tmpdir(), 'ckx-cli-admin-'));
  await new ApiClient(api.url).send('POST', '/auth/register', { ...credentials, name: 'Root' });
  await api.database.manager.update(UserEntity, { email: credentials.email }, { role: 'admin' });
  expect(await ckx(['login', '--email', credentials.email], credentials.password)).toMatchObject({ exitCode: 0 });
  await insertHost(api.database.manager, { id: hostId });
  examSessionId = await (await api.candidate()).startSession('api-mock');
});
afterAll(async () => {
  await api.close();
  await rm(home, { recursive: true, force: true });
});

test.each([
  'hosts',
  'drain',
  'resume',
  'terminate',
  'extend',
  'credit',
  'void',
  'maintenance',
  'audit',
  'extra-time',
  'users',
  'role',
  'disable',
  'enable',
  'ports',
])('admin %s explains itself', async (name) => {
  const { exitCode, stdout } = await ckx(['admin', name, '--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`ckx admin ${name}`);
  expect(stdout).toContain('--json');
});

// Some twenty processes, one after the other.
test('each deed is done, and is in the audit log', { timeout: 120_000 }, async () => {
  const reason = ['--reason', 'A test.'];
  expect(await json('admin', 'hosts')).toMatchObject([{ hostId, state: 'active' }]);
  expect(await json('admin', 'drain', hostId, ...reason)).toMatchObject({ state: 'draining', draining: true });
  expect(await json('admin', 'resume', hostId, ...reason)).toMatchObject({ state: 'active', draining: false });
  expect(await json('admin', 'maintenance', 'on', '--message', 'Back at noon.')).toEqual({ on: true, message: 'Back at noon.' });
  expect((await ckx(['admin', 'maintenance'])).stdout).toBe('Maintenance is on: Back at noon.\n');
  const refused = await ckx(['session', 'start', 'api-mock', '--json']);
  expect(refused.exitCode).toBe(1);
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'MAINTENANCE' } });
  expect(await json('admin', 'maintenance', 'off')).toEqual({ on: false, message: '' });
  expect(await json('admin', 'extra-time', 'ROOT@example.org', '--percent', '25', ...reason)).toMatchObject({ extraTimePercent: 25 });
  const person = await ApiClient.register(api.url);
  const { email } = await person.get('/users/me', UserView);
  expect(await json('admin', 'role', email, 'admin', ...reason)).toMatchObject({ email, role: 'admin' });
  expect((await ckx(['admin', 'role', email, 'candidate', ...reason])).stdout).toBe(`${email} has the role candidate.\n`);
  expect(await json('admin', 'disable', email, ...reason)).toMatchObject({ disabled: true });
  expect(UserPage.parse(await json('admin', 'users', '--disabled', '--role', 'candidate')).users).toMatchObject([{ email }]);
  expect((await ckx(['admin', 'enable', email, ...reason])).stdout).toBe(`${email} is enabled.\n`);
  const void_ = await ckx(['admin', 'void', examSessionId, ...reason]);
  expect(void_).toMatchObject({ exitCode: 0, stdout: `Session ${examSessionId} ends, and its attempt will be void.\n` });
  expect(await json('admin', 'terminate', examSessionId, ...reason)).toEqual({ examSessionId });
  const { entries } = AuditPage.parse(await json('admin', 'audit'));
  expect(entries.map(({ action }) => action).toReversed()).toEqual([
    'host.drain',
    'host.resume',
    'installation.maintenance',
    'installation.maintenance',
    'user.extra_time',
    'user.role',
    'user.role',
    'user.disable',
    'user.enable',
    'session.terminate',
    'session.terminate',
  ]);
  expect(AuditPage.parse(await json('admin', 'audit', '--target', `host/${hostId}`)).entries).toHaveLength(2);
  expect((await ckx(['admin', 'audit', '--limit', '1'])).stdout).toContain('More with: --before');
  expect((await ckx(['admin', 'hosts'])).stdout).toContain(`${hostId}  active`);
  expect((await ckx(['admin', 'users', '--email', 'root'])).stdout).toContain('25 %');
});

test('mail is listed and shown, with the link that nobody was sent', async () => {
  expect((await new ApiClient(api.url).send('POST', '/auth/forgot-password', { email: credentials.email })).status).toBe(204);
  const { mails } = MailPage.parse(await json('mail', 'list', '--to', credentials.email));
  expect(mails).toMatchObject([{ kind: 'reset_password', state: 'owed' }]);
  const id = mails[0]?.id ?? '';
  expect((await ckx(['mail', 'list'])).stdout).toContain(id);
  expect((await ckx(['mail', 'list', '--state', 'sent'])).stdout).toBe('There is no mail.\n');
  expect(MailLetter.parse(await json('mail', 'show', id)).text).toContain('/reset-password#token=');
  expect((await ckx(['mail', 'show', id])).stdout).toMatch(/^To: root@example.org\nSubject: Choose a new password\n\nHello Root,\n/);
  for (const args of [['list'], ['show']]) expect((await ckx(['mail', ...args, '--help'])).stdout).toContain('--json');
});

test.each([
  [['mail', 'show', '00000000-0000-4000-8000-000000000000'], 'There is no mail 0'],
  [['admin', 'role', 'root@example.org', 'candidate', '--reason', 'x'], 'This is the only administrator.'],
  [['admin', 'disable', 'root@example.org', '--reason', 'x'], 'This is the only administrator.'],
  [['admin', 'drain', 'nowhere', '--reason', 'x'], 'There is no host nowhere.'],
  [['admin', 'extra-time', 'nobody@example.org', '--percent', '5', '--reason', 'x'], 'There is no account nobody@example.org.'],
  [['admin', 'void', '00000000-0000-4000-8000-000000000000', '--reason', 'x'], 'You may not use this session.'],
  [['admin', 'audit', '--limit', '0'], 'limit'],
])('%j is refused with a sentence', async (args, sentence) => {
  const outcome = await ckx(args);
  expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
  expect(outcome.stderr).toContain(sentence);
});

test.each(['extend', 'credit'])('%s says that the engine is silent', async (name) => {
  const outcome = await ckx(['admin', name, examSessionId, '--minutes', '5', '--reason', 'x']);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stderr).toContain('The engine of workflows does not answer.');
});

test.each([
  [['mail', 'show', 'x'], 'UUID'],
  [['mail', 'list', '--state', 'lost'], 'owed'],
  [['admin', 'role', 'root@example.org', 'king', '--reason', 'x'], 'candidate'],
])('%j is called wrongly', async (args, word) => {
  const outcome = await ckx(args);
  expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
  expect(outcome.stderr).toContain(word);
});
