/** What a person does to an account: sign out everywhere, change what it is called, change its password; and the browser's cookie. */
import { SignIn, TokenPair, UserView } from '@ckx/contracts';
import { UserEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
let anonymous: ApiClient;
beforeAll(async () => {
  api = await startApi();
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

const PASSWORD = 'correct horse battery';

async function register(at = anonymous) {
  const mine = { email: `c-${randomUUID()}@example.org`, password: PASSWORD };
  expect((await at.send('POST', '/auth/register', { ...mine, name: 'Ada' })).status).toBe(201);
  return mine;
}
const signIn = async (mine: { email: string; password: string }) =>
  TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
const as = (accessToken: string) => new ApiClient(api.url, accessToken);

/** Nothing of these tokens is good for anything. */
async function expectSignedOut(...devices: TokenPair[]) {
  for (const { accessToken, refreshToken } of devices) {
    expectProblem(await as(accessToken).send('GET', '/users/me'), 401, 'UNAUTHENTICATED');
    expectProblem(await anonymous.send('POST', '/auth/refresh', { refreshToken }), 401, 'REFRESH_TOKEN_INVALID');
  }
}

describe('sign-out everywhere', () => {
  test('ends every device at once, and nobody else; the account signs in again', async () => {
    const [mine, others] = [await register(), await register()];
    const [one, two, other] = [await signIn(mine), await signIn(mine), await signIn(others)];
    expect((await as(one.accessToken).send('POST', '/auth/logout-all')).status).toBe(204);
    await expectSignedOut(one, two);
    expect((await as(other.accessToken).send('GET', '/users/me')).status).toBe(200);
    expect((await as((await signIn(mine)).accessToken).send('GET', '/users/me')).status).toBe(200);
  });

  test('needs an access token', async () => {
    expectProblem(await anonymous.send('POST', '/auth/logout-all'), 401, 'UNAUTHENTICATED');
  });
});

describe('the profile', () => {
  test('is renamed by its owner alone', async () => {
    const [mine, others] = [await api.candidate(), await api.candidate()];
    expect(UserView.parse((await mine.send('PATCH', '/users/me', { name: '  Grace Hopper ' })).body).name).toBe('Grace Hopper');
    expect((await mine.get('/users/me', UserView)).name).toBe('Grace Hopper');
    expect((await others.get('/users/me', UserView)).name).toBe('Test Candidate');
    expectProblem(await anonymous.send('PATCH', '/users/me', { name: 'Eve' }), 401, 'UNAUTHENTICATED');
  });

  test.each([
    ['nothing', {}],
    ['an empty name', { name: '   ' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['no text', { name: 7 }],
    ['text that cannot be kept', { name: 'a\0b' }],
    ['a role', { name: 'Eve', role: 'admin' }],
    ['an address', { name: 'Eve', email: 'eve@example.org' }],
    ['an epoch', { name: 'Eve', tokenEpoch: 7 }],
    ['a list', []],
  ])('%s is refused', async (_, body) => {
    const client = await api.candidate();
    expectProblem(await client.send('PATCH', '/users/me', body), 400, 'VALIDATION_FAILED');
    expect(await client.get('/users/me', UserView)).toMatchObject({ name: 'Test Candidate', role: 'candidate' });
  });
});

describe('change of password', () => {
  const change = (client: ApiClient, currentPassword: unknown, newPassword: unknown) =>
    client.send('POST', '/auth/change-password', { currentPassword, newPassword });

  test('signs every other device out and this one in again; only the new one is good from then on', async () => {
    const mine = await register();
    const [here, there] = [await signIn(mine), await signIn(mine)];
    const tokens = TokenPair.parse((await change(as(here.accessToken), PASSWORD, 'another password')).body);
    await expectSignedOut(here, there);
    expect((await as(tokens.accessToken).send('GET', '/users/me')).status).toBe(200);
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(200);
    expectProblem(await anonymous.send('POST', '/auth/login', mine), 401, 'INVALID_CREDENTIALS');
    expect((await anonymous.send('POST', '/auth/login', { ...mine, password: 'another password' })).status).toBe(200);
  });

  test('of two at once one wins', async () => {
    const mine = await register();
    const client = as((await signIn(mine)).accessToken);
    const answers = await Promise.all(['the first password', 'the second password'].map((password) => change(client, PASSWORD, password)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const logins = ['the first password', 'the second password'].map((password) =>
      anonymous.send('POST', '/auth/login', { ...mine, password }),
    );
    expect((await Promise.all(logins)).map(({ status }) => status).toSorted()).toEqual([200, 401]);
  });

  test('with the wrong password, a short one or none at all nothing changes', async () => {
    const mine = await register();
    const here = await signIn(mine);
    const client = as(here.accessToken);
    expectProblem(await change(client, 'wrong password', 'another password'), 403, 'PASSWORD_WRONG');
    for (const [current, next] of [
      [PASSWORD, 'short'],
      [PASSWORD, 'x'.repeat(129)],
      [PASSWORD, undefined],
      [undefined, PASSWORD],
      ['', PASSWORD],
    ]) {
      expectProblem(await change(client, current, next), 400, 'VALIDATION_FAILED');
    }
    expectProblem(await change(anonymous, PASSWORD, 'another password'), 401, 'UNAUTHENTICATED');
    expect((await client.send('GET', '/users/me')).status).toBe(200);
    expect((await signIn(mine)).refreshToken).not.toBe('');
  });

  test('while somebody signs in with the old one signs them out', async () => {
    const mine = await register();
    const { accessToken } = await signIn(mine);
    const [login, changed] = await Promise.all([
      anonymous.send('POST', '/auth/login', mine),
      as(accessToken).send('POST', '/auth/change-password', { currentPassword: PASSWORD, newPassword: 'another password' }),
    ]);
    expect(changed.status).toBe(200);
    if (login.status === 200) await expectSignedOut(TokenPair.parse(login.body));
    else expectProblem(login, 401, 'INVALID_CREDENTIALS');
    expect(await api.database.manager.findOneByOrFail(UserEntity, { email: mine.email })).toMatchObject({ tokenEpoch: 1 });
  });
});

describe('the refresh token of a browser', () => {
  const APP = 'https://exams.example.org';
  let site: TestApi;
  beforeAll(async () => {
    site = await startApi({ APP_URL: `${APP}/` });
  });
  afterAll(() => site.close());

  /** As a page of `origin` would ask, with the cookie that the browser holds. */
  const ask = (
    path: string,
    body: unknown,
    { origin = APP, cookie, at = site }: { origin?: string | null; cookie?: string; at?: TestApi } = {},
  ) =>
    fetch(`${at.url}/api/v1/auth/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(origin === null ? {} : { origin }),
        ...(cookie === undefined ? {} : { cookie: `theme=dark; ${cookie}; other=1` }),
      },
    });
  const problemOf = async (answer: Response) => ({
    status: answer.status,
    body: await answer.json(),
    headers: answer.headers,
  });
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  async function signInByCookie() {
    const mine = await register(new ApiClient(site.url));
    const answer = await ask('login', { ...mine, refreshTokenIn: 'cookie' });
    expect(answer.status).toBe(200);
    return { answer, cookie: cookieOf(answer), body: SignIn.parse(await answer.clone().json()) };
  }

  test('is in a cookie that no script, no other site and no unprotected connection sees, and not in the body', async () => {
    const { answer, body } = await signInByCookie();
    expect(body).not.toHaveProperty('refreshToken');
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-ckx_refresh=[\w-]{43}; /);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/api/v1/auth', 'Max-Age=604800']) {
      expect(cookie.split('; ')).toContain(attribute);
    }
    expect(cookie).not.toMatch(/Domain/i);
  });

  test('is not marked as secure where the installation is not: the browser would drop it', async () => {
    const mine = await register();
    const answer = await ask('login', { ...mine, refreshTokenIn: 'cookie' }, { at: api, origin: 'http://127.0.0.1:4000' });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^ckx_refresh=/);
    expect(answer.headers.getSetCookie()[0]).not.toContain('Secure');
  });

  test('is rotated in the cookie; parallel tabs go on; sign-out forgets it', async () => {
    const { cookie } = await signInByCookie();
    const answers = await Promise.all([1, 2, 3].map(() => ask('refresh', {}, { cookie })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const next = new Set(answers.map(cookieOf));
    expect(next.size).toBe(1);
    const [rotated = ''] = next;
    expect(rotated).not.toBe(cookie);
    const out = await ask('logout', {}, { cookie: rotated });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^__Secure-ckx_refresh=; Path=\/api\/v1\/auth; Expires=Thu, 01 Jan 1970/);
    expectProblem(await problemOf(await ask('refresh', {}, { cookie: rotated })), 401, 'REFRESH_TOKEN_INVALID');
  });

  test.each([
    ['another site', 'https://evil.example.net'],
    ['a neighbour', 'https://evil.example.org'],
    ['the same without TLS', 'http://exams.example.org'],
    ['another port', 'https://exams.example.org:8443'],
    ['a sandbox', 'null'],
    ['nowhere', null],
  ])('a page of %s has no use of it', async (_, origin) => {
    const { cookie } = await signInByCookie();
    const mine = await register(new ApiClient(site.url));
    for (const [path, body] of [
      ['refresh', {}],
      ['logout', {}],
      ['login', { ...mine, refreshTokenIn: 'cookie' }],
    ] as const) {
      const answer = await ask(path, body, { cookie, origin });
      expect(answer.headers.getSetCookie()).toEqual([]);
      expectProblem(await problemOf(answer), 403, 'ORIGIN_REFUSED');
    }
    // Nothing of that touched it.
    expect((await ask('refresh', {}, { cookie })).status).toBe(200);
  });

  test('a request without any token is refused', async () => {
    expectProblem(await problemOf(await ask('refresh', {})), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await problemOf(await ask('refresh', {}, { cookie: '__Secure-ckx_refresh=' })), 401, 'REFRESH_TOKEN_INVALID');
    expect((await ask('logout', {})).status).toBe(204);
  });

  test('a token in the body is never answered by a cookie', async () => {
    const mine = await register(new ApiClient(site.url));
    const { refreshToken } = TokenPair.parse(await (await ask('login', mine, { origin: null })).json());
    const answer = await ask('refresh', { refreshToken }, { origin: null });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(TokenPair.parse(await answer.json()).refreshToken).not.toBe(refreshToken);
  });
});

// Last: passport keeps one strategy for the whole process, that of the application that was made last.
test('a stolen access token is no way to try passwords: their change is throttled by account', async () => {
  const strict = await startApi({ AUTH_ATTEMPTS_PER_MINUTE: '3', API_TRUST_PROXY: 'loopback' });
  try {
    const { accessToken } = TokenPair.parse(
      (await new ApiClient(strict.url).send('POST', '/auth/login', await register(new ApiClient(strict.url)))).body,
    );
    const attempt = (last: number) =>
      fetch(`${strict.url}/api/v1/auth/change-password`, {
        method: 'POST',
        body: JSON.stringify({ currentPassword: 'wrong password', newPassword: 'another password' }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}`, 'x-forwarded-for': `198.51.100.${last}` },
      });
    const statuses = [];
    for (const last of [1, 2, 3, 4, 5]) statuses.push((await attempt(last)).status);
    expect(statuses).toEqual([403, 403, 403, 429, 429]);
  } finally {
    await strict.close();
  }
});
