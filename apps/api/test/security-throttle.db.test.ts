/** Whatever can be guessed at is throttled: every path of the document that takes a password, a refresh token or the token of a link. */
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOperations } from './api-document.ts';
import { startApi, type TestApi } from './harness.ts';

const LIMIT = 4;
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ AUTH_ATTEMPTS_PER_MINUTE: String(LIMIT) });
});
afterAll(() => api.close());

const GUESSED = ['password', 'currentPassword', 'token', 'refreshToken'];
/** Of fields that must fit for an attempt to get as far as the secret; all others are guessed. */
const VALUES: Readonly<Record<string, string>> = { name: 'Ada', newPassword: 'another horse battery' };

test('each of them, after as many attempts as a minute has', async () => {
  const operations = (await readOperations(api.url)).filter(({ body }) => GUESSED.some((field) => field in (body?.properties ?? {})));
  expect(operations.map(({ path }) => path.split('/').at(-1)).toSorted()).toEqual(
    expect.arrayContaining([
      'change-email',
      'change-password',
      'confirm-email',
      'delete',
      'login',
      'logout',
      'refresh',
      'register',
      'reset-password',
      'verify-email',
    ]),
  );
  const client = await api.candidate();
  for (const { method, path, name, needsToken, body } of operations) {
    const as = needsToken ? client : new ApiClient(api.url);
    const attempt = () => {
      const fields = Object.keys(body?.properties ?? {}).filter((field) => field !== 'refreshTokenIn');
      const guess = Object.fromEntries(
        fields.map((field) => [field, /email/i.test(field) ? `g-${randomUUID()}@example.org` : (VALUES[field] ?? `guess ${randomUUID()}`)]),
      );
      return as.send(method, path.replace('/api/v1', ''), guess);
    };
    const statuses: number[] = [];
    for (let times = 0; times < LIMIT; times += 1) statuses.push((await attempt()).status);
    expect(
      statuses.filter((status) => status >= 500),
      name,
    ).toEqual([]);
    const refused = await attempt();
    expect(refused.status, name).toBe(429);
    expectProblem(refused, 429, 'TOO_MANY_REQUESTS');
    expect(Number(refused.headers.get('retry-after')), name).toBeGreaterThan(0);
  }
});
