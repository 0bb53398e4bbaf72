import { randomUUID } from 'node:crypto';
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId } from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW } from '@ckx/contracts/exam-session';
import { ExamSessionEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertSession, insertUser } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const file = new URL('./command.ts', import.meta.url);
let database: DataSource;
let connection: Connection;
let client: Client;
let env: Record<string, string>;
beforeAll(async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  database = await openDatabase(url);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  env = { DATABASE_URL: url, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
});
afterAll(async () => {
  await connection.close();
  await database.destroy();
});

const run = (...args: string[]) => runCommandFile(file, args, env);

describe('environment-access authorize', () => {
  it('prints the identity for the owner, and for an administrator', async () => {
    const userId = await insertUser(database.manager);
    const id = await insertSession(database.manager, { userId });
    const identity = { userId, examSessionId: id, executionEnvironmentId: null };
    const owner = await run('authorize', '--session-id', id, '--user-id', userId);
    expect(owner).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(owner.stdout)).toEqual({ as: 'owner', identity });
    const admin = await insertUser(database.manager, { role: 'admin' });
    expect(JSON.parse((await run('authorize', '--session-id', id, '--user-id', admin)).stdout)).toEqual({ as: 'admin', identity });
  });

  it('refuses another’s session, one that is not there and what is no id in the same words', async () => {
    const userId = await insertUser(database.manager);
    const theirs = await insertSession(database.manager);
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
    const id = await insertSession(database.manager, { state: 'running', startedAt: new Date() });
    const workflowId = examSessionWorkflowId(id);
    const workflow = await client.workflow.start(EXAM_SESSION_WORKFLOW, { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE });
    const command = run('deny', '--session-id', id, '--reason', reason);
    const signals = async () => {
      const { events } = await workflow.fetchHistory();
      return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    };
    await expect.poll(signals, { timeout: 20_000 }).toEqual(['terminate']);
    const row = await database.manager.findOneByOrFail(ExamSessionEntity, { id });
    expect(row).toMatchObject({ state: 'running', terminateRequest: { outcome: 'terminated_by_admin', reason } });
    await applyTransition(database.manager, { examSessionId: id, sequence: 4, to: 'terminated', outcome: 'terminated_by_admin' });
    expect(JSON.parse((await command).stdout)).toEqual({ examSessionId: id, state: 'terminated', previous: 'running', reason });
  });

  it('ends it on record where there is no workflow', async () => {
    const id = await insertSession(database.manager, { state: 'ready' });
    const result = await run('deny', '--session-id', id, '--reason', reason);
    expect(JSON.parse(result.stdout)).toEqual({ examSessionId: id, state: 'terminated', previous: 'ready', reason });
    expect(await database.manager.findOneByOrFail(ExamSessionEntity, { id })).toMatchObject({ outcome: 'terminated_by_admin' });
    expect(failureOf(await run('deny', '--session-id', id, '--reason', reason))).toMatchObject({ exitCode: 1, code: 'ILLEGAL_TRANSITION' });
  });

  it('exits with 2 without a reason, and with 1 for a session that is not there', async () => {
    expect(failureOf(await run('deny', '--session-id', randomUUID()))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    const unknown = await run('deny', '--session-id', randomUUID(), '--reason', reason);
    expect(failureOf(unknown)).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
  });
});
