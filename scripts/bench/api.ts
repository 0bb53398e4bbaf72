/** What an answer of the API costs: sign-in, a session's status and the labs, beside an endpoint of bare Nest in the same run, by turns. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type RequestOptions } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiClient } from '@ckx/test-support/client';
import { z } from 'zod';
import { startPlane } from '../../test/schema/plane.ts';
import { spreadOf, type Spread } from './statistics.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ROUNDS = 4;
/** Neither figures nor compilers are warm before. */
const WARM_UP_MS = 1_500;

export const ENDPOINTS = ['bare Nest', 'health/live', 'labs', 'session status', 'login'] as const;
type Endpoint = (typeof ENDPOINTS)[number];

export interface ApiFigures {
  readonly connections: number;
  readonly seconds: number;
  readonly of: Readonly<Record<Endpoint, { readonly perSecond: number; readonly ms: Spread }>>;
}

interface Target {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** @param connections that ask at once, each as soon as it has its answer. @param seconds for each endpoint, in four turns. */
export async function measureApi(
  connections: number,
  seconds: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ApiFigures> {
  await using cleanup = new AsyncDisposableStack();
  const plane = cleanup.use(await startPlane({ AUTH_ATTEMPTS_PER_MINUTE: '1000000', MOCK_SESSIONS_PER_DAY: '0' }, say));
  const bare = await startBareNest(cleanup);
  const credentials = { email: `bench-${randomUUID()}@example.org`, password: `pw-${randomUUID()}` };
  await new ApiClient(plane.apiUrl).send('POST', '/auth/register', { ...credentials, name: 'The Bench' });
  const { body } = await new ApiClient(plane.apiUrl).send('POST', '/auth/login', credentials);
  const { accessToken } = z.object({ accessToken: z.string() }).parse(body);
  const id = await new ApiClient(plane.apiUrl, accessToken).startSession('api-mock');
  const api = `${plane.apiUrl}/api/v1`;
  const get = (url: string, headers = {}): Target => ({ url, method: 'GET', headers, body: null });
  const targets: Record<Endpoint, Target> = {
    'bare Nest': get(bare),
    'health/live': get(`${plane.apiUrl}/health/live`),
    labs: get(`${api}/labs`),
    'session status': get(`${api}/sessions/${id}/status`, { authorization: `Bearer ${accessToken}` }),
    login: {
      url: `${api}/auth/login`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    },
  };
  const samples = new Map<Endpoint, { ms: number[]; elapsedMs: number }>();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  cleanup.defer(() => agent.destroy());
  for (const name of ENDPOINTS) await ask(targets[name], agent, connections, WARM_UP_MS, signal);
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const name of ENDPOINTS) {
      const one = await ask(targets[name], agent, connections, (seconds * 1_000) / ROUNDS, signal);
      const before = samples.get(name) ?? { ms: [], elapsedMs: 0 };
      samples.set(name, { ms: before.ms.concat(one.ms), elapsedMs: before.elapsedMs + one.elapsedMs });
    }
    say(`round ${round} of ${ROUNDS}`);
  }
  const figuresOf = (name: Endpoint) => {
    const { ms, elapsedMs } = samples.get(name) ?? { ms: [], elapsedMs: 1 };
    return { perSecond: ms.length / (elapsedMs / 1_000), ms: spreadOf(ms) };
  };
  const [bareNest, live, labs, status, login] = ENDPOINTS;
  return {
    connections,
    seconds,
    of: {
      [bareNest]: figuresOf(bareNest),
      [live]: figuresOf(live),
      [labs]: figuresOf(labs),
      [status]: figuresOf(status),
      [login]: figuresOf(login),
    },
  };
}

async function startBareNest(cleanup: AsyncDisposableStack): Promise<string> {
  const args = ['--import', './apps/api/decorators.mjs', 'apps/api/test/bare-nest.ts'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  cleanup.defer(async () => {
    child.stdin.end();
    await ended;
  });
  for await (const port of createInterface({ input: child.stdout })) return `http://127.0.0.1:${port}/bare`;
  throw new Error('The bare endpoint does not start.');
}

async function ask(target: Target, agent: Agent, connections: number, durationMs: number, signal: AbortSignal) {
  const ms: number[] = [];
  const begun = performance.now();
  const asker = async () => {
    while (performance.now() - begun < durationMs) {
      signal.throwIfAborted();
      const asked = performance.now();
      const status = await answerOf(target, agent);
      if (status !== 200) throw new Error(`${target.method} ${target.url} was answered ${status}.`);
      ms.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
  return { ms, elapsedMs: performance.now() - begun };
}

/** @returns the status, once all of the answer has come. */
function answerOf({ url, method, headers, body }: Target, agent: Agent): Promise<number> {
  return new Promise((answer, reject) => {
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }) },
      agent,
    };
    const asked = request(url, options, (response) => {
      response.resume();
      response.once('end', () => answer(response.statusCode ?? 0));
      response.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body ?? undefined);
  });
}
