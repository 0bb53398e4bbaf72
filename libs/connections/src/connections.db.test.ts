import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { ConnectionId, TabId, type ConnectionEnd, type ExamSessionId, type UserId } from '@ckx/contracts';
import { BlobEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { insertSession, insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as records from './index.ts';

let database: DataSource;
let userId: UserId;
let examSessionId: ExamSessionId;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
  userId = await insertUser(database.manager);
  examSessionId = await insertSession(database.manager, { userId });
});
afterAll(() => database.destroy());

const newId = () => ConnectionId.parse(randomUUID());
const main = TabId.parse('main');
async function begin(values: Partial<records.ConnectionStart> = {}) {
  const connectionId = newId();
  const about = { examSessionId, userId, kind: 'terminal', tab: main, gatewayId: 'a', resume: undefined, resumeWindowMs: 60_000 } as const;
  return { connectionId, ...(await records.beginConnection(database, { ...about, connectionId, ...values })) };
}
const end = (connectionId: ConnectionId, code: ConnectionEnd, agoMs = 0) =>
  records.endConnections(database, [{ connectionId, code, message: 'a test', agoMs, bytesIn: 3, bytesOut: 5 }]);
const rowOf = async (id: ConnectionId) =>
  (await records.listConnections(database, examSessionId)).find(({ connectionId }) => connectionId === id);

describe('a connection', () => {
  it('has a row with its times and bytes, which stays as it ended', async () => {
    const { connectionId, resumed, message } = await begin();
    expect({ resumed, message }).toEqual({ resumed: false, message: null });
    await records.noteAlive(database, [{ connectionId, bytesIn: 1, bytesOut: 2 ** 40 }]);
    expect(await rowOf(connectionId)).toMatchObject({ endedAt: null, bytesIn: 1, bytesOut: 2 ** 40 });
    await end(connectionId, 'SHELL_EXITED');
    await end(connectionId, 'CONNECTION_LOST');
    await records.noteAlive(database, [{ connectionId, bytesIn: 9, bytesOut: 9 }]);
    expect(await rowOf(connectionId)).toMatchObject({ endCode: 'SHELL_EXITED', bytesIn: 3, bytesOut: 5 });
  });

  it('goes on with one that was lost, within the window', async () => {
    const lost = await begin();
    await end(lost.connectionId, 'CONNECTION_LOST', 0);
    expect(await begin({ resume: lost.connectionId })).toMatchObject({ resumed: true, message: null });
    const unnoticed = await begin();
    expect(await begin({ resume: unnoticed.connectionId })).toMatchObject({ resumed: true });
  });

  it('says why it does not', async () => {
    const why = async (values: Partial<records.ConnectionStart>) => {
      const { resumed, message } = await begin(values);
      expect(resumed).toBe(false);
      return message;
    };
    const lost = await begin();
    await database.query(`UPDATE terminal_sessions SET opened_at = now() - interval '1 hour' WHERE id = $1`, [lost.connectionId]);
    await end(lost.connectionId, 'GATEWAY_LOST', 70_000);
    expect(await why({ resume: lost.connectionId })).toBe(
      'The connection was lost 70 s ago, longer than the 60 s in which it resumes: this is a new one.',
    );
    const closed = await begin();
    await end(closed.connectionId, 'TAB_CLOSED');
    expect(await why({ resume: closed.connectionId })).toContain('not lost, but closed');
    const mine = await begin();
    const none = 'no such connection';
    expect(await why({ resume: newId() })).toContain(none);
    expect(await why({ resume: mine.connectionId, tab: TabId.parse('other') })).toContain(none);
    const stranger = await insertUser(database.manager);
    expect(await why({ resume: mine.connectionId, userId: stranger })).toContain(none);
    const elsewhere = await insertSession(database.manager, { userId: stranger });
    expect(await why({ resume: mine.connectionId, examSessionId: elsewhere })).toContain(none);
  });

  it('whose gateway was killed ended when it was last seen', async () => {
    const [own, silent, busy] = [await begin({ gatewayId: 'b' }), await begin({ gatewayId: 'c' }), await begin({ gatewayId: 'd' })];
    await database.query(`UPDATE terminal_sessions SET opened_at = now() - interval '3 hours', last_seen_at = now() - interval '2 hours'
                           WHERE gateway_id IN ('b', 'c')`);
    await records.endForgotten(database, { gatewayId: 'b', silentMs: 24 * 3_600_000 });
    expect(await rowOf(own.connectionId)).toMatchObject({ endCode: 'GATEWAY_LOST' });
    expect(await rowOf(silent.connectionId)).toMatchObject({ endCode: null });
    expect(await records.endForgotten(database, { gatewayId: null, silentMs: 3_600_000 })).toEqual([silent.connectionId]);
    const ago = Date.now() - Date.parse((await rowOf(silent.connectionId))?.endedAt ?? '');
    expect(Math.abs(ago - 2 * 3_600_000)).toBeLessThan(10_000);
    expect(await rowOf(busy.connectionId)).toMatchObject({ endCode: null });
  });
});

describe('a recording', () => {
  it('is kept once with its connection, compressed, and read back', async () => {
    const { connectionId } = await begin();
    const content = Buffer.from('{"version":3}\n'.repeat(1_000));
    const recording = { connectionId, content, durationMs: 1_500.4, cut: false };
    expect(await records.keepRecording(database, recording)).toBe(true);
    expect(await records.keepRecording(database, recording)).toBe(true);
    const listed = (await records.listRecordings(database, examSessionId)).filter(({ recordingId }) => recordingId === connectionId);
    expect(listed).toMatchObject([{ tab: 'main', durationMs: 1_500, sizeBytes: content.length, cut: false }]);
    expect(await records.readRecording(database, examSessionId, connectionId)).toEqual(content);
    const where = { mediaType: 'application/x-asciicast+gzip' };
    const blob = await database.manager.findOneOrFail(BlobEntity, { where, select: { sizeBytes: true, content: true } });
    expect(blob.sizeBytes).toBeLessThan(content.length / 10);
    expect(gunzipSync(blob.content)).toEqual(content);
  });

  it('is of its session alone, and of no connection that is gone', async () => {
    const { connectionId } = await begin();
    await records.keepRecording(database, { connectionId, content: Buffer.from('x'), durationMs: 0, cut: true });
    const other = await insertSession(database.manager);
    await expect(records.readRecording(database, other, connectionId)).rejects.toMatchObject({ code: 'RECORDING_UNKNOWN' });
    expect(await records.keepRecording(database, { connectionId: newId(), content: Buffer.from('x'), durationMs: 0, cut: true })).toBe(
      false,
    );
  });

  it('may be refused by the session', async () => {
    const silent = await insertSession(database.manager, { recording: false });
    expect(await begin({ examSessionId: silent })).toMatchObject({ recording: false });
    expect(await begin()).toMatchObject({ recording: true });
  });
});
