/** Where an account is signed in, and how one of those places is signed out. */
import { SignInView, TokenPair } from '@ckx/contracts';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
let anonymous: ApiClient;
beforeAll(async () => {
  api = await startApi();
  anonymous = new ApiClient(api.url);
});
afterAll(() => api.close());

const account = () => ({ email: `c-${randomUUID()}@example.org`, password: 'correct horse battery' });
const register = async () => {
  const mine = account();
  await anonymous.send('POST', '/auth/register', { ...mine, name: 'Ada' });
  return mine;
};
const signIn = async (mine: { email: string; password: string }) =>
  TokenPair.parse((await anonymous.send('POST', '/auth/login', mine)).body);
const as = ({ accessToken }: TokenPair) => new ApiClient(api.url, accessToken);
const list = (tokens: TokenPair) => as(tokens).get('/auth/sign-ins', z.array(SignInView));

test('each sign-in is listed once however often it is refreshed, and one of them is ended', async () => {
  const mine = await register();
  const [first, second] = [await signIn(mine), await signIn(mine)];
  const refreshed = TokenPair.parse((await anonymous.send('POST', '/auth/refresh', { refreshToken: second.refreshToken })).body);
  const found = await list(first);
  expect(found).toHaveLength(2);
  const [latest] = found;
  if (latest === undefined) throw new Error('nothing is listed');
  for (let times = 0; times < 2; times += 1) expect((await as(first).send('DELETE', `/auth/sign-ins/${latest.signInId}`)).status).toBe(204);
  expectProblem(await anonymous.send('POST', '/auth/refresh', { refreshToken: refreshed.refreshToken }), 401, 'REFRESH_TOKEN_INVALID');
  expect((await anonymous.send('POST', '/auth/refresh', { refreshToken: first.refreshToken })).status).toBe(200);
  expect((await list(first)).map(({ signInId }) => signInId)).toEqual([found[1]?.signInId]);
});

test('the browser that asks is marked; by its cookie, which no script reads', async () => {
  const mine = await register();
  const other = await signIn(mine);
  const response = await fetch(`${api.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(api.config.APP_URL).origin },
    body: JSON.stringify({ ...mine, refreshTokenIn: 'cookie' }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const asked = await fetch(`${api.url}/api/v1/auth/sign-ins`, { headers: { cookie, authorization: `Bearer ${other.accessToken}` } });
  const found = z.array(SignInView).parse(await asked.json());
  expect(found.map(({ current }) => current)).toEqual([true, false]);
  expect((await list(other)).some(({ current }) => current)).toBe(false);
});

test('it is said what each is: as it said when it was last used, and no word of its own comes through', async () => {
  const mine = await register();
  const ask = async (path: string, agent: string, body: object) => {
    const headers = { 'content-type': 'application/json', 'user-agent': agent };
    const response = await fetch(`${api.url}/api/v1/auth/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return TokenPair.parse(await response.json());
  };
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
  const first = await ask('login', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0', mine);
  await ask('login', '<b>somebody</b>', mine);
  const next = await ask('refresh', firefox, { refreshToken: first.refreshToken });
  expect((await list(next)).map(({ browser, system }) => [browser, system])).toEqual([
    ['Firefox', 'Linux'],
    [null, null],
  ]);
});

test('of others nothing is seen and nothing is ended', async () => {
  const [mine, others] = [await signIn(await register()), await signIn(await register())];
  const [target] = await list(others);
  expect((await list(mine)).map(({ signInId }) => signInId)).not.toContain(target?.signInId);
  for (const id of [target?.signInId, randomUUID()])
    expectProblem(await as(mine).send('DELETE', `/auth/sign-ins/${id}`), 404, 'SIGN_IN_UNKNOWN');
  expect(await list(others)).toEqual([target]);
  expectProblem(await as(mine).send('DELETE', '/auth/sign-ins/1'), 400, 'VALIDATION_FAILED');
  expectProblem(await anonymous.send('GET', '/auth/sign-ins'), 401, 'UNAUTHENTICATED');
});
