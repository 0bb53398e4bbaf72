import { randomUUID } from 'node:crypto';
import { beginConnection, keepRecording, redeemTicket } from '@ckx/connections';
import { ConnectionId, ConnectTicket, RecordingView, TabId, ticketAmong, type ExamSessionId, type UserId } from '@ckx/contracts';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { advance, emptyDatabase, end, giveEnvironment, rowOf } from './session-records.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ GATEWAY_URL: 'wss://gateway.example/base' });
});
afterAll(() => api.close());
beforeEach(() => emptyDatabase(api));

async function running(client: ApiClient): Promise<ExamSessionId> {
  const id = await client.startSession('api-mock');
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing', 'ready', 'running');
  return id;
}
const connect = (client: ApiClient, id: ExamSessionId, body: unknown = { kind: 'terminal' }) =>
  client.send('POST', `/sessions/${id}/connect`, body);

test('a ticket opens the session it was asked for, for whom it was asked, once', async () => {
  const client = await api.candidate();
  const id = await running(client);
  const answer = await connect(client, id, { kind: 'desktop' });
  expect(answer.status).toBe(201);
  const { ticket, url, protocols, expiresAt } = ConnectTicket.parse(answer.body);
  expect(url).toBe(`wss://gateway.example/base/ws/desktop?session=${id}`);
  expect(url).not.toContain(ticket);
  expect(ticketAmong(protocols)).toBe(ticket);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(31_000);
  const { userId } = await rowOf(api, id);
  expect(await redeemTicket(api.database, ticket, { examSessionId: id, kind: 'desktop' })).toBe(userId);
  await expect(redeemTicket(api.database, ticket, { examSessionId: id, kind: 'desktop' })).rejects.toMatchObject({
    code: 'TICKET_REFUSED',
  });
});

test('who may not connect is told why, and gets no ticket', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  expectProblem(await connect(client, id), 409, 'SESSION_NOT_READY');
  await giveEnvironment(api, id);
  await advance(api, id, 'initializing', 'ready', 'running');
  expectProblem(await connect(client, id, { kind: 'root' }), 400, 'VALIDATION_FAILED');
  expectProblem(await connect(await api.admin(), id), 403, 'OWNER_ONLY');
  await api.database.query(`UPDATE exam_sessions SET deadline_at = now() - interval '1 second' WHERE id = $1`, [id]);
  expectProblem(await connect(client, id), 409, 'DEADLINE_PASSED');
  await end(api, id, 'expired');
  expectProblem(await connect(client, id), 409, 'SESSION_OVER');
  expect(await api.database.query('SELECT FROM connect_tickets')).toEqual([]);
});

async function recorded(id: ExamSessionId, userId: UserId, content: string): Promise<ConnectionId> {
  const connectionId = ConnectionId.parse(randomUUID());
  const about = { examSessionId: id, userId, kind: 'terminal', tab: TabId.parse('main'), gatewayId: 'a' } as const;
  await beginConnection(api.database, { ...about, connectionId, resume: undefined, resumeWindowMs: 1 });
  await keepRecording(api.database, { connectionId, content: Buffer.from(content), durationMs: 2_000, cut: false });
  return connectionId;
}

test('recordings are listed and played by the candidate and administrators, after the end too', async () => {
  const [client, admin] = [await api.candidate(), await api.admin()];
  const id = await running(client);
  const { userId } = await rowOf(api, id);
  const cast = `{"version":3,"term":{"cols":80,"rows":24}}\n[1.0,"o","<script>"]\n`;
  const recordingId = await recorded(id, userId, cast);
  await end(api, id, 'submitted');
  for (const who of [client, admin]) {
    const list = await who.get(`/sessions/${id}/recordings`, z.array(RecordingView));
    expect(list).toMatchObject([{ recordingId, tab: 'main', durationMs: 2_000, sizeBytes: cast.length, cut: false }]);
    const response = await fetch(`${api.url}/api/v1/sessions/${id}/recordings/${recordingId}`, {
      headers: { authorization: `Bearer ${who.accessToken}` },
    });
    expect(await response.text()).toBe(cast);
    expect(response.headers.get('content-type')).toBe('application/x-asciicast');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  }
  expectProblem(await client.send('GET', `/sessions/${id}/recordings/${randomUUID()}`), 404, 'RECORDING_UNKNOWN');
  expectProblem(await client.send('GET', `/sessions/${id}/recordings/malformed`), 400, 'VALIDATION_FAILED');

  const stranger = await api.candidate();
  const theirs = await running(stranger);
  expectProblem(await stranger.send('GET', `/sessions/${theirs}/recordings/${recordingId}`), 404, 'RECORDING_UNKNOWN');
});

test('a candidate may start a session whose terminals are not recorded', async () => {
  const client = await api.candidate();
  const answer = await client.send('POST', '/sessions', { labId: 'api-mock', recording: false });
  const { examSessionId } = z.object({ examSessionId: z.uuid() }).parse(answer.body);
  expect(await api.database.query('SELECT recording FROM exam_sessions WHERE id = $1', [examSessionId])).toEqual([{ recording: false }]);
});
