/** From an anonymous visitor to the graded result of a full lab, with curl and ssh alone: bought in the sandbox, paid with nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  AccessStatus,
  AttemptResult,
  CheckoutStatusView,
  CheckoutView,
  ExamSessionId,
  LabSummary,
  SessionStatus,
  SshKey,
} from '@ckx/contracts';
import { openShell, shellExec } from '@ckx/test-support/client';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { running, solution } from './support.ts';

const LAB = 'ckad-full-01';
const run = promisify(execFile);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** One call of the program. @returns the status, and the body as JSON where it is. */
async function curl(...args: readonly string[]): Promise<Answer> {
  const { stdout } = await run('curl', ['--silent', '--show-error', '--write-out', '\n%{http_code}', ...args], { maxBuffer: 2 ** 24 });
  const [, text = '', status] = /^([^]*)\n(\d+)$/.exec(stdout) ?? [];
  const isJson = /^\s*[[{]|^null$/.test(text);
  return { status: Number(status), body: isJson ? JSON.parse(text) : text };
}

it('is bought, sat and graded', async () => {
  const { apiUrl } = await running();
  let token: string | null = null;
  const ask = async (method: string, path: string, body?: object) => {
    const identity = token === null ? [] : ['--header', `Authorization: Bearer ${token}`];
    const content = body === undefined ? [] : ['--header', 'Content-Type: application/json', '--data', JSON.stringify(body)];
    return curl('--request', method, ...identity, ...content, `${apiUrl}/api/v1${path}`);
  };
  const get = async <S extends z.ZodType>(path: string, schema: S) => schema.parse((await ask('GET', path)).body);

  // A visitor sees what is free, and that there is more to be had.
  const free = await get('/labs', z.array(LabSummary));
  expect(new Set(free.map(({ type }) => type))).toEqual(new Set(['mock']));
  expect((await ask('GET', `/labs/${LAB}`)).status).toBe(404);
  expect((await ask('POST', '/sessions', { labId: LAB })).status).toBe(401);

  const credentials = { email: `curl-${Date.now()}@example.org`, password: 'a long enough password' };
  expect((await ask('POST', '/auth/register', { ...credentials, name: 'Curl' })).status).toBe(201);
  token = z.object({ accessToken: z.string() }).parse((await ask('POST', '/auth/login', credentials)).body).accessToken;
  expect((await get('/labs?type=full&category=CKAD', z.array(LabSummary))).map(({ id }) => id)).toContain(LAB);
  expect(await ask('POST', '/sessions', { labId: LAB })).toMatchObject({ status: 403, body: { code: 'PASS_REQUIRED' } });

  const checkout = CheckoutView.parse((await ask('POST', '/billing/checkout', { passTypeId: '38_hours' })).body);
  expect(checkout.sandbox).toBe(true);
  expect((await curl('--request', 'POST', `${checkout.url}/pay`)).status).toBe(303);
  await vi.waitFor(
    async () => expect((await get(`/billing/checkout/${checkout.checkoutSessionId}`, CheckoutStatusView)).pass?.status).toBe('purchased'),
    { timeout: 20_000, interval: 200 },
  );
  expect(await get('/access/status', AccessStatus)).toMatchObject({ valid: false, waiting: [{ type: '38_hours' }] });

  // The first full lab activates it.
  const started = await ask('POST', '/sessions', { labId: LAB });
  expect(started.status).toBe(202);
  const { examSessionId: id } = z.object({ examSessionId: ExamSessionId }).parse(started.body);
  expect(await get('/access/status', AccessStatus)).toMatchObject({ valid: true, type: '38_hours', waiting: [] });
  const status = () => get(`/sessions/${id}/status`, SessionStatus);
  const until = (reached: (now: SessionStatus) => boolean, timeout: number) =>
    vi.waitFor(async () => expect((await status()).state === 'failed' || reached(await status())).toBe(true), { timeout, interval: 500 });
  await until(({ state }) => state === 'ready', 120_000);
  expect((await ask('POST', `/sessions/${id}/start`)).status).toBe(202);
  await until(({ state }) => state === 'running', 20_000);
  const questions = await get(`/sessions/${id}/questions`, z.array(z.object({ id: z.string() })));
  expect(questions).toHaveLength(16);

  const shell = await openShell(SshKey.parse((await ask('POST', `/sessions/${id}/ssh-key`)).body));
  const solved = questions.slice(0, 2).map((question) => question.id);
  for (const questionId of solved) {
    expect(await shellExec(shell, 'bash -ls', await solution(LAB, questionId)), questionId).toMatchObject({ exitCode: 0 });
  }
  shell.end();
  expect((await ask('POST', `/sessions/${id}/submit`)).status).toBe(202);
  await until(({ attempt }) => attempt === 'graded' || attempt === 'grading_failed', 180_000);
  const result = await get(`/sessions/${id}/result`, AttemptResult);
  expect(result).toMatchObject({ state: 'graded', provisional: false });
  const whole = result.questions.filter(({ checks }) => checks.every(({ verdict }) => verdict === 'passed'));
  expect(whole.map(({ questionId }) => questionId)).toEqual(solved);
  expect(result.percent).toBeGreaterThan(0);
  await until(({ environment }) => environment === 'destroyed', 90_000);
});
