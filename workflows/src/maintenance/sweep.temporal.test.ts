/** Real Temporal, real Postgres, a scripted host. */
import { randomUUID } from 'node:crypto';
import { EXAM_SESSIONS_TASK_QUEUE, ExamSessionId, ExecutionEnvironmentId, HostId } from '@ckx/contracts';
import { sweepByHandWorkflowId, SWEEP_WORKFLOW, SweepReport, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { EnvironmentEntity, ExamAttemptEntity, ExamSessionEntity, HostEntity, SweepReportEntity } from '@ckx/persistence';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertHost, insertSession } from '@ckx/test-support/records';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation, type Services } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

const INSTALLATION = 'of-test';
let ckx: Installation;
let services: Services;
beforeAll(async () => {
  services = await testServices();
  ckx = await startInstallation(services);
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

async function sweep(input: Partial<SweepInput> = {}): Promise<SweepReport> {
  const args: [SweepInput] = [{ installation: INSTALLATION, dryRun: false, lookIntervalMs: 500, minAgeMs: 0, ...input }];
  const workflowId = `${sweepByHandWorkflowId(INSTALLATION)}/${randomUUID()}`;
  const options = { workflowId, taskQueue: EXAM_SESSIONS_TASK_QUEUE, args };
  return SweepReport.parse(await ckx.client.workflow.execute(SWEEP_WORKFLOW, options));
}

const kinds = ({ actions }: SweepReport) => actions.map(({ action, result }) => `${action.kind} ${result}`).sort();
const environmentOf = (examSessionId: ExamSessionId) => ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { examSessionId });

/** Hangs on to nothing: ended as its candidate would. */
async function cancel(id: ExamSessionId, workflow: Awaited<ReturnType<Installation['startSession']>>['workflow']) {
  await workflow.signal('terminate', { outcome: 'cancelled', reason: 'a test' });
  await workflow.result();
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
}

describe('a session whose workflow was terminated from outside', () => {
  it('becomes failed as infra, its attempt void, its environment and ports are gone; one beside it goes on', async () => {
    const beside = await ckx.startSession({ graceMs: 1 });
    const { id, workflow } = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(id, 'running');
    await ckx.waitForState(beside.id, 'running');
    await workflow.terminate('a test');

    const dry = await sweep({ dryRun: true });
    expect(dry).toMatchObject({ alert: null, limit: { going: 1, of: 2, allowed: 2 } });
    expect(kinds(dry)).toEqual(['fail_session planned', 'remove_environment planned']);
    expect((await ckx.session(id)).state).toBe('running');

    expect(kinds(await sweep())).toEqual(['fail_session done', 'remove_environment done']);
    const { state, failure } = await ckx.session(id);
    expect({ state, failure }).toMatchObject({ state: 'failed', failure: { type: 'infra', code: 'WORKFLOW_LOST' } });
    expect(await ckx.dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: id })).toMatchObject({ state: 'void' });
    expect(ckx.host.calls).toContain(`removeEnvironment:${(await environmentOf(id)).id}`);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });

    expect((await ckx.session(beside.id)).state).toBe('running');
    expect(ckx.host.calls).not.toContain(`removeEnvironment:${(await environmentOf(beside.id)).id}`);
    expect(kinds(await sweep())).toEqual([]);
    await cancel(beside.id, beside.workflow);
  });

  it('while its host does not answer: it fails, and what the host holds is left alone', async () => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    // It takes no new sessions, and is asked all the same.
    const hostId = await insertHost(ckx.dataSource.manager, { id: HostId.parse('silent-host'), state: 'draining' });
    await ckx.dataSource.manager.update(EnvironmentEntity, { examSessionId: id }, { hostId });
    await workflow.terminate('a test');
    const report = await sweep();
    expect(kinds(report)).toEqual(['fail_session done']);
    expect(report.seen.hosts).toContainEqual({ hostId, answered: false, environments: 0 });
    expect(await environmentOf(id)).toMatchObject({ state: 'bound' });

    await ckx.dataSource.manager.update(HostEntity, hostId, { state: 'lost' });
    expect(kinds(await sweep())).toEqual(['mark_lost done']);
    const { id: executionEnvironmentId } = await environmentOf(id);
    await ckx.dataSource.manager.update(EnvironmentEntity, executionEnvironmentId, { hostId: ckx.host.facts.hostId });
    expect(kinds(await sweep())).toEqual(['reclaim_environment done']);
    expect(await environmentOf(id)).toMatchObject({ state: 'destroyed' });
  });
});

describe('what a host holds', () => {
  const stray = (installation: string, ageMs: number) => ({
    executionEnvironmentId: ExecutionEnvironmentId.parse(randomUUID()),
    examSessionId: ExamSessionId.parse(randomUUID()),
    installation,
    ageMs,
    resources: 3,
  });

  it('and nobody knows goes, but not what is young, and not what another installation calls its own', async () => {
    const [old, young, theirs] = [stray(INSTALLATION, 600_000), stray(INSTALLATION, 60_000), stray('theirs', 600_000)];
    ckx.host.inventory = [old, young, theirs];
    expect(kinds(await sweep({ minAgeMs: 300_000 }))).toEqual(['remove_environment done']);
    const removed = ckx.host.calls.filter((call) => call.startsWith('removeEnvironment:'));
    expect(removed).toContain(`removeEnvironment:${old.executionEnvironmentId}`);
    expect(removed).not.toContain(`removeEnvironment:${young.executionEnvironmentId}`);
    expect(removed).not.toContain(`removeEnvironment:${theirs.executionEnvironmentId}`);
  });

  it('and only the second look found stays until the next sweep', async () => {
    const found = stray(INSTALLATION, 600_000);
    let looks = 0;
    ckx.host.before.takeInventory = () => {
      looks += 1;
      ckx.host.inventory = looks < 2 ? [] : [found];
      return Promise.resolve();
    };
    const report = await sweep();
    expect(report).toMatchObject({ actions: [], seenOnce: 1 });
    expect(kinds(await sweep())).toEqual(['remove_environment done']);
  });
});

describe('a host that was lost and comes back', () => {
  async function loseEnvironment() {
    ckx.host.before.destroyEnvironment = () => Promise.reject(ApplicationFailure.nonRetryable('the host is gone', 'TEST'));
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.signal('terminate', { outcome: 'cancelled', reason: 'a test' });
    await workflow.result();
    ckx.host.reset();
    expect(await ckx.leftovers(id)).toEqual({ state: 'lost', ports: 4 });
    return id;
  }

  it('reclaims what was given up', async () => {
    const id = await loseEnvironment();
    await ckx.announceHost();
    await eventually(async () => expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 }));
    expect(ckx.host.calls).toContain(`removeEnvironment:${(await environmentOf(id)).id}`);
  });

  it('leaves to the sweep what it could not remove', async () => {
    const id = await loseEnvironment();
    ckx.host.before.removeEnvironment = () => Promise.reject(ApplicationFailure.nonRetryable('still there', 'TEST'));
    const tries = ckx.host.count('removeEnvironment');
    await ckx.announceHost();
    await eventually(() => Promise.resolve(expect(ckx.host.count('removeEnvironment')).toBeGreaterThan(tries)));
    expect(await ckx.leftovers(id)).toEqual({ state: 'lost', ports: 4 });
    ckx.host.reset();
    expect(kinds(await sweep())).toEqual(['reclaim_environment done']);
    expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  });
});

describe('a session without activity for twice its exam’s duration', () => {
  const longAgo = () => ({ lastActivityAt: new Date(Date.now() - 3 * 3_600_000) });

  it('is ended as abandoned, through its workflow; a running clock is left to its deadline', async () => {
    const idle = await ckx.startSession();
    const running = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(idle.id, 'ready');
    await ckx.waitForState(running.id, 'running');
    await ckx.dataSource.manager.update(ExamSessionEntity, [idle.id, running.id], longAgo());
    expect(kinds(await sweep())).toEqual(['abandon_session done']);
    await idle.workflow.result();
    expect(await ckx.session(idle.id)).toMatchObject({ state: 'terminated', outcome: 'abandoned' });
    expect(await ckx.leftovers(idle.id)).toEqual({ state: 'destroyed', ports: 0 });
    expect((await ckx.session(running.id)).state).toBe('running');
    await cancel(running.id, running.workflow);
  });

  it('waits in the queue: it keeps its place, and its time begins when it is let in', async () => {
    await ckx.dataSource.manager.updateAll(HostEntity, { cpuMillis: 1 });
    const waiting = await ckx.startSession();
    await eventually(async () => expect((await ckx.session(waiting.id)).waiting).not.toBeNull());
    await ckx.dataSource.manager.update(ExamSessionEntity, waiting.id, longAgo());
    expect(kinds(await sweep())).toEqual([]);
    await ckx.dataSource.manager.updateAll(HostEntity, { cpuMillis: 100_000 });
    await waiting.workflow.signal('capacityReleased');
    await ckx.waitForState(waiting.id, 'ready');
    expect(kinds(await sweep())).toEqual([]);
    await cancel(waiting.id, waiting.workflow);
  });

  it('waits behind the head of the queue, where nobody has a workflow: it keeps its place', async () => {
    const id = await insertSession(ckx.dataSource.manager, longAgo());
    expect(kinds(await sweep())).toEqual([]);
    expect((await ckx.session(id)).state).toBe('created');
    await ckx.dataSource.manager.delete(ExamSessionEntity, id);
  });
});

it('stops and alerts where Temporal knows none of the open sessions, until an operator says how many may go', async () => {
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push(await insertSession(ckx.dataSource.manager, { state: 'ready', sequence: 2 }));
  const report = await sweep();
  expect(report).toMatchObject({ alert: '3 of 3 would go, and at most 2 may at once.', limit: { going: 3, of: 3 } });
  expect(kinds(report)).toEqual(Array.from({ length: 3 }, () => 'fail_session stopped'));
  for (const id of ids) expect((await ckx.session(id)).state).toBe('ready');
  const [row] = await ckx.dataSource.manager.find(SweepReportEntity, { order: { id: 'DESC' }, take: 1 });
  expect(row).toMatchObject({ dryRun: false, alert: report.alert });
  expect(SweepReport.parse(row?.report)).toEqual(report);

  const command = (...args: string[]) =>
    runCommandFile(new URL('../../../libs/cleanup-ttl/src/command.ts', import.meta.url), ['sweep', '--look-interval', '0.5', ...args], {
      TEMPORAL_ADDRESS: services.address,
      TEMPORAL_NAMESPACE: services.namespace,
      CKX_INSTALLATION: INSTALLATION,
    });
  const dry = await command('--dry-run');
  expect({ exitCode: dry.exitCode, stderr: dry.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(SweepReport.parse(JSON.parse(dry.stdout))).toMatchObject({ dryRun: true, alert: report.alert });
  const stopped = await command();
  expect(failureOf({ ...stopped, stdout: '' })).toMatchObject({ exitCode: 1, code: 'SWEEP_STOPPED', message: report.alert });
  expect(SweepReport.parse(JSON.parse(stopped.stdout))).toMatchObject({ dryRun: false, alert: report.alert });

  const allowed = await command('--may-go', '3');
  expect(kinds(SweepReport.parse(JSON.parse(allowed.stdout)))).toEqual(Array.from({ length: 3 }, () => 'fail_session done'));
  for (const id of ids) expect((await ckx.session(id)).state).toBe('failed');
});
