/** How connections end, and what is left of them. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { listRecordings, readRecording } from '@ckx/connections';
import { ExamSessionEntity, type ExamSessionRow } from '@ckx/persistence';
import { wholeLines } from '@ckx/terminal-recording';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTab } from './client.ts';
import { endSession, openHarness, spawnGateway, type Harness, type TestSession } from './harness.ts';
import { startSshServer, type TestSshServer } from './ssh-server.ts';

let harness: Harness;
let ssh: TestSshServer;
let session: TestSession;
const PACE = { pingEveryMs: 200, silentMs: 1_500 };
beforeEach(async () => {
  [harness, ssh] = await Promise.all([openHarness({ CONNECTION_RESUME_WINDOW_MS: '3000' }, PACE), startSshServer()]);
  session = await harness.session(ssh);
});
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
  await ssh[Symbol.asyncDispose]();
});
const update = (values: Partial<Pick<ExamSessionRow, 'deadlineAt'>>) =>
  harness.database.manager.update(ExamSessionEntity, session.examSessionId, values);
const untilEnded = async () => {
  for (;;) {
    const all = await harness.connections(session);
    if (all.every(({ endedAt }) => endedAt !== null)) return all;
    await sleep(20);
  }
};

describe('a connection is closed', () => {
  beforeEach(() => harness.start());

  it('at the deadline that Postgres has, and not before, though it is moved', async () => {
    await update({ deadlineAt: new Date(Date.now() + 1_500) });
    const tab = await openTab(harness, session);
    await sleep(700);
    await update({ deadlineAt: new Date(Date.now() + 2_500) });
    const moved = Date.now() + 2_500;
    expect(await tab.closed).toEqual({ code: 4011, reason: 'The time of this session is over.' });
    expect(Date.now() - moved).toBeGreaterThan(-100);
    expect(Date.now() - moved).toBeLessThan(1_000);
    const again = await openTab(harness, session).catch((error: unknown) => String(error));
    expect(again).toContain('DEADLINE_PASSED');
  });

  it('when the candidate has handed in, an administrator ends the session, it fails, or the account is disabled', async () => {
    const cases = [
      [`UPDATE exam_sessions SET submit_requested_at = now() WHERE id = $1`, 4010, 'You handed in: this session is over.'],
      [
        `UPDATE exam_sessions SET terminate_requested_at = now(), terminate_request = '{"outcome":"terminated_by_admin","reason":"x"}' WHERE id = $1`,
        4010,
        'An administrator ended this session.',
      ],
      [
        `UPDATE exam_sessions SET state = 'failed', ended_at = now(), failure = '{"type":"infra","code":"X","reason":"The node is gone."}' WHERE id = $1`,
        4010,
        'This session failed: The node is gone.',
      ],
      [
        `UPDATE users SET disabled_at = now() FROM exam_sessions s WHERE s.user_id = users.id AND s.id = $1`,
        4013,
        'You may not use this session.',
      ],
    ] as const;
    for (const [sql, code, reason] of cases) {
      session = await harness.session(ssh);
      const tab = await openTab(harness, session);
      await harness.database.query(sql, [session.examSessionId]);
      const since = performance.now();
      expect(await tab.closed).toEqual({ code, reason });
      expect(performance.now() - since).toBeLessThan(2_500);
      expect(await untilEnded()).toMatchObject([{ endCode: code === 4010 ? 'SESSION_OVER' : 'ACCESS_DENIED' }]);
    }
  });

  it('with the session’s own reason, where the terminal is ended before the session is', async () => {
    const tab = await openTab(harness, session);
    await endSession(harness.database, session);
    ssh.dropClients();
    expect(await tab.closed).toEqual({ code: 4010, reason: 'You handed in: this session is over.' });
  });

  it('when its terminal dies: the client comes again', async () => {
    const tab = await openTab(harness, session);
    ssh.dropClients();
    expect(await tab.closed).toEqual({ code: 4022, reason: 'The connection to this part of the session was lost.' });
    expect(tab.ended).toMatchObject({ again: true });
    const again = await openTab(harness, session, { resume: tab.opened.connectionId });
    expect(again.opened.resumed).toBe(true);
    again.socket.close();
  });

  it('when its client does not answer any more, as of when it was last heard', async () => {
    const tab = await openTab(harness, session);
    // As a laptop that sleeps: the connection is there, and nobody at its end.
    const { _socket: wire } = tab.socket as unknown as { _socket: { pause(): void } };
    wire.pause();
    const asleep = Date.now();
    const [row] = await untilEnded();
    expect(row).toMatchObject({ endCode: 'CONNECTION_LOST' });
    expect(Math.abs(Date.parse(row?.endedAt ?? '') - asleep)).toBeLessThan(700);
    expect(Date.now() - asleep).toBeGreaterThan(1_000);

    const soon = await openTab(harness, session, { resume: tab.opened.connectionId });
    expect(soon.opened).toMatchObject({ resumed: true, message: null });
    soon.cut();
    await untilEnded();
    await sleep(3_200);
    const late = await openTab(harness, session, { resume: soon.opened.connectionId });
    expect(late.opened).toMatchObject({ resumed: false, message: expect.stringMatching(/lost [34] s ago, longer than the 3 s/) as string });
    late.socket.close();
    tab.cut();
  }, 20_000);

  it('at its deadline, though Postgres is gone by then', async () => {
    await update({ deadlineAt: new Date(Date.now() + 2_000) });
    const tab = await openTab(harness, session);
    const name = new URL(harness.env['DATABASE_URL'] ?? '').pathname.slice(1);
    await harness.database.query(`ALTER DATABASE ${name} RENAME TO ${name}_away`).catch(() => undefined);
    // Nobody gets a connection any more, and those there are are cut.
    await harness.database.query(`UPDATE pg_database SET datallowconn = false WHERE datname = current_database()`);
    await harness.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ckx-gateway-test'`);
    const closed = await tab.closed;
    expect(closed).toEqual({ code: 4011, reason: 'The time of this session is over.' });
    await harness.database.query(`UPDATE pg_database SET datallowconn = true WHERE datname = current_database()`);
    expect(await untilEnded()).toMatchObject([{ endCode: 'DEADLINE_PASSED' }]);
  }, 30_000);

  it('when the gateway is stopped, with its row and its recording', async () => {
    ssh.shell = (stream) => void stream.write('grüß $ ');
    const tab = await openTab(harness, session);
    await harness.stop();
    expect(await tab.closed).toEqual({ code: 4030, reason: 'The gateway is restarted.' });
    expect(await harness.connections(session)).toMatchObject([{ endCode: 'GATEWAY_STOPPING', bytesOut: 9 }]);
    const [recording] = await listRecordings(harness.database, session.examSessionId);
    expect(recording).toMatchObject({ recordingId: tab.opened.connectionId, cut: false });
    const content = await readRecording(harness.database, session.examSessionId, tab.opened.connectionId);
    expect(content.toString()).toContain('"o","grüß $ "');
    expect(await readdir(harness.env['GATEWAY_SPOOL_DIR'] ?? '')).toEqual([]);
    await harness.start();
    const again = await openTab(harness, session, { resume: tab.opened.connectionId });
    expect(again.opened.resumed).toBe(true);
    again.socket.close();
  });

  it('and is not recorded where its session refuses that', async () => {
    session = await harness.session(ssh, { recording: false });
    const tab = await openTab(harness, session);
    expect(tab.opened.recorded).toBe(false);
    tab.socket.close();
    await untilEnded();
    await sleep(200);
    expect(await listRecordings(harness.database, session.examSessionId)).toEqual([]);
  });
});

describe('a gateway that is killed', () => {
  let child: ChildProcess | null = null;
  afterEach(() => child?.kill('SIGKILL'));

  const start = async () => {
    const started = await spawnGateway(harness, { CONNECTION_RESUME_WINDOW_MS: '60000' });
    child = started;
    return started;
  };

  it('leaves rows that end, recordings that are found, and connections that resume', async () => {
    ssh.shell = (stream) => {
      stream.write('$ ');
      stream.on('data', (data: Buffer) => stream.write(data));
    };
    const first = await start();
    const tab = await openTab(harness, session);
    tab.type('before the kill');
    await tab.until('before the kill');
    await sleep(200);
    first.kill('SIGKILL');
    expect((await tab.closed).code).toBe(1006);
    await once(first, 'exit');
    expect(await harness.connections(session)).toMatchObject([{ endedAt: null }]);
    expect(await readdir(harness.env['GATEWAY_SPOOL_DIR'] ?? '')).toEqual([`${tab.opened.connectionId}.cast`]);

    const second = await start();
    expect(await harness.connections(session)).toMatchObject([{ endCode: 'GATEWAY_LOST' }]);
    const content = await readRecording(harness.database, session.examSessionId, tab.opened.connectionId);
    expect(content.toString()).toContain('before the kill');
    expect(wholeLines(content)?.content).toEqual(content);
    const again = await openTab(harness, session, { resume: tab.opened.connectionId });
    expect(again.opened).toMatchObject({ resumed: true });
    second.kill('SIGTERM');
    expect(await again.closed).toMatchObject({ code: 4030 });
    await once(second, 'exit');
    expect(second.exitCode).toBe(0);
    expect(await readdir(harness.env['GATEWAY_SPOOL_DIR'] ?? '')).toEqual([]);
  }, 60_000);
});
