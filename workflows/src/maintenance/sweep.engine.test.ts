/** Leftovers on a real engine, with a real Temporal and a real Postgres: what nobody owns goes, and nothing else. */
import { randomUUID } from 'node:crypto';
import { createInventoryActivities } from '@ckx/activities/host';
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId, hostTaskQueue, type ExamSessionId } from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW } from '@ckx/contracts/exam-session';
import { sweepByHandWorkflowId, SWEEP_MIN_AGE_MS, SWEEP_WORKFLOW, SweepReport, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { EnvironmentEntity, PortAllocationEntity } from '@ckx/persistence';
import { testEngine, type TestEngine } from '@ckx/test-support/engine';
import { EVERY_PART, plant, type Planted } from '@ckx/test-support/leftovers';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
let engine: TestEngine;
const cleanup = new AsyncDisposableStack();

beforeAll(async () => {
  engine = cleanup.use(await testEngine());
  const services = await testServices();
  ckx = await createInstallation(services);
  cleanup.defer(() => ckx.stop());
  await ckx.startControl();
  const hostId = await insertHost(ckx.dataSource.manager, { id: ckx.host.facts.hostId });
  const connection = await NativeConnection.connect({ address: services.address });
  cleanup.defer(() => connection.close());
  const worker = await Worker.create({
    connection,
    namespace: services.namespace,
    taskQueue: hostTaskQueue(hostId),
    activities: createInventoryActivities({ provider: engine.provider }),
  });
  const ended = worker.run();
  cleanup.defer(async () => {
    worker.shutdown();
    await ended;
  });
});
afterAll(() => cleanup.disposeAsync());

async function sweep(minAgeMs: number): Promise<SweepReport> {
  const input: SweepInput = { installation: engine.installation, dryRun: false, lookIntervalMs: 1_000, minAgeMs };
  const workflowId = `${sweepByHandWorkflowId(engine.installation)}/${randomUUID()}`;
  const options = { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [input] };
  return SweepReport.parse(await ckx.client.workflow.execute(SWEEP_WORKFLOW, options));
}

async function planted(installation = engine.installation): Promise<Planted> {
  const it = await plant(engine.docker, installation, engine.workDir);
  cleanup.defer(() => it.remove());
  return it;
}

/** Records of a running session, and a workflow that stays open: nobody runs it. */
async function own({ executionEnvironmentId, examSessionId, subnet }: Planted) {
  const { manager } = ckx.dataSource;
  const { hostId } = ckx.host.facts;
  await insertSession(manager, { id: examSessionId, state: 'running', sequence: 3, startedAt: new Date() });
  await insertEnvironment(manager, { id: executionEnvironmentId, hostId, examSessionId, subnet, state: 'bound' });
  await manager.insert(PortAllocationEntity, {
    hostId,
    kind: 'vnc',
    port: 6_900 + (await manager.count(PortAllocationEntity)),
    environmentId: executionEnvironmentId,
  });
  return await openWorkflow(examSessionId);
}

const openWorkflow = (id: ExamSessionId) =>
  ckx.client.workflow.start(EXAM_SESSION_WORKFLOW, { workflowId: examSessionWorkflowId(id), taskQueue: 'nobody-listens' });

it('removes what has no owner after two looks, and leaves the young, the live and another installation’s', async () => {
  const [stray, forgotten, live, theirs] = [await planted(), await planted(), await planted(), await planted('another')];
  await own(live);
  const workflow = await own(forgotten);
  await workflow.terminate('a test');

  const young = await sweep(SWEEP_MIN_AGE_MS);
  expect(young.actions.map(({ action }) => action.kind)).toEqual(['fail_session']);
  expect([await stray.parts(), await forgotten.parts()]).toEqual([EVERY_PART, EVERY_PART]);

  const report = await sweep(0);
  expect(report).toMatchObject({ alert: null, limit: { going: 2, of: 3 } });
  expect(report.actions.map(({ action, result }) => [action.kind, action.examSessionId, result]).sort()).toEqual(
    [
      ['remove_environment', stray.examSessionId, 'done'],
      ['remove_environment', forgotten.examSessionId, 'done'],
    ].sort(),
  );
  expect({ stray: await stray.parts(), forgotten: await forgotten.parts() }).toEqual({ stray: [], forgotten: [] });
  expect({ live: await live.parts(), theirs: await theirs.parts() }).toEqual({ live: EVERY_PART, theirs: EVERY_PART });

  const { manager } = ckx.dataSource;
  const rows = [forgotten, live].map(async ({ executionEnvironmentId: id }) => ({
    state: (await manager.findOneByOrFail(EnvironmentEntity, { id })).state,
    ports: await manager.countBy(PortAllocationEntity, { environmentId: id }),
  }));
  expect(await Promise.all(rows)).toEqual([
    { state: 'destroyed', ports: 0 },
    { state: 'bound', ports: 1 },
  ]);
  expect(await ckx.session(forgotten.examSessionId)).toMatchObject({ state: 'failed', failure: { type: 'infra', code: 'WORKFLOW_LOST' } });
  expect(await ckx.session(live.examSessionId)).toMatchObject({ state: 'running' });

  expect((await sweep(0)).actions).toEqual([]);
});
