/** A desktop comes once its session is ready, and whatever becomes of it, the session goes on. */
import { EnvironmentNeeds, type ExamSessionId, type WatchFinding } from '@ckx/contracts';
import { startClockSignal, submitSignal, terminateSignal } from '@ckx/contracts/exam-session';
import { EnvironmentEntity, PortAllocationEntity, SessionEventEntity } from '@ckx/persistence';
import { getSessionStatus } from '@ckx/session-status';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually, startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterEach(() => ckx.host.reset());
afterAll(() => ckx.stop());

const CANCEL = { outcome: 'cancelled', reason: 'a test' } as const;
const down: WatchFinding = { kind: 'down', part: 'desktop', reason: 'it ended with exit code 1' };

async function readySession(desktop = true) {
  const started = await ckx.startSession({ lab: { needs: EnvironmentNeeds.parse({ cluster: 'none', desktop }) } });
  await ckx.waitForState(started.id, 'ready');
  return started;
}

const isOpen = async (id: ExamSessionId) => (await getSessionStatus(ckx.dataSource.manager, id)).desktopOpen;

async function untilOpen(id: ExamSessionId, open: boolean): Promise<void> {
  await eventually(async () => expect(await isOpen(id)).toBe(open));
}

async function events(examSessionId: ExamSessionId): Promise<unknown[]> {
  const rows = await ckx.dataSource.manager.find(SessionEventEntity, { where: { examSessionId, kind: 'desktop' }, order: { id: 'ASC' } });
  return rows.map(({ data }) => data);
}

it('is opened beside a terminal that is open already, and told of; its session ends as any', async () => {
  const { id, workflow } = await readySession();
  await untilOpen(id, true);
  expect(await events(id)).toEqual([{ open: true }]);
  const calls = ckx.host.calls;
  expect(calls.indexOf('openDesktop')).toBeGreaterThan(calls.indexOf('openTerminal'));
  await workflow.signal(startClockSignal);
  await ckx.waitForState(id, 'running');
  await workflow.signal(submitSignal);
  await workflow.result();
  expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'submitted' });
  expect(await getSessionStatus(ckx.dataSource.manager, id)).toMatchObject({ desktop: true, desktopOpen: false });
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
});

it('is not asked for where a lab needs none', async () => {
  const before = ckx.host.count('openDesktop');
  const { id, workflow } = await readySession(false);
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
  expect(ckx.host.count('openDesktop')).toBe(before);
  expect(await getSessionStatus(ckx.dataSource.manager, id)).toMatchObject({ desktop: false, desktopOpen: false });
});

it('that cannot be made costs nobody their session', async () => {
  ckx.host.before.openDesktop = () => Promise.reject(ApplicationFailure.nonRetryable('There is no such image.', 'IMAGE_MISSING'));
  const { id, workflow } = await readySession();
  await workflow.signal(startClockSignal);
  await ckx.waitForState(id, 'running');
  await eventually(() => Promise.resolve(expect(ckx.host.calls).toContain('openDesktop')));
  expect(await isOpen(id)).toBe(false);
  await workflow.signal(submitSignal);
  await workflow.result();
  expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'submitted' });
});

it('that dies is started again three times, then given up; the rest is watched on', async () => {
  const { id, workflow } = await readySession();
  await untilOpen(id, true);
  const before = ckx.host.count('restartPart');
  ckx.host.finds(id, down, down, down, down);
  await untilOpen(id, false);
  expect(ckx.host.count('restartPart')).toBe(before + 3);
  expect(await events(id)).toEqual([{ open: true }, { open: false }]);
  expect((await ckx.session(id)).state).toBe('ready');
  // Restarts of the terminal are counted by themselves.
  ckx.host.finds(id, { ...down, part: 'terminal' });
  await eventually(() => Promise.resolve(expect(ckx.host.count('restartPart')).toBe(before + 4)));
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('gets another port where something else has its own, and the session keeps the rest', async () => {
  let refusals = 2;
  const specOf = async (id: ExamSessionId) => (await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { examSessionId: id })).spec;
  const refused: number[] = [];
  ckx.host.before.openDesktop = async () => {
    refusals -= 1;
    if (refusals < 0) return;
    const { spec } = await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { state: 'bound' });
    const port = spec.ports.vnc;
    refused.push(port);
    throw ApplicationFailure.create({ message: `Port ${port} is in use.`, type: 'PORT_IN_USE', nonRetryable: true, details: [{ port }] });
  };
  const destroyed = ckx.host.count('destroyEnvironment');
  const { id, workflow } = await readySession();
  await untilOpen(id, true);
  const { ports } = await specOf(id);
  expect(new Set([...refused, ports.vnc]).size).toBe(3);
  expect(await ckx.dataSource.manager.find(PortAllocationEntity, { where: { kind: 'vnc' } })).toMatchObject([{ port: ports.vnc }]);
  expect(ckx.host.count('destroyEnvironment')).toBe(destroyed);
  expect(await events(id)).toEqual([{ open: true }]);
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
});

it('that died before it was open is opened when it runs again', async () => {
  let fails = true;
  ckx.host.before.openDesktop = () =>
    fails ? Promise.reject(ApplicationFailure.nonRetryable('A node ended by itself.', 'NODE_EXITED')) : Promise.resolve();
  const { id, workflow } = await readySession();
  fails = true;
  await eventually(() => Promise.resolve(expect(ckx.host.calls).toContain('openDesktop')));
  fails = false;
  ckx.host.finds(id, down);
  await untilOpen(id, true);
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('that is being made when its session ends is waited for: nothing is made after what was there was removed', async () => {
  let over = 0;
  ckx.host.before.openDesktop = async () => {
    await ckx.host.hang();
    over = ckx.host.calls.length;
  };
  const { id, workflow } = await readySession();
  await eventually(() => Promise.resolve(expect(ckx.host.calls).toContain('openDesktop')));
  await workflow.signal(terminateSignal, CANCEL);
  await ckx.waitForState(id, 'terminated');
  const asked = ckx.host.count('destroyEnvironment');
  ckx.host.reset();
  await workflow.result();
  expect(ckx.host.count('destroyEnvironment')).toBe(asked + 1);
  expect(over).toBeGreaterThan(0);
});
