/** Tokens over time, against a server that rotates refresh tokens and signs out whoever uses one twice. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from './client.ts';

const Body = z.object({ email: z.string(), password: z.string(), refreshToken: z.string() }).partial();

class TokenServer {
  readonly accounts = new Map<string, string>();
  access = 'none';
  refresh = 'none';
  refreshes = 0;
  #count = 0;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace('/api/v1', '') ?? '';
    const body = request.method === 'POST' ? Body.parse(await readJson(request)) : {};
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(value === undefined ? '' : JSON.stringify(value));
    };
    const refuse = (status: number, code: string) => send(status, { type: 'x', title: 'x', status, code, detail: `${code} it is.` });
    switch (path) {
      case '/auth/register':
        this.accounts.set(body.email ?? '', body.password ?? '');
        return send(201, { id: crypto.randomUUID(), email: body.email, name: 'x', role: 'candidate', createdAt: new Date().toISOString() });
      case '/auth/login':
        return this.accounts.get(body.email ?? '') === body.password ? send(200, this.#pair()) : refuse(401, 'INVALID_CREDENTIALS');
      case '/auth/refresh':
        this.refreshes += 1;
        if (body.refreshToken === this.refresh) return send(200, this.#pair());
        this.access = this.refresh = 'none';
        return refuse(401, 'REFRESH_TOKEN_INVALID');
      case '/auth/logout':
        return send(204, undefined);
      case '/thing':
        return request.headers.authorization === `Bearer ${this.access}` ? send(200, { fine: true }) : refuse(401, 'UNAUTHENTICATED');
      default:
        return refuse(404, 'ROUTE_UNKNOWN');
    }
  }

  #pair() {
    this.#count += 1;
    this.access = `access-${this.#count}`;
    this.refresh = `refresh-${this.#count}`;
    return { accessToken: this.access, expiresInSeconds: 900, refreshToken: this.refresh };
  }
}

const Thing = z.object({ fine: z.boolean() });
let tokens: TokenServer;
let folder: string;
let apiUrl: string;
let said: string[];
let close: () => Promise<unknown>;

const client = (local: boolean) =>
  new Client({ apiUrl, local, configFolder: join(folder, 'ckx'), labFolders: [], dataFolder: null }, (text) => void said.push(text));

beforeEach(async () => {
  tokens = new TokenServer();
  said = [];
  folder = await mkdtemp(join(tmpdir(), 'ckx-cli-'));
  const server = createServer((request, response) => void tokens.answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  apiUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

describe('Client', () => {
  it('makes a local account once, says so, and keeps it for the owner only', async () => {
    expect(await client(true).call(Thing, '/thing')).toEqual({ fine: true });
    expect(await client(true).call(Thing, '/thing')).toEqual({ fine: true });
    expect(tokens.accounts.size).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('local account');
    const file = join(folder, 'ckx', 'credentials.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'ckx'))).mode & 0o777).toBe(0o700);
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, 'utf8'))))).toEqual([apiUrl]);
  });

  it('makes no account elsewhere', async () => {
    await expect(client(false).call(Thing, '/thing')).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(tokens.accounts.size).toBe(0);
  });

  it('uses a refresh token once, however many commands run out of time at once', async () => {
    await client(true).call(Thing, '/thing');
    tokens.access = 'expired';
    const answers = await Promise.all(Array.from({ length: 8 }, () => client(true).call(Thing, '/thing')));
    expect(answers).toEqual(Array.from({ length: 8 }, () => ({ fine: true })));
    expect(tokens.refreshes).toBe(1);
  });

  it('signs the local account in again when its tokens are worth nothing, and makes another for a new installation', async () => {
    await client(true).call(Thing, '/thing');
    tokens.access = tokens.refresh = 'another';
    expect(await client(true).call(Thing, '/thing')).toEqual({ fine: true });
    expect(tokens.accounts.size).toBe(1);
    tokens.accounts.clear();
    tokens.access = tokens.refresh = 'another';
    expect(await client(true).call(Thing, '/thing')).toEqual({ fine: true });
    expect(said).toHaveLength(2);
  });

  it('never puts the local account in the place of somebody who was signed in', async () => {
    tokens.accounts.set('ada@example.org', 'correct horse');
    await client(true).login('ada@example.org', 'correct horse');
    tokens.access = tokens.refresh = 'another';
    await expect(client(true).call(Thing, '/thing')).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(await client(true).logout()).toBe('ada@example.org');
    expect(await client(true).call(Thing, '/thing')).toEqual({ fine: true });
  });

  it('tells what the API answered', async () => {
    await client(true).call(Thing, '/thing');
    await expect(client(true).call(Thing, '/nothing')).rejects.toMatchObject({
      kind: 'user',
      code: 'ROUTE_UNKNOWN',
      message: 'ROUTE_UNKNOWN it is.',
    });
    await expect(client(true).call(z.object({ other: z.string() }), '/thing')).rejects.toMatchObject({ code: 'API_ANSWER_UNKNOWN' });
  });
});
