import type { ExamSessionId } from '@ckx/contracts';
import { ExamSessionEntity } from '@ckx/persistence';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertSession } from '@ckx/test-support/records';
import { recordsAndWorkflows, type RecordsAndWorkflows } from '@ckx/test-support/records-and-workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyTransition } from './records.ts';

let ckx: RecordsAndWorkflows;
beforeAll(async () => {
  ckx = await recordsAndWorkflows();
});
afterAll(() => ckx[Symbol.asyncDispose]());

const run = (...args: string[]) => runCommandFile(new URL('./command.ts', import.meta.url), ['transition', ...args], ckx.env);
const read = (id: ExamSessionId) => ckx.database.manager.findOneByOrFail(ExamSessionEntity, { id });

/** Returns when the request is on record and the workflow was told. */
async function asked(id: ExamSessionId, requested: 'startRequestedAt' | 'submitRequestedAt' | 'terminateRequestedAt') {
  await expect.poll(async () => (await read(id))[requested], { timeout: 20_000 }).not.toBeNull();
  await expect.poll(() => ckx.signalsOf(id), { timeout: 10_000 }).toHaveLength(1);
}

describe('where the session has no workflow', () => {
  it('writes the transition itself', async () => {
    const id = await insertSession(ckx.database.manager);
    const first = await run('--session-id', id, '--to', 'initializing');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual({ state: 'initializing', previous: 'created' });
    const second = await run('--session-id', id, '--to', 'failed', '--reason', 'The host burnt down.');
    expect(JSON.parse(second.stdout)).toEqual({ state: 'failed', previous: 'initializing' });
    expect((await read(id)).failure).toMatchObject({ type: 'infra', reason: 'The host burnt down.' });
  });

  it('ends a session as the outcome says, also when its workflow is closed', async () => {
    const id = await insertSession(ckx.database.manager);
    await (await ckx.openWorkflow(id)).terminate();
    const result = await run('--session-id', id, '--to', 'terminated', '--outcome', 'abandoned');
    expect(JSON.parse(result.stdout)).toEqual({ state: 'terminated', previous: 'created' });
    expect((await read(id)).outcome).toBe('abandoned');
  });

  it('exits with 1 for what is illegal, and for a session that is not there', async () => {
    const id = await insertSession(ckx.database.manager);
    expect(failureOf(await run('--session-id', id, '--to', 'running'))).toMatchObject({ exitCode: 1, code: 'ILLEGAL_TRANSITION' });
    const unknown = await run('--session-id', '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11', '--to', 'ready');
    expect(failureOf(unknown)).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
  });
});

describe('while the session’s workflow is open', () => {
  it('asks it to start the clock, and returns when the record says so', async () => {
    const id = await insertSession(ckx.database.manager, { state: 'ready' });
    await ckx.openWorkflow(id);
    const command = run('--session-id', id, '--to', 'running');
    await asked(id, 'startRequestedAt');
    expect((await read(id)).state).toBe('ready');
    await applyTransition(ckx.database.manager, { examSessionId: id, sequence: 3, to: 'running' });
    expect(JSON.parse((await command).stdout)).toEqual({ state: 'running', previous: 'ready' });
    expect(await ckx.signalsOf(id)).toEqual(['startClock']);
  });

  it.each([
    ['terminate', 'terminated_by_admin', 'terminateRequestedAt', []],
    ['submit', 'submitted', 'submitRequestedAt', ['--outcome', 'submitted']],
  ] as const)('asks it to end by the signal %s', async (signal, outcome, requested, args) => {
    const id = await insertSession(ckx.database.manager, { state: 'running', startedAt: new Date() });
    await ckx.openWorkflow(id);
    const command = run('--session-id', id, '--to', 'terminated', ...args);
    await asked(id, requested);
    await applyTransition(ckx.database.manager, { examSessionId: id, sequence: 4, to: 'terminated', outcome });
    expect(JSON.parse((await command).stdout)).toEqual({ state: 'terminated', previous: 'running' });
    expect(await ckx.signalsOf(id)).toEqual([signal]);
  });

  it('refuses what only the workflow decides, and writes nothing', async () => {
    const id = await insertSession(ckx.database.manager);
    await ckx.openWorkflow(id);
    for (const args of [
      ['--to', 'initializing'],
      ['--to', 'failed'],
      ['--to', 'terminated', '--outcome', 'expired'],
    ]) {
      expect(failureOf(await run('--session-id', id, ...args))).toMatchObject({ exitCode: 1, code: 'WORKFLOW_DECIDES' });
    }
    expect(await read(id)).toMatchObject({ state: 'created', sequence: 0, terminateRequestedAt: null });
  });
});

describe('called wrongly', () => {
  it.each([
    [['--session-id', 'x', '--to', 'ready'], /sessionId/],
    [['--session-id', '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11', '--to', 'paused'], /to: /],
    [['--session-id', '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11', '--to', 'ready', '--outcome', 'expired'], /outcome/],
    [['--to', 'ready'], /--session-id/],
  ])('exits with 2: %j', async (args, message) => {
    expect(failureOf(await run(...args))).toMatchObject({
      exitCode: 2,
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });

  it('exits with 1 and names what does not answer', async () => {
    const id = await insertSession(ckx.database.manager);
    const file = new URL('./command.ts', import.meta.url);
    const args = ['transition', '--session-id', id, '--to', 'initializing'];
    const alone = await runCommandFile(file, args);
    expect(failureOf(alone)).toMatchObject({
      exitCode: 1,
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DATABASE_URL') as string,
    });
    const noDatabase = await runCommandFile(file, args, { ...ckx.env, DATABASE_URL: 'postgres://ckx@127.0.0.1:1/ckx' });
    expect(failureOf(noDatabase)).toMatchObject({ exitCode: 1, code: 'DATABASE_UNAVAILABLE' });
    const noTemporal = await runCommandFile(file, args, { ...ckx.env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(failureOf(noTemporal)).toMatchObject({ exitCode: 1, code: 'TEMPORAL_UNAVAILABLE' });
    expect((await read(id)).state).toBe('created');
  });

  it('helps', async () => {
    expect(await run('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--outcome <outcome>') as string });
  });
});
