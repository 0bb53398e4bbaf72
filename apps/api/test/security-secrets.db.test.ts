/** What must never get out: secrets into logs, links into the hands of whoever forges a Host, people onto other sites. */
import { createLogger } from '@ckx/logging';
import { TokenPair } from '@ckx/contracts';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '@ckx/test-support/client';
import { startApi, type TestApi } from './harness.ts';
import { mailsTo, tokenOf } from './outbox.ts';

const APP = 'https://exams.example.org';
const lines: string[] = [];
let api: TestApi;
let anonymous: ApiClient;
beforeAll(async () => {
  const logger = createLogger('api', 'trace', { write: (line: string) => lines.push(line) });
  api = await startApi({ APP_URL: APP }, logger);
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

test('no password, token, cookie or link is in the log, at the finest level, whether a request succeeds or fails', async () => {
  const [password, next, wrong] = [randomUUID(), randomUUID(), randomUUID()];
  const email = `log-${randomUUID()}@example.org`;
  const post = (path: string, body: unknown, client = anonymous) => client.send('POST', `/auth/${path}`, body);
  await post('register', { email, name: 'Ada', password });
  await post('login', { email, password: wrong });
  const tokens = TokenPair.parse((await post('login', { email, password })).body);
  const client = new ApiClient(api.url, tokens.accessToken);
  await post('change-password', { currentPassword: wrong, newPassword: next }, client);
  await post('forgot-password', { email });
  const link = await tokenOf(await api.admin(), email, 'reset_password');
  await post('reset-password', { token: link, newPassword: 'short' });
  await post('reset-password', { token: link, newPassword: next });
  await post('refresh', { refreshToken: tokens.refreshToken });
  await fetch(`${api.url}/api/v1/auth/refresh?token=${link}`, {
    method: 'POST',
    headers: { cookie: `ckx_refresh=${tokens.refreshToken}`, origin: APP, 'content-type': 'application/json' },
    body: '{}',
  });
  await fetch(`${api.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"password":"${password}"`,
  });
  await client.send('POST', '/users/me/delete', { password: wrong });
  const log = lines.join('');
  expect(lines.length).toBeGreaterThan(10);
  expect(log).toContain('/api/v1/auth/reset-password');
  const secrets = { password, next, wrong, link, ...tokens };
  for (const [name, secret] of Object.entries(secrets)) {
    if (typeof secret === 'string') expect(log.includes(secret), `${name} is in the log`).toBe(false);
  }
  const { JWT_SECRET } = api.config;
  expect(log.includes(JWT_SECRET)).toBe(false);
});

/** With headers that fetch does not let through. */
function forge(
  path: string,
  body: object,
  given: Record<string, string>,
): Promise<{ status: number | undefined; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...given };
    const outgoing = request(`${api.url}/api/v1${path}`, { method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode, location: answer.headers.location }));
    });
    outgoing.on('error', reject).end(JSON.stringify(body));
  });
}

test('a forged Host changes no link of a mail: it leads to APP_URL', async () => {
  const email = `host-${randomUUID()}@example.org`;
  await anonymous.send('POST', '/auth/register', { email, name: 'Ada', password: 'correct horse battery' });
  const evil = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    forwarded: 'host=evil.example',
    origin: 'https://evil.example',
  };
  expect((await forge('/auth/forgot-password', { email }, evil)).status).toBe(204);
  const [mail] = await mailsTo(await api.admin(), email);
  expect(mail?.text).toContain(`${APP}/reset-password#token=`);
  expect(`${mail?.text}${mail?.html}`).not.toContain('evil');
});

test('nobody is sent to another site: no answer to a request with an address in it has a Location elsewhere', async () => {
  const client = await api.candidate();
  const evil = 'https://evil.example/';
  for (const path of [
    `//evil.example`,
    `/api/v1/labs?next=${evil}&redirect=${evil}&return_to=${evil}&url=${evil}`,
    `/\\evil.example`,
    `/api/v1//evil.example/..`,
    `/api/docs?url=${evil}`,
  ]) {
    const answer = await fetch(new Request(`${api.url}${path}`, { redirect: 'manual' }));
    const location = answer.headers.get('location');
    if (location !== null) expect(new URL(location, api.url).origin, path).toBe(api.url);
  }
  const started = await forge('/sessions', { labId: 'api-mock' }, { host: 'evil.example', authorization: `Bearer ${client.accessToken}` });
  expect(started.status).toBe(202);
  expect(started.location).toMatch(/^\/api\/v1\/sessions\//);
});

test('the address in the audit log is the connection’s, not what a header claims, unless a proxy is trusted', async () => {
  const admin = await api.admin();
  const claim = { authorization: `Bearer ${admin.accessToken}`, 'x-forwarded-for': '203.0.113.7' };
  const email = `audit-${randomUUID()}@example.org`;
  await anonymous.send('POST', '/auth/register', { email, name: 'Ada', password: 'correct horse battery' });
  const [user]: { id: string }[] = await api.database.query('SELECT id FROM users WHERE email = $1', [email]);
  const outgoing = await fetch(`${api.url}/api/v1/admin/users/${user?.id}/disabled`, {
    method: 'PUT',
    headers: { ...claim, 'content-type': 'application/json' },
    body: JSON.stringify({ disabled: true, reason: 'A test.' }),
  });
  expect(outgoing.status).toBe(200);
  const rows: { address: string }[] = await api.database.query('SELECT address FROM audit_log WHERE target_id = $1', [user?.id]);
  expect(rows.map(({ address }) => address)).toEqual([expect.stringMatching(/127\.0\.0\.1$/)]);
});
