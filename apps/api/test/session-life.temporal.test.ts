import { AttemptResult, ExamSessionId, SessionStatus, SessionView, SshKey, type SessionState } from '@ckx/contracts';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { testTemporal } from '@ckx/test-support';
import { ApplicationFailure } from '@temporalio/common';
import ssh2 from 'ssh2';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvents } from './event-source.ts';
import { startApi, type TestApi } from './harness.ts';
import { startWorkers, type Workers } from './workers.ts';

let api: TestApi;
let workers: Workers;
let terminalTakesKeys = true;
const installed: string[] = [];

beforeAll(async () => {
  const temporal = await testTemporal();
  api = await startApi({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '3600000' });
  workers = await startWorkers(temporal, api.database, ({ publicKey }) => {
    if (!terminalTakesKeys) return Promise.reject(ApplicationFailure.nonRetryable('the terminal is on fire'));
    installed.push(publicKey);
    return Promise.resolve();
  });
});
afterAll(async () => {
  await api.close();
  await workers.stop();
});

async function reach(client: ApiClient, id: ExamSessionId, state: SessionState): Promise<SessionStatus> {
  return client.waitForState(id, state, 30_000);
}

describe('a session over HTTP', () => {
  test('is possible once a host is there', async () => {
    await expect.poll(async () => (await fetch(`${api.url}/health/ready`)).status, { timeout: 20_000 }).toBe(200);
  });

  test('from start to result, as events tell it', async () => {
    const [client, admin] = [await api.candidate(), await api.admin()];
    const id = await client.startSession('api-mock');
    const told: string[] = [];
    const listening = (async () => {
      for await (const { event, data } of readEvents(api.url, client, id)) {
        if (event !== undefined) told.push(event === 'transition' ? String((data?.['data'] as { to: unknown }).to) : event);
      }
    })();
    await reach(client, id, 'ready');
    expect((await client.send('GET', `/sessions/${id}/live`)).body).toMatchObject({
      state: 'ready',
      environment: 'bound',
      clock: { deadlineAt: null },
    });
    expect((await client.send('POST', `/sessions/${id}/start`)).status).toBe(202);
    const running = await reach(client, id, 'running');

    const extension = { minutes: 5, reason: 'A fire alarm.', id: randomUUID() };
    for (const path of [`/sessions/${id}/extend`, `/admin/sessions/${id}/extend`]) {
      expect((await admin.send('POST', path, extension)).status).toBe(200);
    }
    await expect
      .poll(async () => Date.parse((await client.status(id)).deadlineAt ?? '') - Date.parse(running.deadlineAt ?? ''))
      .toBe(5 * 60_000);
    const { clock } = await client.get(`/sessions/${id}`, SessionView);
    expect(clock.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['start', expect.any(String)],
      ['extension', 'A fire alarm.'],
    ]);
    expectProblem(await admin.send('POST', `/sessions/${id}/extend`, { ...extension, minutes: 0 }), 400, 'VALIDATION_FAILED');

    expect((await client.send('POST', `/sessions/${id}/submit`)).status).toBe(202);
    await reach(client, id, 'terminated');
    await listening;
    expect(told.filter((event) => ['initializing', 'ready', 'running', 'terminated', 'end'].includes(event))).toEqual([
      'initializing',
      'ready',
      'running',
      'terminated',
      'end',
    ]);
    expect(await client.get(`/sessions/${id}/result`, AttemptResult)).toMatchObject({
      state: 'graded',
      outcome: 'submitted',
      percent: 67,
      passed: true,
      questions: [{ questionId: 'greet', earned: 2, possible: 3 }],
    });
    expectProblem(await admin.send('POST', `/sessions/${id}/extend`, { ...extension, id: randomUUID() }), 404, 'WORKFLOW_UNKNOWN');
    expectProblem(await client.send('POST', `/sessions/${id}/submit`), 409, 'ILLEGAL_TRANSITION');
  });

  test('the key is given once, and only for good', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    await reach(client, id, 'ready');
    terminalTakesKeys = false;
    expectProblem(await client.send('POST', `/sessions/${id}/ssh-key`), 503, 'SSH_KEY_NOT_INSTALLED');
    terminalTakesKeys = true;
    const answers = await Promise.all([client.send('POST', `/sessions/${id}/ssh-key`), client.send('POST', `/sessions/${id}/ssh-key`)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expectProblem(await client.send('POST', `/sessions/${id}/ssh-key`), 409, 'SSH_KEY_ISSUED');

    const key = SshKey.parse(answers.find(({ status }) => status === 201)?.body);
    expect(key.knownHosts).toBe(`[${key.host}]:${key.port} ssh-ed25519 AAAA\ncontrolplane,10.213.0.2 ssh-ed25519 BBBB\n`);
    expect(key.config).toMatch(/^Host controlplane\n {2}ProxyJump terminal$/m);
    const pair = ssh2.utils.parseKey(key.privateKey);
    if (pair instanceof Error) throw pair;
    expect(pair.type).toBe('ssh-ed25519');
    expect(key.publicKey.split(' ')[1]).toBe(pair.getPublicSSH().toString('base64'));
    expect(installed.at(-1)?.split(' ')[1]).toBe(key.publicKey.split(' ')[1]);
    expect(JSON.stringify(await api.database.query('SELECT * FROM exam_sessions'))).not.toContain('PRIVATE KEY');
    expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
    expect(await reach(client, id, 'terminated')).toMatchObject({ outcome: 'cancelled' });
  });

  test('an administrator ends a session, whatever its candidate does', async () => {
    const [client, admin] = [await api.candidate(), await api.admin()];
    const id = await client.startSession('api-mock');
    const early = { minutes: 5, reason: 'Too early.', id: randomUUID() };
    expectProblem(await admin.send('POST', `/admin/sessions/${id}/extend`, early), 409, 'EXTENSION_REFUSED');
    expect((await admin.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'The room is closed.' })).status).toBe(202);
    await expect.poll(async () => (await client.status(id)).outcome, { timeout: 20_000 }).toBe('terminated_by_admin');
  });

  // The last one: it takes the workers away.
  test('while no worker answers, live says so and the rest goes on', async () => {
    const client = await api.candidate();
    const id = await client.startSession('api-mock');
    await reach(client, id, 'ready');
    await workers.stopControl();
    expectProblem(await client.send('GET', `/sessions/${id}/live`), 503, 'ENGINE_UNAVAILABLE');
    expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
    expect((await client.status(id)).state).toBe('ready');
  });
});
