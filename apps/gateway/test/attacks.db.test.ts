/** Whoever is not let in: tickets, origins and requests of other services, attacked. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyDigestOf, makeServiceSecret, ServiceKeySecret, sign } from '@ckx/service-auth';
import { insertUser } from '@ckx/test-support/records';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTab, TerminalClient } from './client.ts';
import { openHarness, ORIGIN, type Harness, type TestSession } from './harness.ts';
import { startSshServer, type TestSshServer } from './ssh-server.ts';

let harness: Harness;
let ssh: TestSshServer;
let session: TestSession;
let other: TestSession;
beforeAll(async () => {
  [harness, ssh] = await Promise.all([openHarness(), startSshServer()]);
  await harness.start();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await ssh[Symbol.asyncDispose]();
});
beforeEach(async () => {
  [session, other] = [await harness.session(ssh), await harness.session(ssh)];
});

const attempt = (
  ticket: string,
  target: TestSession = session,
  kind: 'terminal' | 'desktop' = 'terminal',
  headers?: Record<string, string>,
) => new TerminalClient(harness.url(target, {}, kind), ticket, headers);
const REFUSED = { code: 4014, reason: 'The ticket was used, is too old, or is for something else.' };

describe('a ticket', () => {
  it('opens once', async () => {
    const ticket = await harness.ticket(session);
    const first = attempt(ticket);
    await first.until(() => first.opened !== null);
    const second = attempt(ticket);
    expect(await second.closed).toEqual(REFUSED);
    expect(second.ended).toMatchObject({ code: 'TICKET_REFUSED', again: true });
    expect(second.opened).toBe(null);
    first.socket.close();
  });

  it('lets one of many in who come with it at once', async () => {
    const ticket = await harness.ticket(session);
    const clients = Array.from({ length: 12 }, () => attempt(ticket));
    await Promise.all(clients.map((client) => client.until(() => client.opened !== null || client.ended !== null)));
    expect(clients.filter(({ opened }) => opened !== null)).toHaveLength(1);
    for (const client of clients) client.cut();
  });

  it('opens nothing when it is too old, for another session or kind, made up, or not there', async () => {
    const late = await harness.ticket(session, 'terminal', 200);
    await sleep(300);
    expect(await attempt(late).closed).toEqual(REFUSED);
    const ticket = await harness.ticket(session);
    expect(await attempt(ticket, other).closed).toEqual(REFUSED);
    expect(await attempt(ticket, session, 'desktop').closed).toEqual(REFUSED);
    expect(await attempt(`${ticket}x`).closed).toEqual(REFUSED);
    expect(await attempt('').closed).toMatchObject({ code: expect.any(Number) as number });
    expect(await harness.connections(session)).toEqual([]);
  });

  it('opens nothing for whom may not, whoever issued it', async () => {
    const stranger = await insertUser(harness.database.manager);
    const closed = await attempt(await harness.ticket({ ...session, userId: stranger })).closed;
    expect(closed).toMatchObject({ code: 4013, reason: expect.stringContaining('You may not use this session') as string });
    const ticket = await harness.ticket(session);
    await harness.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [session.userId]);
    expect(await attempt(ticket).closed).toMatchObject({ code: 4013 });
  });

  it('opens nothing before the session is ready, or past its deadline', async () => {
    const early = await harness.session(ssh, { state: 'initializing', startedAt: null, deadlineAt: null });
    expect(await attempt(await harness.ticket(early), early).closed).toMatchObject({ code: 4012 });
    const late = await harness.session(ssh, { deadlineAt: new Date(Date.now() - 1_000) });
    expect(await attempt(await harness.ticket(late), late).closed).toMatchObject({ code: 4011 });
  });

  it('comes from a page of ours, or nothing of it is looked at', async () => {
    for (const origin of ['http://evil.example', 'https://app.example', `${ORIGIN}:81`, `${ORIGIN}.evil.example`, 'null', '']) {
      const ticket = await harness.ticket(session);
      const refused = attempt(ticket, session, 'terminal', { origin });
      expect(await refused.closed).toMatchObject({ code: 1006 });
      const good = attempt(ticket);
      await good.until(() => good.opened !== null);
      good.cut();
    }
    expect(await attempt(await harness.ticket(session), session, 'terminal', {}).closed).toMatchObject({ code: 1006 });
  });
});

it('lets nobody into a terminal that is not the one it was', async () => {
  await using impostor = await startSshServer();
  const swapped = await harness.session({ port: impostor.port, hostKey: ssh.hostKey, privateKey: impostor.privateKey });
  const closed = await attempt(await harness.ticket(swapped), swapped).closed;
  expect(closed).toMatchObject({ code: 4020, reason: 'This part of the session does not answer.' });
  // Nor with a key that was sealed for another session.
  const misplaced = await harness.session({ ...ssh, sealedFor: session.examSessionId });
  expect(await attempt(await harness.ticket(misplaced), misplaced).closed).toMatchObject({ code: 4020 });
  const keyless = await harness.session({ port: ssh.port, hostKey: ssh.hostKey });
  const keylessEnd = await attempt(await harness.ticket(keyless), keyless).closed;
  expect(keylessEnd).toEqual({ code: 4021, reason: 'The terminal of this session cannot be reached from a browser.' });
});

it('closes a connection that says what nobody understands', async () => {
  const tab = await openTab(harness, session);
  tab.send({ type: 'resize', cols: -1, rows: 'many' });
  expect(await tab.closed).toMatchObject({ code: 4040 });
  const huge = await openTab(harness, session);
  huge.type(Buffer.alloc(5 * 1024 ** 2));
  expect((await huge.closed).code).toBe(1009);
  const bad = new TerminalClient(harness.url(session, { tab: '../../x' }), await harness.ticket(session));
  expect(await bad.closed).toMatchObject({ code: 4040 });
});

it('has no more than a number of connections for one session', async () => {
  const tabs = await Promise.all(Array.from({ length: 16 }, (_, index) => openTab(harness, session, { tab: `t${index}` })));
  expect(await attempt(await harness.ticket(session)).closed).toMatchObject({ code: 4015 });
  const elsewhere = await openTab(harness, other);
  for (const tab of [...tabs, elsewhere]) tab.cut();
});

describe('/internal', () => {
  interface Call {
    readonly method: string;
    readonly path: string;
    readonly body?: string;
    readonly authorization?: string;
    readonly secret?: string;
    readonly keyId?: string;
    readonly now?: number;
  }
  const signed = ({ method, path, body = '', secret = harness.controlKey, keyId = 'control', now }: Call) =>
    sign(
      { method, path, contentType: '', bodyDigest: bodyDigestOf(Buffer.from(body)) },
      { id: keyId, secret: ServiceKeySecret.parse(secret) },
      now,
    );
  const call = (asked: Call): Promise<{ status: number; body: unknown }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
    const { method, path, body = '' } = asked;
    const headers = { authorization: asked.authorization ?? signed(asked), 'content-length': Buffer.byteLength(body) };
    const sent = request({ host: '127.0.0.1', port: harness.port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', reject).end(body);
    return promise;
  };

  it('lists and closes a session’s connections, and says where its parts are', async () => {
    const [one, two] = [await openTab(harness, session), await openTab(harness, session, { tab: 'two' })];
    const theirs = await openTab(harness, other);
    const { examSessionId } = session;
    const listed = await call({ method: 'GET', path: `/internal/connections?examSessionId=${examSessionId}` });
    expect(listed).toMatchObject({ status: 200, body: { connections: [{ tab: 'main', endedAt: null }, { tab: 'two' }] } });
    expect(await call({ method: 'DELETE', path: `/internal/connections/${one.opened.connectionId}` })).toMatchObject({
      body: { closed: 1 },
    });
    expect(await one.closed).toEqual({ code: 4004, reason: 'The connection was closed by an operator.' });
    const body = JSON.stringify({ examSessionId, message: 'The host is restarted.' });
    expect(await call({ method: 'POST', path: '/internal/connections/close', body })).toMatchObject({ body: { closed: 1 } });
    expect(await two.closed).toEqual({ code: 4004, reason: 'The host is restarted.' });
    expect(theirs.ended).toBe(null);
    theirs.socket.close();
    const route = await call({ method: 'GET', path: `/internal/routing/${examSessionId}` });
    expect(route).toMatchObject({ status: 200, body: { address: '127.0.0.1', ports: { sshTerminal: ssh.port }, terminal: true } });
    expect(JSON.stringify(route)).not.toContain('ckx1.');
  });

  it('refuses whatever is not signed, altered, repeated, too old, or of another scope, and closes nothing for it', async () => {
    const tab = await openTab(harness, session);
    const path = '/internal/connections/close';
    const body = JSON.stringify({ examSessionId: session.examSessionId });
    const good = { method: 'POST', path, body };
    const used = signed({ method: 'GET', path: `/internal/routing/${session.examSessionId}` });
    expect((await call({ method: 'GET', path: `/internal/routing/${session.examSessionId}`, authorization: used })).status).toBe(200);
    const minute = 61_000;
    const attacks: Record<string, Call> = {
      'no signature': { ...good, authorization: '' },
      'an altered body': { ...good, authorization: signed({ ...good, body: '{}' }) },
      'another path': { ...good, authorization: signed({ ...good, path: '/internal/connections' }) },
      'an altered signature': {
        ...good,
        authorization: signed(good)
          .replace(/signature=./, 'signature=0')
          .replace(/.$/, 'f'),
      },
      'a key nobody knows': { ...good, secret: makeServiceSecret() },
      'a host’s name': { ...good, keyId: 'host' },
      'a replay': { method: 'GET', path: `/internal/routing/${session.examSessionId}`, authorization: used },
      'a late clock': { ...good, now: Date.now() - minute },
      'an early clock': { ...good, now: Date.now() + minute },
      'a path that is written otherwise': { ...good, path: '/internal//connections/close' },
      'what is not the gateway’s': { method: 'GET', path: '/internal/blobs/x' },
    };
    for (const [name, attack] of Object.entries(attacks)) {
      expect(await call(attack), name).toMatchObject({ status: 401, body: { code: 'SERVICE_UNAUTHENTICATED' } });
    }
    await sleep(100);
    expect(tab.ended).toBe(null);
    expect(await call(good)).toMatchObject({ status: 200, body: { closed: 1 } });
  });
});
