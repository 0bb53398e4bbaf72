/** A candidate (or administrator) of tests: speaks HTTP to a running API and SSH to a session's terminal, as anybody would. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ExamSessionId } from '@ckx/contracts';
import { AttemptResult, Problem, SessionRouting, SessionStatus, SessionView, SshKey, TokenPair, type SessionState } from '@ckx/contracts';
import { Client as SshClient } from 'ssh2';
import type { z } from 'zod';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface ShellResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export class ApiClient {
  readonly baseUrl: string;
  readonly accessToken: string | null;
  #credentials: Credentials | null = null;

  constructor(baseUrl: string, accessToken: string | null = null) {
    this.baseUrl = baseUrl;
    this.accessToken = accessToken;
  }

  /** The same account with a fresh access token: one is good for 15 minutes. */
  async renewed(): Promise<ApiClient> {
    if (this.#credentials === null) throw new Error('This client did not sign in by itself.');
    return ApiClient.login(this.baseUrl, this.#credentials);
  }

  /** A new account with a random address, signed in. */
  static async register(baseUrl: string): Promise<ApiClient> {
    const anonymous = new ApiClient(baseUrl);
    const credentials = { email: `candidate-${randomUUID()}@example.org`, password: `pw-${randomUUID()}` };
    const registered = await anonymous.send('POST', '/auth/register', { ...credentials, name: 'Test Candidate' });
    if (registered.status !== 201) throw new Error(`register answered ${registered.status}: ${JSON.stringify(registered.body)}`);
    return ApiClient.login(baseUrl, credentials);
  }

  static async login(baseUrl: string, credentials: Credentials): Promise<ApiClient> {
    const answer = await new ApiClient(baseUrl).send('POST', '/auth/login', credentials);
    if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const client = new ApiClient(baseUrl, TokenPair.parse(answer.body).accessToken);
    client.#credentials = credentials;
    return client;
  }

  /** One request under /api/v1; never throws for an HTTP status. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(this.accessToken === null ? {} : { authorization: `Bearer ${this.accessToken}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text, headers: response.headers };
  }

  async get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const answer = await this.send('GET', path);
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return schema.parse(answer.body);
  }

  /** Asks for a session; the answer must be 201 or 202. */
  async startSession(labId: string): Promise<ExamSessionId> {
    const answer = await this.send('POST', '/sessions', { labId });
    if (answer.status !== 201 && answer.status !== 202) throw new Error(`start answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return SessionView.parse(answer.body).examSessionId;
  }

  status(examSessionId: ExamSessionId): Promise<SessionStatus> {
    return this.get(`/sessions/${examSessionId}/status`, SessionStatus);
  }

  routing(examSessionId: ExamSessionId): Promise<SessionRouting> {
    return this.get(`/sessions/${examSessionId}/routing`, SessionRouting);
  }

  result(examSessionId: ExamSessionId): Promise<AttemptResult> {
    return this.get(`/sessions/${examSessionId}/result`, AttemptResult);
  }

  /** Waits until the session is in the state; a terminal state in its place is an error that says what happened. */
  async waitForState(examSessionId: ExamSessionId, state: SessionState, timeoutMs = 120_000): Promise<SessionStatus> {
    return this.waitFor(
      examSessionId,
      (status) => {
        if (status.state === state) return true;
        if (status.state === 'failed' || status.state === 'terminated') throw new Error(`session ended: ${JSON.stringify(status)}`);
        return false;
      },
      timeoutMs,
    );
  }

  /** Polls the status; survives an API that is being restarted. */
  async waitFor(examSessionId: ExamSessionId, reached: (status: SessionStatus) => boolean, timeoutMs: number): Promise<SessionStatus> {
    const end = Date.now() + timeoutMs;
    let last: SessionStatus | null = null;
    while (Date.now() < end) {
      last = await this.status(examSessionId).catch((error: unknown) => {
        if (error instanceof TypeError) return null; // connection refused while the API restarts
        throw error;
      });
      if (last !== null && reached(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`not reached within ${timeoutMs} ms; last status: ${JSON.stringify(last)}`);
  }

  async sshKey(examSessionId: ExamSessionId): Promise<SshKey> {
    const answer = await this.send('POST', `/sessions/${examSessionId}/ssh-key`);
    if (answer.status !== 201) throw new Error(`ssh-key answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return SshKey.parse(answer.body);
  }
}

/** A problem document of the given status and code, or an error that shows what came in its place. */
export function expectProblem(answer: Answer, status: number, code: string): Problem {
  if (answer.status !== status) throw new Error(`expected ${status} ${code}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  const problem = Problem.parse(answer.body);
  if (problem.code !== code) throw new Error(`expected code ${code}, got ${problem.code}: ${problem.detail}`);
  return problem;
}

/** Opens an SSH connection as the candidate's own client would, with the host key pinned. */
export async function openShell(key: Omit<SshKey, 'knownHosts' | 'config'>): Promise<SshClient> {
  const client = new SshClient();
  const pinned = Buffer.from(key.hostKey.split(' ')[1] ?? '', 'base64');
  const ready = once(client, 'ready');
  client.connect({
    host: key.host,
    port: key.port,
    username: key.user,
    privateKey: key.privateKey,
    hostVerifier: (offered: Buffer) => offered.equals(pinned),
    readyTimeout: 15_000,
  });
  await ready;
  return client;
}

/** Runs a command in the terminal; `stdin` is sent and closed. */
export function shellExec(client: SshClient, command: string, stdin = ''): Promise<ShellResult> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => {
      if (error) {
        reject(error);
        return;
      }
      let stdout = '';
      let stderr = '';
      stream.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      stream.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      stream.on('close', (code: number | null) => resolve({ exitCode: code, stdout, stderr }));
      stream.on('error', reject);
      stream.end(stdin);
    });
  });
}
