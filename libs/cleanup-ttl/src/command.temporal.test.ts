import { EXAM_SESSIONS_TASK_QUEUE, type ExamSessionId } from '@ckx/contracts';
import { sweepByHandWorkflowId, SWEEP_WORKFLOW } from '@ckx/contracts/maintenance-workflow';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { recordsAndWorkflows, type RecordsAndWorkflows } from '@ckx/test-support/records-and-workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const file = new URL('./command.ts', import.meta.url);
let ckx: RecordsAndWorkflows;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  ckx = await recordsAndWorkflows();
  env = { ...ckx.env, CKX_INSTALLATION: 'of-test' };
});
afterAll(() => ckx[Symbol.asyncDispose]());

const run = (...args: string[]) => runCommandFile(file, args, env);
const check = async (id: ExamSessionId) => JSON.parse((await run('check', '--session-id', id)).stdout) as unknown;

describe('cleanup-ttl check', () => {
  it('says who holds a session, when it is due, and that it stays', async () => {
    const lastActivityAt = new Date('2026-11-21T10:00:00Z');
    const deadlineAt = new Date(Date.now() + 60_000);
    const id = await insertSession(ckx.database.manager, { state: 'running', startedAt: lastActivityAt, lastActivityAt, deadlineAt });
    await ckx.openWorkflow(id);
    expect(await check(id)).toEqual({
      examSessionId: id,
      state: 'running',
      workflow: { id: `exam-session/${id}`, state: 'open' },
      environment: null,
      heldBy: 'workflow',
      deadlineAt: deadlineAt.toISOString(),
      abandonedAt: new Date(deadlineAt.getTime() + 3_600_000).toISOString(),
      goes: false,
      would: [],
    });
  });

  it('says why a session would go, and with what', async () => {
    const id = await insertSession(ckx.database.manager, { state: 'ready', sequence: 4 });
    const hostId = await insertHost(ckx.database.manager);
    const executionEnvironmentId = await insertEnvironment(ckx.database.manager, {
      hostId,
      examSessionId: id,
      subnet: '10.213.0.0/26',
      state: 'bound',
    });
    await (await ckx.openWorkflow(id)).terminate();
    expect(await check(id)).toMatchObject({
      workflow: { state: 'closed' },
      environment: { executionEnvironmentId, state: 'bound', hostId },
      heldBy: 'nobody',
      goes: true,
      would: [
        { action: 'fail_session', why: 'The session is ready and its workflow closed.' },
        { action: 'remove_environment', why: "The environment is bound and its session's workflow closed." },
      ],
    });
  });

  it('tells a session that the relay has yet to start from one that nobody holds', async () => {
    expect(await check(await insertSession(ckx.database.manager))).toMatchObject({ heldBy: 'relay', goes: false });
    const ended = await insertSession(ckx.database.manager, { state: 'terminated', outcome: 'expired', endedAt: new Date() });
    expect(await check(ended)).toMatchObject({ state: 'terminated', heldBy: 'nobody', abandonedAt: null, goes: false });
  });

  it('lists every session that is not over', async () => {
    const id = await insertSession(ckx.database.manager);
    const ended = await insertSession(ckx.database.manager, { state: 'terminated', outcome: 'expired', endedAt: new Date() });
    const result = await run('check', '--all');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({
      sessions: expect.arrayContaining([expect.objectContaining({ examSessionId: id })]) as [],
    });
    expect(result.stdout).not.toContain(ended);
  });

  it('exits with 1 for a session that is not there, and where something does not answer', async () => {
    const unknown = ['check', '--session-id', '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11'];
    expect(failureOf(await run(...unknown))).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
    const noTemporal = await runCommandFile(file, unknown, { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(failureOf(noTemporal)).toMatchObject({ exitCode: 1, code: 'TEMPORAL_UNAVAILABLE' });
    const noDatabase = await runCommandFile(file, unknown, { ...env, DATABASE_URL: 'postgres://ckx@127.0.0.1:1/ckx' });
    expect(failureOf(noDatabase)).toMatchObject({ exitCode: 1, code: 'DATABASE_UNAVAILABLE' });
  });

  it.each([[['check']], [['check', '--session-id', 'x']], [['sweep', '--look-interval', '-1']], [['sweep', '--may-go', 'all']], [['mop']]])(
    'exits with 2 when called wrongly: %j',
    async (args) => {
      expect(failureOf(await run(...args))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    },
  );
});

// The sweep itself, from the command to the report, is tried with a worker beside its workflow.
describe('cleanup-ttl sweep', () => {
  it('does not run beside another that was started by hand', async () => {
    const workflowId = sweepByHandWorkflowId('of-test');
    const other = await ckx.client.workflow.start(SWEEP_WORKFLOW, { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE });
    expect(failureOf(await run('sweep', '--dry-run'))).toMatchObject({ exitCode: 1, code: 'SWEEP_RUNNING' });
    await other.terminate();
  });

  it('says so when it does not come to its end', async () => {
    const sweep = run('sweep', '--look-interval', '0');
    const handle = ckx.client.workflow.getHandle(sweepByHandWorkflowId('of-test'));
    await expect.poll(() => handle.describe().then(({ status }) => status.name), { timeout: 20_000 }).toBe('RUNNING');
    await handle.terminate();
    expect(failureOf(await sweep)).toMatchObject({ exitCode: 1, code: 'SWEEP_PENDING' });
  });

  it('helps', async () => {
    expect(await run('sweep', '--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--dry-run') as string });
  });
});
