import { AccountExport, type ExamSessionId, Flag, Flags, Note, Notes } from '@ckx/contracts';
import { ExamSessionEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { advance, end } from './session-records.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function openSession(): Promise<{ client: ApiClient; id: ExamSessionId }> {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  await advance(api, id, 'initializing', 'ready');
  return { client, id };
}

describe('notes', () => {
  test('are written, read again, written over and removed', async () => {
    const { client, id } = await openSession();
    expect(await client.get(`/sessions/${id}/notes`, Notes)).toEqual({ notes: [] });
    const answer = await client.send('PUT', `/sessions/${id}/notes/1`, { text: 'try <b>again</b>\n' });
    const note = Note.parse(answer.body);
    expect(note).toMatchObject({ position: 1, text: 'try <b>again</b>\n' });
    expect(await client.get(`/sessions/${id}/notes`, Notes)).toEqual({ notes: [note] });
    await client.send('PUT', `/sessions/${id}/notes/1`, { text: 'x'.repeat(10_000) });
    expect((await client.get(`/sessions/${id}/notes`, Notes)).notes[0]?.text).toHaveLength(10_000);
    expectProblem(await client.send('PUT', `/sessions/${id}/notes/1`, { text: 'x'.repeat(10_001) }), 400, 'VALIDATION_FAILED');
    await client.send('PUT', `/sessions/${id}/notes/1`, { text: '' });
    expect(await client.get(`/sessions/${id}/notes`, Notes)).toEqual({ notes: [] });
  });

  test.each(['0', '2', '-1', '99999999'])('of a question %s that there is not are refused', async (position) => {
    const { client, id } = await openSession();
    expectProblem(await client.send('PUT', `/sessions/${id}/notes/${position}`, { text: 'x' }), 404, 'POSITION_UNKNOWN');
    expectProblem(await client.send('PUT', `/sessions/${id}/flags/${position}`, { flagged: true }), 404, 'POSITION_UNKNOWN');
    expectProblem(await client.send('PUT', `/sessions/${id}/notes/first`, { text: 'x' }), 400, 'VALIDATION_FAILED');
  });

  test('are for nobody else, not even to look at', async () => {
    const { client, id } = await openSession();
    await client.send('PUT', `/sessions/${id}/notes/1`, { text: 'mine' });
    const [other, admin] = [await api.candidate(), await api.admin()];
    for (const path of [`/sessions/${id}/notes`, `/sessions/${id}/flags`]) {
      expectProblem(await other.send('GET', path), 403, 'ACCESS_DENIED');
      expectProblem(await admin.send('GET', path), 403, 'OWNER_ONLY');
      expectProblem(await admin.send('PUT', `${path}/1`, { text: 'x', flagged: true }), 403, 'OWNER_ONLY');
    }
  });
});

describe('flags', () => {
  test('keep what is not said, and the first time that a question was opened', async () => {
    const { client, id } = await openSession();
    const put = async (body: object) => Flag.parse((await client.send('PUT', `/sessions/${id}/flags/1`, body)).body);
    expect(await put({ flagged: true })).toEqual({ position: 1, flagged: true, openedAt: null });
    const opened = await put({ opened: true });
    expect(opened).toMatchObject({ flagged: true, openedAt: expect.any(String) as string });
    expect(await put({ opened: true, flagged: false })).toEqual({ ...opened, flagged: false });
    expect(await client.get(`/sessions/${id}/flags`, Flags)).toEqual({ flags: [{ ...opened, flagged: false }] });
    expectProblem(await client.send('PUT', `/sessions/${id}/flags/1`, {}), 400, 'VALIDATION_FAILED');
  });
});

test('nothing is written before the session is ready, after its deadline, or after its end; all of it is read and exported', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  const write = () => client.send('PUT', `/sessions/${id}/notes/1`, { text: 'kept' });
  expectProblem(await write(), 409, 'SESSION_NOT_READY');
  await advance(api, id, 'initializing', 'ready');
  expect((await write()).status).toBe(200);
  await api.database.manager.update(ExamSessionEntity, id, { deadlineAt: new Date(Date.now() - 1_000) });
  expectProblem(await write(), 409, 'DEADLINE_PASSED');
  await end(api, id, 'cancelled');
  expectProblem(await write(), 409, 'SESSION_OVER');
  expectProblem(await client.send('PUT', `/sessions/${id}/flags/1`, { flagged: true }), 409, 'SESSION_OVER');
  expect((await client.get(`/sessions/${id}/notes`, Notes)).notes).toMatchObject([{ text: 'kept' }]);
  const { sessions } = await client.get('/users/me/export', AccountExport);
  expect(sessions[0]).toMatchObject({ mode: 'exam', marks: [{ position: 1, note: 'kept', flagged: false, openedAt: null }], help: [] });
});
