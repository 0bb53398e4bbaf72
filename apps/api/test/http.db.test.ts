import { Problem } from '@ckx/contracts';
import { testPostgres } from '@ckx/test-support';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startProxy } from './proxy.ts';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
const lines: string[] = [];
beforeAll(async () => {
  api = await startApi({}, pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }));
});
afterAll(() => api.close());

async function raw(path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? '' : (JSON.parse(text) as unknown) };
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

describe('problem documents', () => {
  test.each<[string, string, RequestInit, number, string]>([
    ['unknown path', '/api/v1/nothing', {}, 404, 'ROUTE_UNKNOWN'],
    ['outside of the API', '/nothing', {}, 404, 'ROUTE_UNKNOWN'],
    ['method that a path does not have', '/api/v1/labs', { method: 'PUT' }, 404, 'ROUTE_UNKNOWN'],
    ['no JSON', '/api/v1/auth/login', post('{"email": '), 400, 'BODY_UNREADABLE'],
    ['JSON that is no object', '/api/v1/auth/login', post('[]'), 400, 'VALIDATION_FAILED'],
    ['JSON that is no document', '/api/v1/auth/login', post('"text"'), 400, 'BODY_UNREADABLE'],
    ['no body', '/api/v1/auth/login', { method: 'POST' }, 400, 'VALIDATION_FAILED'],
    ['another content type', '/api/v1/auth/login', post('email=a', { 'content-type': 'text/plain' }), 400, 'VALIDATION_FAILED'],
    ['unknown charset', '/api/v1/auth/login', post('{}', { 'content-type': 'application/json; charset=x' }), 415, 'BODY_UNREADABLE'],
    ['unknown encoding', '/api/v1/auth/login', post('{}', { 'content-encoding': 'x' }), 415, 'BODY_UNREADABLE'],
    ['100 kB and more', '/api/v1/auth/login', post(JSON.stringify({ email: 'a'.repeat(103_000) })), 413, 'BODY_TOO_LARGE'],
    ['prototype in the body', '/api/v1/auth/login', post('{"__proto__": {"admin": true}}'), 400, 'VALIDATION_FAILED'],
    [
      'NUL in a text',
      '/api/v1/auth/register',
      post('{"email":"nul@example.org","name":"a\\u0000","password":"12345678"}'),
      400,
      'VALIDATION_FAILED',
    ],
    [
      'half a surrogate',
      '/api/v1/auth/register',
      post('{"email":"sur@example.org","name":"\\ud800","password":"12345678"}'),
      400,
      'VALIDATION_FAILED',
    ],
    ['bad percent encoding', '/api/v1/labs/%FF', {}, 400, 'ADDRESS_MALFORMED'],
    ['query that does not fit', '/api/v1/labs?type=free', {}, 400, 'VALIDATION_FAILED'],
    ['parameter that does not fit', '/api/v1/labs/NOPE!', {}, 400, 'VALIDATION_FAILED'],
    ['no token', '/api/v1/sessions', {}, 401, 'UNAUTHENTICATED'],
    ['not even a bearer', '/api/v1/sessions', { headers: { authorization: 'Basic YTpi' } }, 401, 'UNAUTHENTICATED'],
    ['a bad token where none is needed', '/api/v1/labs', { headers: { authorization: 'Bearer x' } }, 401, 'UNAUTHENTICATED'],
  ])('%s', async (_, path, init, status, code) => {
    const answer = await raw(path, init);
    const problem = expectProblem(answer, status, code);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problem).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:ckx:problem:[a-z-]+$/) as unknown,
      instance: path.split('?')[0],
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|SELECT/);
  });

  test('name every field that was refused', async () => {
    const { body } = await raw('/api/v1/auth/register', post(JSON.stringify({ email: 'x', name: ' ', password: 'short', more: 1 })));
    const errors = Problem.parse(body).errors ?? [];
    expect(errors.map(({ path }) => path).sort()).toEqual(['', 'email', 'name', 'password']);
    expect(errors.find(({ path }) => path === '')?.message).toContain('more');
  });
});

describe('every answer', () => {
  test('carries a request id, the caller’s own where it is one, and says nothing of the server', async () => {
    const own = await raw('/api/v1/labs', { headers: { 'x-request-id': 'mine-12345' } });
    expect(own.headers.get('x-request-id')).toBe('mine-12345');
    const forged = await raw('/api/v1/labs', { headers: { 'x-request-id': 'a b"}' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(own.headers.get('x-powered-by')).toBeNull();
    expect(own.headers.get('x-content-type-options')).toBe('nosniff');
    expect(own.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(own.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('labs', () => {
  test('anonymous visitors see mock labs only', async () => {
    const visitor = new ApiClient(api.url);
    const candidate = await api.candidate();
    const ids = async (client: ApiClient, query = '') =>
      z
        .array(z.object({ id: z.string() }))
        .parse((await client.send('GET', `/labs${query}`)).body)
        .map(({ id }) => id);
    expect(await ids(visitor)).toEqual(['api-mock']);
    expect(await ids(candidate)).toEqual(['api-full', 'api-mock']);
    expect(await ids(candidate, '?type=full')).toEqual(['api-full']);
    expect(await ids(candidate, '?category=CKAD')).toEqual(['api-mock']);
    expect(await ids(visitor, '?type=full')).toEqual([]);
    expectProblem(await visitor.send('GET', '/labs/api-full'), 404, 'LAB_UNKNOWN');
    expect((await candidate.send('GET', '/labs/api-full')).status).toBe(200);
  });

  test('never show checks, solutions or where a pack is', async () => {
    const { body } = await (await api.candidate()).send('GET', '/labs/api-mock');
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(body))).not.toEqual(
      expect.arrayContaining(['checks', 'questions', 'root', 'pin']),
    );
  });
});

describe('operation', () => {
  test('live; not ready without engine and host, and says which', async () => {
    expect((await raw('/health/live')).body).toEqual({ status: 'ok' });
    const ready = await raw('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ ready: false, parts: { postgres: { ok: true }, temporal: { ok: false }, hosts: { ok: false } } });
  });

  test('metrics: requests by route, sessions by state', async () => {
    await (await api.candidate()).startSession('api-mock');
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/ckx_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/sessions",status="202"\} 1/);
    expect(text).toMatch(/ckx_exam_sessions\{state="created"\} [1-9]/);
    expect(text).not.toMatch(/route="\/api\/v1\/labs\/NOPE/);
  });

  test('the log names session and request, never a secret', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    lines.length = 0;
    const answer = await client.send('GET', `/sessions/${id}/status`);
    const own = lines.map((line) => z.looseObject({}).parse(JSON.parse(line))).filter((line) => JSON.stringify(line).includes(id));
    expect(own).toContainEqual(
      expect.objectContaining({ examSessionId: id, req: expect.objectContaining({ id: answer.headers.get('x-request-id') }) as unknown }),
    );
    expect(lines.join('')).not.toContain(client.accessToken);
  });

  test('the document describes what is answered', async () => {
    const { body } = await raw('/api/docs-json');
    const document = z
      .looseObject({
        openapi: z.string(),
        paths: z.record(z.string(), z.unknown()),
        components: z.looseObject({ schemas: z.looseObject({}) }),
      })
      .parse(body);
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths)).toContain('/api/v1/sessions/{id}/events');
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['SessionView', 'Problem', 'LoginBody']));
    const page = await fetch(`${api.url}/api/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

test('without its database the API answers 503, and comes back by itself', async () => {
  const { url } = await testPostgres();
  const behind = new URL(url);
  const proxy = await startProxy({ host: behind.hostname, port: Number(behind.port) });
  behind.port = String(proxy.port);
  const cutOff = await startApi({ DATABASE_URL: behind.href });
  try {
    const client = await cutOff.candidate();
    expect((await client.send('GET', '/sessions')).body).toEqual([]);
    await proxy.cut();
    for (let i = 0; i < 3; i += 1) {
      const problem = expectProblem(await client.send('GET', '/sessions'), 503, 'DATABASE_UNAVAILABLE');
      expect(problem.detail).toBe('The database does not answer.');
    }
    expectProblem(await client.send('POST', '/auth/login', { email: 'a@example.org', password: 'x' }), 503, 'DATABASE_UNAVAILABLE');
    expect(await (await fetch(`${cutOff.url}/health/ready`)).json()).toMatchObject({ parts: { postgres: { ok: false } } });
    expect(await (await fetch(`${cutOff.url}/metrics`)).text()).not.toContain('ckx_exam_sessions{');
    await proxy.mend();
    expect((await client.send('GET', '/sessions')).body).toEqual([]);
  } finally {
    await cutOff.close();
    await proxy.cut();
  }
});
