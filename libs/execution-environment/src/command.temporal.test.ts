/** Where the session's workflow decides; what the command does to an engine is tried on one, in command.engine.test.ts. */
import { randomUUID } from 'node:crypto';
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId, type ExamSessionId } from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW } from '@ckx/contracts/exam-session';
import { EnvironmentEntity, ExamSessionEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';

const file = new URL('./command.ts', import.meta.url);
let database: DataSource;
let connection: Connection;
let client: Client;
let env: Record<string, string>;
let subnets = 0;
beforeAll(async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  database = await openDatabase(url);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  env = { DATABASE_URL: url, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, CKX_HOST_ID: 'this-host' };
});
afterAll(async () => {
  await connection.close();
  await database.destroy();
});

const run = (...args: string[]) => runCommandFile(file, args, env);

/** No worker runs it: the test writes for it. */
const openWorkflow = (id: ExamSessionId) =>
  client.workflow.start(EXAM_SESSION_WORKFLOW, { workflowId: examSessionWorkflowId(id), taskQueue: EXAM_SESSIONS_TASK_QUEUE });

async function bind(examSessionId: ExamSessionId) {
  const hostId = await insertHost(database.manager);
  const subnet = `10.213.${subnets++}.0/26`;
  return { hostId, subnet, id: await insertEnvironment(database.manager, { hostId, subnet, examSessionId, state: 'bound' }) };
}

const statusOf = async (id: ExamSessionId) => (await client.workflow.getHandle(examSessionWorkflowId(id)).describe()).status.name;

it('status: what is on record, and nothing of an engine that is another host’s', async () => {
  const id = await insertSession(database.manager);
  const none = await run('status', '--session-id', id);
  expect(none).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(none.stdout)).toEqual({ examSessionId: id, session: 'created', environment: null, engine: null });
  const { id: executionEnvironmentId, hostId, subnet } = await bind(id);
  expect(JSON.parse((await run('status', '--session-id', id)).stdout)).toEqual({
    examSessionId: id,
    session: 'created',
    environment: {
      executionEnvironmentId,
      hostId,
      state: 'bound',
      subnet,
      ports: { vnc: 6901, sshTerminal: 2201, sshJumphost: 2301, k8sApi: 6443 },
    },
    engine: null,
  });
});

it('create: the session’s workflow builds it, and is started where nobody has', async () => {
  const id = await insertSession(database.manager);
  const command = run('create', '--session-id', id);
  await expect.poll(() => statusOf(id).catch(() => null), { timeout: 20_000 }).toBe('RUNNING');
  await bind(id);
  expect(JSON.parse((await command).stdout)).toMatchObject({ environment: { state: 'bound' } });
});

it('create: refuses a session that is over, and one whose workflow is gone', async () => {
  const over = await insertSession(database.manager, { state: 'terminated', outcome: 'expired', endedAt: new Date() });
  expect(failureOf(await run('create', '--session-id', over))).toMatchObject({ exitCode: 1, code: 'SESSION_OVER' });
  const gone = await insertSession(database.manager, { state: 'initializing' });
  await (await openWorkflow(gone)).terminate();
  expect(failureOf(await run('create', '--session-id', gone))).toMatchObject({ exitCode: 1, code: 'WORKFLOW_LOST' });
});

it('destroy: through the workflow while it is open; returns when the environment is gone', async () => {
  const id = await insertSession(database.manager, { state: 'ready' });
  const { id: executionEnvironmentId } = await bind(id);
  await openWorkflow(id);
  const command = run('destroy', '--session-id', id, '--reason', 'The exam was moved.');
  const asked = async () => (await database.manager.findOneByOrFail(ExamSessionEntity, { id })).terminateRequest;
  await expect.poll(asked, { timeout: 20_000 }).toEqual({ outcome: 'terminated_by_admin', reason: 'The exam was moved.' });
  await applyTransition(database.manager, { examSessionId: id, sequence: 4, to: 'terminated', outcome: 'terminated_by_admin' });
  await database.manager.update(EnvironmentEntity, executionEnvironmentId, { state: 'destroyed', destroyedAt: new Date() });
  expect(JSON.parse((await command).stdout)).toMatchObject({ session: 'terminated', environment: { state: 'destroyed' } });
});

it('destroy: without a workflow, refuses what is another host’s and leaves the session as it is', async () => {
  const id = await insertSession(database.manager, { state: 'ready' });
  await bind(id);
  expect(failureOf(await run('destroy', '--session-id', id))).toMatchObject({ exitCode: 1, code: 'OTHER_HOST' });
  expect((await database.manager.findOneByOrFail(ExamSessionEntity, { id })).state).toBe('ready');
});

it.each(['create', 'status', 'destroy'])(
  '%s: exits with 1 for a session that is not there, and with 2 when called wrongly',
  async (verb) => {
    expect(failureOf(await run(verb, '--session-id', randomUUID()))).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
    expect(failureOf(await run(verb, '--session-id', 'x'))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(failureOf(await run(verb))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(failureOf(await runCommandFile(file, [verb, '--session-id', randomUUID()]))).toMatchObject({ code: 'CONFIG_INVALID' });
  },
);
