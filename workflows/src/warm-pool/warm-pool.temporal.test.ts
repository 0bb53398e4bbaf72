/** Real Temporal, real Postgres, a scripted host: a warm environment from its row to a session, or to nothing. */
import { arrangePool } from '@ckx/activities/warm-pool';
import { EXAM_SESSIONS_TASK_QUEUE, type ExecutionEnvironmentId } from '@ckx/contracts';
import { startClockSignal, submitSignal } from '@ckx/contracts/exam-session';
import { sweepByHandWorkflowId, SWEEP_WORKFLOW, SweepReport, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { recordChangedSignal, WARM_ENVIRONMENT_WORKFLOW, warmEnvironmentWorkflowId } from '@ckx/contracts/warm-pool';
import { EnvironmentEntity, PortAllocationEntity, SessionEventEntity } from '@ckx/persistence';
import { LAB } from '@ckx/test-support/records';
import { ApplicationFailure, type WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
beforeEach(() => ckx.dataSource.query("UPDATE environments SET destroyed_at = now() - interval '2 minutes' WHERE state = 'destroyed'"));
afterEach(() => ckx.host.reset());
afterAll(() => ckx.stop());

/** Its row and its workflow. */
async function begin(): Promise<{ readonly id: ExecutionEnvironmentId; readonly workflow: WorkflowHandle }> {
  const demand = [{ needs: LAB.needs, sessions: 1 }];
  const { open } = await arrangePool(ckx.dataSource, { size: 1, maxConcurrentSessions: 50, demand });
  const [spec] = open;
  if (spec === undefined || open.length > 1) throw new Error(`${open.length} environments are open.`);
  const id = spec.executionEnvironmentId;
  const workflow = await ckx.client.workflow.start(WARM_ENVIRONMENT_WORKFLOW, {
    workflowId: warmEnvironmentWorkflowId(id),
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    args: [{ spec }],
  });
  return { id, workflow };
}

const row = (id: ExecutionEnvironmentId) => ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { id });
const ready = (id: ExecutionEnvironmentId) => eventually(async () => expect(await row(id)).toMatchObject({ state: 'ready' }));
const callsSince = (before: number) => ckx.host.calls.slice(before);

async function removed(id: ExecutionEnvironmentId): Promise<void> {
  expect(await row(id)).toMatchObject({ state: 'destroyed', examSessionId: null });
  expect(await ckx.dataSource.manager.countBy(PortAllocationEntity, { environmentId: id })).toBe(0);
  expect(ckx.host.calls.filter((call) => call !== 'describeHost').at(-1)).toBe('destroyEnvironment');
}

it('is built as any other, and then is the session’s that comes: the same steps again, and one end', async () => {
  const { id, workflow } = await begin();
  await ready(id);
  await eventually(() => Promise.resolve(expect(ckx.host.calls).toContain('keepEnvironment')));
  expect(ckx.host.calls).toContain('prepareEnvironment');
  const before = ckx.host.calls.length;
  const session = await ckx.startSession();
  await ckx.waitForState(session.id, 'ready');
  expect(await row(id)).toMatchObject({ state: 'bound', examSessionId: session.id });
  expect(callsSince(before)).toEqual(expect.arrayContaining(['createEnvironment', 'awaitEnvironment:workloads', 'openTerminal']));
  // Told by the admission, not only a minute later.
  await workflow.result();
  await session.workflow.signal(startClockSignal);
  await ckx.waitForState(session.id, 'running');
  await session.workflow.signal(submitSignal);
  await session.workflow.result();
  expect(await ckx.leftovers(session.id)).toEqual({ state: 'destroyed', ports: 0 });
  expect(callsSince(before).filter((call) => call === 'destroyEnvironment')).toHaveLength(1);
  const events = await ckx.dataSource.manager.find(SessionEventEntity, {
    where: { examSessionId: session.id, kind: 'environment' },
    order: { id: 'ASC' },
  });
  expect(events.map(({ data }) => data)).toEqual([
    { state: 'ready', warm: true },
    { state: 'bound' },
    { state: 'destroying' },
    { state: 'destroyed' },
  ]);
});

describe('is removed, and nothing is left of it,', () => {
  it('when it is no longer well', async () => {
    ckx.host.before.keepEnvironment = () => Promise.reject(new Error('The container of its node does not run.'));
    const { id, workflow } = await begin();
    await workflow.result();
    await removed(id);
  });

  it('when it could not be built; a port that was refused is set aside', async () => {
    let refused = 0;
    ckx.host.before.createEnvironment = async () => {
      const { spec } = await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { state: 'provisioning' });
      refused = spec.ports.vnc;
      throw ApplicationFailure.create({ message: 'in use', type: 'PORT_IN_USE', nonRetryable: true, details: [{ port: refused }] });
    };
    const { id, workflow } = await begin();
    await workflow.result();
    await removed(id);
    expect(await ckx.dataSource.query('SELECT address FROM refused_addresses')).toEqual([{ address: String(refused) }]);
  });

  it('when its record says so, while it is built', async () => {
    ckx.host.before.awaitEnvironment = ckx.host.hangUntilCancelled;
    const { id, workflow } = await begin();
    await eventually(() => Promise.resolve(expect(ckx.host.calls.at(-1)).toMatch(/^awaitEnvironment/)));
    await ckx.dataSource.manager.update(EnvironmentEntity, id, { state: 'destroying' });
    await workflow.signal(recordChangedSignal);
    await workflow.result();
    await removed(id);
  });

  it('when an operator cancels its workflow', async () => {
    const { id, workflow } = await begin();
    await ready(id);
    await workflow.cancel();
    await workflow.result();
    await removed(id);
  });
});

it('is left alone by the sweep while its workflow is open, and removed when that was closed from outside', async () => {
  const sweep = async () => {
    const input: SweepInput = { installation: 'of-test', dryRun: false, lookIntervalMs: 100, minAgeMs: 0 };
    const workflowId = `${sweepByHandWorkflowId('of-test')}/${randomUUID()}`;
    const options = { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [input] };
    const { alert, actions } = SweepReport.parse(await ckx.client.workflow.execute(SWEEP_WORKFLOW, options));
    return { alert, actions: actions.map(({ action: { kind }, result }) => `${kind} ${result}`) };
  };
  const { id, workflow } = await begin();
  await ready(id);
  expect(await sweep()).toEqual({ alert: null, actions: [] });
  await workflow.terminate('a test');
  expect(await sweep()).toEqual({ alert: null, actions: ['remove_environment done'] });
  expect(await row(id)).toMatchObject({ state: 'destroyed' });
  expect(ckx.host.calls).toContain(`removeEnvironment:${id}`);
  expect(await ckx.dataSource.manager.countBy(PortAllocationEntity, { environmentId: id })).toBe(0);
});
