import { RefreshTokenEntity, UserEntity } from '@ckx/persistence';
import { TokenPair, UserView } from '@ckx/contracts';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { JwtService } from '@nestjs/jwt';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdmin } from '../src/create-admin.ts';
import { JWT_SECRET, startApi, type TestApi } from './harness.ts';

let api: TestApi;
let anonymous: ApiClient;
beforeAll(async () => {
  api = await startApi();
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

function credentials() {
  return { email: `c-${randomUUID()}@example.org`, password: 'correct horse battery' };
}

async function signIn() {
  const mine = credentials();
  expect((await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' })).status).toBe(201);
  return TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const familyOf = async (token: string) =>
  (await api.database.manager.findOneByOrFail(RefreshTokenEntity, { tokenHash: hashOf(token) })).familyId;

const refresh = (refreshToken: string) => anonymous.send('POST', '/auth/refresh', { refreshToken });

describe('accounts', () => {
  test('register, sign in, me; nothing of the password is answered', async () => {
    const mine = credentials();
    const registered = await anonymous.send('POST', '/auth/register', { ...mine, email: mine.email.toUpperCase(), name: ' Ada ' });
    expect(registered.status).toBe(201);
    expect(JSON.stringify(registered.body)).not.toMatch(/password|argon2/);
    const client = await ApiClient.login(api.url, mine);
    expect(await client.get('/users/me', UserView)).toMatchObject({ email: mine.email, name: 'Ada', role: 'candidate' });
    const row = await api.database.manager.findOneByOrFail(UserEntity, { email: mine.email });
    expect(row.passwordHash).toMatch(/^\$argon2id\$/);
  });

  test('an address is registered once, whatever its case', async () => {
    const mine = credentials();
    await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' });
    expectProblem(
      await anonymous.send('POST', '/auth/register', { ...mine, email: mine.email.toUpperCase(), name: 'Eve' }),
      409,
      'EMAIL_TAKEN',
    );
  });

  test.each(['a b@example.org', `${'a'.repeat(65)}@example.org`])('an address that is none is refused: %s', async (email) => {
    const body = { email, password: 'correct horse battery', name: 'Ada' };
    expectProblem(await anonymous.send('POST', '/auth/register', body), 400, 'VALIDATION_FAILED');
  });

  test('nobody registers as an administrator', async () => {
    expectProblem(
      await anonymous.send('POST', '/auth/register', { ...credentials(), name: 'Eve', role: 'admin' }),
      400,
      'VALIDATION_FAILED',
    );
  });

  test('an unknown account is refused like a wrong password, and takes as long', async () => {
    const mine = credentials();
    await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' });
    const time = async (email: string) => {
      const from = performance.now();
      expectProblem(await anonymous.send('POST', '/auth/login', { email, password: 'wrong password' }), 401, 'INVALID_CREDENTIALS');
      return performance.now() - from;
    };
    const times: { known: number; unknown: number }[] = [];
    for (let i = 0; i < 15; i += 1) times.push({ known: await time(mine.email), unknown: await time(credentials().email) });
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[7] ?? 0;
    // Without the dummy hash an unknown account is refused in a fifth of the time or less.
    const ratio = median(times.map(({ unknown }) => unknown)) / median(times.map(({ known }) => known));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('a disabled account is out at once', async () => {
    const mine = credentials();
    await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' });
    const { accessToken, refreshToken } = TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
    await api.database.manager.update(UserEntity, { email: mine.email }, { disabledAt: new Date() });
    expectProblem(await new ApiClient(api.url, accessToken).send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
    expectProblem(await refresh(refreshToken), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await anonymous.send('POST', '/auth/login', mine), 401, 'INVALID_CREDENTIALS');
  });

  test('the first administrator is made once, and never out of a candidate', async () => {
    const mine = credentials();
    const config = {
      CKX_INSTALLATION: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: api.config.DATABASE_URL,
      ADMIN_NAME: 'Administrator',
      ADMIN_EMAIL: mine.email,
      ADMIN_PASSWORD: mine.password,
    } as const;
    expect(await createAdmin(config)).toEqual({ email: mine.email, created: true });
    expect(await createAdmin({ ...config, ADMIN_PASSWORD: 'another password' })).toEqual({ email: mine.email, created: false });
    const admin = await ApiClient.login(api.url, mine);
    expect((await admin.send('GET', '/admin/sessions')).status).toBe(200);

    const candidate = credentials();
    await anonymous.send('POST', '/auth/register', { ...candidate, name: 'Eve' });
    await expect(createAdmin({ ...config, ADMIN_EMAIL: candidate.email })).rejects.toMatchObject({ code: 'ADMIN_EMAIL_TAKEN' });
  });
});

describe('refresh tokens', () => {
  test('are rotated and stored hashed', async () => {
    const first = await signIn();
    const second = TokenPair.parse((await refresh(first.refreshToken)).body);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await new ApiClient(api.url, second.accessToken).send('GET', '/users/me')).status).toBe(200);
    expect(await api.database.manager.countBy(RefreshTokenEntity, { tokenHash: first.refreshToken })).toBe(0);
  });

  test('reuse of a used one signs the whole family out, and no other', async () => {
    const other = await signIn();
    const first = await signIn();
    const second = TokenPair.parse((await refresh(first.refreshToken)).body);
    await api.database.manager.query(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL`);
    expectProblem(await refresh(first.refreshToken), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await refresh(second.refreshToken), 401, 'REFRESH_TOKEN_INVALID');
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test('tabs that refresh at once are given the same successor, and all go on', async () => {
    let { refreshToken } = await signIn();
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => refresh(refreshToken)));
      const tokens = new Set(answers.map(({ body }) => TokenPair.parse(body).refreshToken));
      expect(tokens.size).toBe(1);
      [refreshToken = ''] = tokens;
    }
    const familyId = await familyOf(refreshToken);
    // One sign-in and three turns: a family never branches.
    expect(await api.database.manager.countBy(RefreshTokenEntity, { familyId })).toBe(4);
  });

  test('only the immediate predecessor is forgiven: an older one signs the family out, however young', async () => {
    const first = await signIn();
    const second = TokenPair.parse((await refresh(first.refreshToken)).body);
    const third = TokenPair.parse((await refresh(second.refreshToken)).body);
    expectProblem(await refresh(first.refreshToken), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await refresh(third.refreshToken), 401, 'REFRESH_TOKEN_INVALID');
  });

  test('a sign-out beside refreshes leaves no token of the family that is good', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { refreshToken } = await signIn();
      const answers = await Promise.all([
        refresh(refreshToken),
        anonymous.send('POST', '/auth/logout', { refreshToken }),
        refresh(refreshToken),
      ]);
      const family = await api.database.manager.findBy(RefreshTokenEntity, { familyId: await familyOf(refreshToken) });
      expect(family.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
      for (const { status, body } of answers) {
        if (status === 200) expectProblem(await refresh(TokenPair.parse(body).refreshToken), 401, 'REFRESH_TOKEN_INVALID');
      }
    }
  });

  test('sign-out revokes; it is safe to repeat and says nothing about unknown tokens', async () => {
    const { refreshToken } = await signIn();
    for (const token of [refreshToken, refreshToken, 'unknown']) {
      expect((await anonymous.send('POST', '/auth/logout', { refreshToken: token })).status).toBe(204);
    }
    expectProblem(await refresh(refreshToken), 401, 'REFRESH_TOKEN_INVALID');
  });

  test('an expired one is refused', async () => {
    const { refreshToken } = await signIn();
    await api.database.manager.query(`UPDATE refresh_tokens SET expires_at = now() WHERE used_at IS NULL AND revoked_at IS NULL`);
    expectProblem(await refresh(refreshToken), 401, 'REFRESH_TOKEN_INVALID');
  });
});

describe('access tokens', () => {
  const claims = { issuer: 'ckx', audience: 'ckx-api', expiresIn: 900 } as const;
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  async function answerTo(makeToken: (userId: string) => string): Promise<ReturnType<ApiClient['send']>> {
    const mine = credentials();
    const { id } = UserView.parse((await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' })).body);
    return new ApiClient(api.url, makeToken(id)).send('GET', '/users/me');
  }
  const sign = (userId: string, secret: string, options: object) =>
    new JwtService().sign({ sub: userId, role: 'admin' }, { secret, algorithm: 'HS256', ...claims, ...options });

  test('the right one is taken, and its role counts for nothing', async () => {
    const answer = await answerTo((id) => sign(id, JWT_SECRET, {}));
    expect(UserView.parse(answer.body).role).toBe('candidate');
  });

  test.each([
    ['another key', (id: string) => sign(id, 'another key, as long as the real one is', {})],
    ['another issuer', (id: string) => sign(id, JWT_SECRET, { issuer: 'somebody' })],
    ['another audience', (id: string) => sign(id, JWT_SECRET, { audience: 'somebody' })],
    ['another algorithm', (id: string) => sign(id, JWT_SECRET, { algorithm: 'HS512' })],
    ['expired', (id: string) => sign(id, JWT_SECRET, { expiresIn: -1 })],
    [
      'algorithm none',
      (id: string) => `${base64({ alg: 'none', typ: 'JWT' })}.${base64({ sub: id, iss: 'ckx', aud: 'ckx-api', exp: 9_999_999_999 })}.`,
    ],
    ['no user', () => sign(randomUUID(), JWT_SECRET, {})],
    ['no uuid', () => sign('1 OR 1=1', JWT_SECRET, {})],
    ['nonsense', () => 'nonsense'],
  ])('%s is refused', async (_, makeToken) => {
    const answer = await answerTo(makeToken);
    expectProblem(answer, 401, 'UNAUTHENTICATED');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('credential paths are throttled', () => {
  let strict: TestApi;
  beforeAll(async () => {
    strict = await startApi({ AUTH_ATTEMPTS_PER_MINUTE: '3', API_TRUST_PROXY: 'loopback' });
  });
  afterAll(() => strict.close());

  const login = (email: string, from: string) =>
    fetch(`${strict.url}/api/v1/auth/login`, {
      method: 'POST',
      body: JSON.stringify({ email, password: 'wrong password' }),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    });
  const statuses = async (answers: readonly Promise<Response>[]) => (await Promise.all(answers)).map(({ status }) => status).toSorted();

  test('by address, with the time to wait; other paths and addresses go on', async () => {
    const from = '192.0.2.1';
    expect(await statuses([1, 2, 3].map(() => login(credentials().email, from)))).toEqual([401, 401, 401]);
    const answer = await login(credentials().email, from);
    expectProblem({ status: answer.status, body: await answer.json(), headers: answer.headers }, 429, 'TOO_MANY_REQUESTS');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(credentials().email, '192.0.2.2')).status).toBe(401);
    expect((await fetch(`${strict.url}/api/v1/labs`, { headers: { 'x-forwarded-for': from } })).status).toBe(200);
  });

  test('by account, from wherever it is tried', async () => {
    const { email } = credentials();
    const from = (last: number) => login(last % 2 === 0 ? email : email.toUpperCase(), `198.51.100.${last}`);
    expect(await statuses([1, 2, 3, 4, 5].map(from))).toEqual([401, 401, 401, 429, 429]);
  });
});
