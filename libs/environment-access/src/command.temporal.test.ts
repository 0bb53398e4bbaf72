import { randomUUID } from 'node:crypto';
import { ExamSessionEntity } from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertSession, insertUser } from '@ckx/test-support/records';
import { recordsAndWorkflows, type RecordsAndWorkflows } from '@ckx/test-support/records-and-workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const file = new URL('./command.ts', import.meta.url);
let ckx: RecordsAndWorkflows;
beforeAll(async () => {
  ckx = await recordsAndWorkflows();
});
afterAll(() => ckx[Symbol.asyncDispose]());

const run = (...args: string[]) => runCommandFile(file, args, ckx.env);

describe('environment-access authorize', () => {
  it('prints the identity for the owner, and for an administrator', async () => {
    const userId = await insertUser(ckx.database.manager);
    const id = await insertSession(ckx.database.manager, { userId });
    const identity = { userId, examSessionId: id, executionEnvironmentId: null };
    const owner = await run('authorize', '--session-id', id, '--user-id', userId);
    expect(owner).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(owner.stdout)).toEqual({ as: 'owner', identity });
    const admin = await insertUser(ckx.database.manager, { role: 'admin' });
    expect(JSON.parse((await run('authorize', '--session-id', id, '--user-id', admin)).stdout)).toEqual({ as: 'admin', identity });
  });

  it('refuses another’s session, one that is not there and what is no id in the same words', async () => {
    const userId = await insertUser(ckx.database.manager);
    const theirs = await insertSession(ckx.database.manager);
    const refusals = [];
    for (const id of [theirs, randomUUID(), 'no-id']) refusals.push(await run('authorize', '--session-id', id, '--user-id', userId));
    for (const refusal of refusals) expect(failureOf(refusal)).toMatchObject({ exitCode: 1, code: 'ACCESS_DENIED' });
    expect(new Set(refusals.map(({ stderr }) => stderr)).size).toBe(1);
  });

  it('exits with 2 when called wrongly, with 1 where there is no database', async () => {
    expect(failureOf(await run('authorize', '--session-id', 'x'))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(failureOf(await run('authorize', '--session-id', 'x', '--user-id', 'y'))).toMatchObject({ exitCode: 2 });
    const alone = await runCommandFile(file, ['authorize', '--session-id', randomUUID(), '--user-id', randomUUID()]);
    expect(failureOf(alone)).toMatchObject({ exitCode: 1, code: 'CONFIG_INVALID' });
  });
});

describe('environment-access deny', () => {
  const reason = 'The account was shared.';

  it('ends the session through its workflow while that is open', async () => {
    const id = await insertSession(ckx.database.manager, { state: 'running', startedAt: new Date() });
    await ckx.openWorkflow(id);
    const command = run('deny', '--session-id', id, '--reason', reason);
    await expect.poll(() => ckx.signalsOf(id), { timeout: 20_000 }).toEqual(['terminate']);
    const row = await ckx.database.manager.findOneByOrFail(ExamSessionEntity, { id });
    expect(row).toMatchObject({ state: 'running', terminateRequest: { outcome: 'terminated_by_admin', reason } });
    await applyTransition(ckx.database.manager, { examSessionId: id, sequence: 4, to: 'terminated', outcome: 'terminated_by_admin' });
    expect(JSON.parse((await command).stdout)).toEqual({ examSessionId: id, state: 'terminated', previous: 'running', reason });
  });

  it('ends it on record where there is no workflow', async () => {
    const id = await insertSession(ckx.database.manager, { state: 'ready' });
    const result = await run('deny', '--session-id', id, '--reason', reason);
    expect(JSON.parse(result.stdout)).toEqual({ examSessionId: id, state: 'terminated', previous: 'ready', reason });
    expect(await ckx.database.manager.findOneByOrFail(ExamSessionEntity, { id })).toMatchObject({ outcome: 'terminated_by_admin' });
    expect(failureOf(await run('deny', '--session-id', id, '--reason', reason))).toMatchObject({ exitCode: 1, code: 'ILLEGAL_TRANSITION' });
  });

  it('exits with 2 without a reason, and with 1 for a session that is not there', async () => {
    expect(failureOf(await run('deny', '--session-id', randomUUID()))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    const unknown = await run('deny', '--session-id', randomUUID(), '--reason', reason);
    expect(failureOf(unknown)).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
  });
});
