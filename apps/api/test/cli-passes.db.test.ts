/** `ckx pass …` and `ckx admin pass …` as processes against the API. */
import { AccessStatus, AuditPage, PassView } from '@ckx/contracts';
import { UserEntity } from '@ckx/persistence';
import { runCkx } from '@ckx/test-support/ckx';
import { ApiClient } from '@ckx/test-support/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';

const credentials = { email: 'root@example.org', password: 'a password of tests' };
let api: TestApi;
let home: string;

const ckx = (args: readonly string[], input = '') =>
  runCkx(args, { env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), CKX_API_URL: api.url }, input });

async function json<S extends z.ZodType>(schema: S, ...args: string[]): Promise<z.output<S>> {
  const { exitCode, stdout, stderr } = await ckx([...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  return schema.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  api = await startApi();
  home = await mkdtemp(join(tmpdir(), 'ckx-cli-passes-'));
  await new ApiClient(api.url).send('POST', '/auth/register', { ...credentials, name: 'Root' });
  await api.database.manager.update(UserEntity, { email: credentials.email }, { role: 'admin' });
  expect(await ckx(['login', '--email', credentials.email], credentials.password)).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await api.close();
  await rm(home, { recursive: true, force: true });
});

// A dozen processes, one after the other.
test('a pass is given, activated, seen and taken away', { timeout: 120_000 }, async () => {
  expect((await ckx(['pass', 'status'])).stdout).toBe('Full labs are closed: no pass runs.\n');
  const reason = ['--reason', 'A test.'];
  const { id } = await json(PassView, 'admin', 'pass', 'grant', 'ROOT@example.org', '1_week', ...reason);
  expect((await ckx(['pass', 'status'])).stdout).toContain('1 wait to be activated: 1_week.');
  expect(await json(AccessStatus, 'pass', 'activate')).toMatchObject({ valid: true, passId: id, type: '1_week' });
  expect((await ckx(['pass', 'status'])).stdout).toContain('(1_week, 167 h 59 min left)');
  expect((await ckx(['pass', 'list'])).stdout).toContain(`${id}  1_week  activated  grant`);
  expect(await json(z.array(PassView), 'admin', 'pass', 'list', 'root@example.org')).toMatchObject([{ id }]);
  expect(await ckx(['admin', 'pass', 'revoke', id, ...reason])).toMatchObject({ exitCode: 0, stdout: `The pass ${id} is revoked.\n` });
  expect(await json(AccessStatus, 'pass', 'status')).toMatchObject({ valid: false });
  expect((await json(AuditPage, 'admin', 'audit', '--target', `pass/${id}`)).entries).toHaveLength(2);
});

test.each([
  [['pass', 'activate'], 'No pass of yours waits'],
  [['pass', 'activate', 'x'], 'Invalid UUID'],
  [['pass', 'activate', '00000000-0000-4000-8000-000000000000'], 'You have no such access pass.'],
  [['admin', 'pass', 'grant', 'nobody@example.org', '1_week', '--reason', 'x'], 'There is no account nobody@example.org.'],
  [['admin', 'pass', 'grant', 'root@example.org', '1_year', '--reason', 'x'], 'type'],
  [['admin', 'pass', 'revoke', '00000000-0000-4000-8000-000000000000', '--reason', 'x'], 'There is no access pass'],
])('%j is refused with a sentence', async (args, sentence) => {
  const outcome = await ckx(args);
  expect(outcome.exitCode).toBeGreaterThan(0);
  expect(outcome.stderr).toContain(sentence);
});
