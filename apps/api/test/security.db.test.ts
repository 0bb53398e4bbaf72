/**
 * What must hold on every path of the API, driven from the document that it serves: a path that is added is tried as well, or, where it has
 * an id of a new kind, fails until it is said here whose it is.
 */
import { PassId, Problem, SignInView, UserView } from '@ckx/contracts';
import { AccessPassEntity, PaymentEntity, UserEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiOperation, readOperations } from './api-document.ts';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
let operations: ApiOperation[];
let owner: ApiClient;
let intruder: ApiClient;
let admin: ApiClient;
/** By the name of the parameter and the beginning of the path, an id that is the owner's. */
let ids: { session: string; pass: string; checkout: string; user: string; signIn: string };
beforeAll(async () => {
  api = await startApi();
  operations = await readOperations(api.url);
  [owner, intruder, admin] = [await api.candidate(), await api.candidate(), await api.admin()];
  const { id: userId } = await owner.get('/users/me', UserView);
  const passId = PassId.parse(randomUUID());
  const checkoutSessionId = `cs_test_${randomUUID()}`;
  const of = { userId, passTypeId: '1_week', priceCents: 1999 } as const;
  await api.database.manager.insert(AccessPassEntity, { ...of, id: passId, durationHours: 168, source: 'purchase' });
  await api.database.manager.insert(PaymentEntity, { ...of, passId, currency: 'usd', checkoutSessionId });
  const [signIn] = await owner.get('/auth/sign-ins', z.array(SignInView));
  if (signIn === undefined) throw new Error('The owner is signed in nowhere.');
  ids = { session: await owner.startSession('api-mock'), pass: passId, checkout: checkoutSessionId, user: userId, signIn: signIn.signInId };
});
afterAll(() => api.close());

/** Whose an id is, by path; the first that fits. */
const RULES: readonly { readonly path: RegExp; readonly whose: keyof typeof ids | 'administrators' | 'everybody' }[] = [
  { path: /^\/api\/v1\/admin\//, whose: 'administrators' },
  { path: /^\/api\/v1\/(sessions|exams)\/\{id\}/, whose: 'session' },
  { path: /^\/api\/v1\/auth\/sign-ins\/\{signInId\}$/, whose: 'signIn' },
  { path: /^\/api\/v1\/access\/activate\/\{id\}$/, whose: 'pass' },
  { path: /^\/api\/v1\/billing\/checkout\/\{id\}$/, whose: 'checkout' },
  { path: /^\/api\/v1\/labs\/\{labId\}$/, whose: 'everybody' },
  // The sandbox's page stands in for Stripe's, which whoever has its address may open; it is off here, and off with a live key.
  { path: /^\/sandbox\/checkout\/\{id\}/, whose: 'everybody' },
];
const ruleOf = ({ path }: ApiOperation) => RULES.find((rule) => rule.path.test(path));
const withIds = (): ApiOperation[] => operations.filter(({ path }) => path.includes('{'));
const fill = (path: string, id: string) => path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, encodeURIComponent(id));

/** Paths that answer without an access token, on purpose. */
const PUBLIC = [
  /^POST \/api\/v1\/auth\/(register|login|refresh|logout|verify-email|forgot-password|reset-password|confirm-email)$/,
  /^GET \/health\/(live|ready)$/,
  /^GET \/api\/v1\/billing\/plans$/,
  // Signed by Stripe, or by the sandbox.
  /^POST \/api\/v1\/billing\/webhook$/,
  /^(GET|POST) \/sandbox\/checkout\//,
];
/** With a token or without: what is shown differs. */
const OPTIONAL = [/^GET \/api\/v1\/labs(\/\{labId\})?$/];
const isOneOf = (patterns: readonly RegExp[], name: string) => patterns.some((pattern) => pattern.test(name));

describe('ids', () => {
  test('on every path it is known whose they are', () => {
    expect(withIds().length).toBeGreaterThan(30);
    expect(withIds().filter((operation) => ruleOf(operation) === undefined)).toEqual([]);
  });

  test('that are another candidate’s open nothing, and answer as one that nobody has', async () => {
    let tried = 0;
    for (const operation of withIds()) {
      const whose = ruleOf(operation)?.whose;
      if (whose === undefined || whose === 'everybody' || whose === 'administrators') continue;
      const ask = (id: string) => intruder.send(operation.method, fill(operation.path, id), operation.body === null ? undefined : {});
      const unknown = whose === 'checkout' ? `cs_test_${randomUUID()}` : randomUUID();
      const [theirs, nobodys] = [await ask(ids[whose]), await ask(unknown)];
      expect([403, 404], operation.name).toContain(theirs.status);
      const [a, b] = [Problem.parse(theirs.body), Problem.parse(nobodys.body)];
      expect({ status: a.status, code: a.code, detail: a.detail }, operation.name).toEqual({
        status: b.status,
        code: b.code,
        detail: b.detail,
      });
      tried += 1;
    }
    expect(tried).toBeGreaterThan(15);
    // Nothing was done to what is the owner's.
    expect((await owner.send('GET', `/sessions/${ids.session}`)).body).toMatchObject({ state: 'created', endedAt: null });
    expect(await api.database.manager.findOneByOrFail(AccessPassEntity, { id: PassId.parse(ids.pass) })).toMatchObject({
      status: 'purchased',
    });
  });

  test('of the administrators’ paths are for administrators, whatever the id or the body', async () => {
    const paths = operations.filter(({ path }) => path.startsWith('/api/v1/admin/'));
    expect(paths.length).toBeGreaterThan(15);
    for (const { method, path, body, name } of paths) {
      for (const id of [ids.session, ids.pass, ids.user, 'x']) {
        const answer = await intruder.send(method, fill(path, id), body === null ? undefined : {});
        expect(answer.status, name).toBe(403);
        expectProblem(answer, 403, 'ADMIN_ONLY');
      }
    }
  });
});

test('every path needs an access token, unless it is known to be public', async () => {
  const anonymous = new ApiClient(api.url);
  for (const { method, path, name, needsToken, body } of operations) {
    if (isOneOf(PUBLIC, name)) continue;
    expect(needsToken, `${name} says in the document that it needs a token`).toBe(true);
    if (isOneOf(OPTIONAL, name)) continue;
    expectProblem(await anonymous.send(method, fill(path, ids.session), body === null ? undefined : {}), 401, 'UNAUTHENTICATED');
  }
});

describe('mass assignment', () => {
  test('every body refuses fields that it does not name', async () => {
    const taking = operations.filter(({ body, name }) => body !== null && !name.includes('/billing/webhook'));
    expect(taking.length).toBeGreaterThan(20);
    for (const { name, method, path, body } of taking) {
      expect(body?.additionalProperties, `${name} says so`).toBe(false);
      if (/\{|auth\/(login|refresh|logout)|sandbox/.test(path)) continue;
      const extra = { role: 'admin', isAdmin: true, userId: ids.user, emailVerifiedAt: '2026-01-01T00:00:00Z', passwordHash: 'x' };
      const answer = await admin.send(method, fill(path, ids.session), extra);
      expectProblem(answer, 400, 'VALIDATION_FAILED');
    }
  });

  test('nobody makes themselves more than they are', async () => {
    const { id } = await intruder.get('/users/me', UserView);
    for (const extra of [
      { role: 'admin' },
      { email: 'x@example.org' },
      { extraTimePercent: 200 },
      { disabledAt: null },
      { id: ids.user },
    ]) {
      expectProblem(await intruder.send('PATCH', '/users/me', { name: 'Eve', ...extra }), 400, 'VALIDATION_FAILED');
    }
    // Names that reach into prototypes are dropped before anybody reads the body.
    await intruder.send('PATCH', '/users/me', '{"name":"Eve","__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}');
    expect(await api.database.manager.findOneByOrFail(UserEntity, { id })).toMatchObject({ role: 'candidate', extraTimePercent: 0 });
    expect(Object.hasOwn(Object.prototype, 'role')).toBe(false);
  });
});

test('SQL in any parameter or field is text: nothing is executed, nothing breaks', { timeout: 120_000 }, async () => {
  const payloads = [
    `' OR '1'='1`,
    `'; DROP TABLE users; --`,
    `") UNION SELECT password_hash FROM users --`,
    `\\'; SELECT pg_sleep(30); --`,
    '%',
    '\u0000',
  ];
  const users = () => api.database.manager.count(UserEntity);
  const before = await users();
  for (const { method, path, name, query, body } of operations) {
    if (name === 'GET /api/v1/sessions/{id}/events') continue;
    for (const payload of payloads) {
      const asked = new URLSearchParams(Object.fromEntries(query.map((parameter) => [parameter, payload]))).toString();
      const fields = Object.fromEntries(Object.keys(body?.properties ?? {}).map((field) => [field, payload]));
      const at = performance.now();
      const response = await fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, encodeURIComponent(payload))}?${asked}`, {
        method,
        headers: { authorization: `Bearer ${admin.accessToken}`, 'content-type': 'application/json' },
        redirect: 'manual',
        ...(method === 'GET' ? {} : { body: JSON.stringify(fields) }),
      });
      const text = await response.text();
      expect(performance.now() - at, name).toBeLessThan(15_000);
      expect(response.status === 503 || response.status < 500, `${name} ${payload}: ${response.status} ${text.slice(0, 300)}`).toBe(true);
      expect(text, name).not.toMatch(/argon2|syntax error|QueryFailed|at .*\.ts:\d+/);
    }
  }
  expect(await users()).toBe(before);
});
