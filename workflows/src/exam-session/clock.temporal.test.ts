/** The ledger of a session's clock, and what administrators ask of a session that runs. */
import { randomUUID } from 'node:crypto';
import { creditUpdate, extendUpdate, inspectUpdate, terminateSignal } from '@ckx/contracts/exam-session';
import { ClockEntryEntity } from '@ckx/persistence';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

const MINUTE = 60_000;
const CANCEL = { outcome: 'cancelled', reason: 'a test' } as const;

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterAll(() => ckx.stop());
afterEach(() => ckx.host.reset());

it('begins with the extra time that the candidate is entitled to', async () => {
  const { id, workflow } = await ckx.startSession({ graceMs: 1, extraTimeMs: 10 * MINUTE });
  const { deadlineAt, startedAt } = await ckx.waitForState(id, 'running');
  const entries = await ckx.dataSource.manager.find(ClockEntryEntity, { where: { examSessionId: id }, order: { kind: 'DESC' } });
  expect(entries.map(({ id, kind, milliseconds }) => ({ id, kind, milliseconds }))).toEqual([
    { id: 'start', kind: 'start', milliseconds: 30 * MINUTE },
    { id: 'extra-time', kind: 'extension', milliseconds: 10 * MINUTE },
  ]);
  expect(deadlineAt?.getTime()).toBe((startedAt?.getTime() ?? 0) + 40 * MINUTE);
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('takes a credit by an administrator once, in full, within bounds, and under no id of the platform’s own', async () => {
  const { id, workflow } = await ckx.startSession({ graceMs: 1 });
  const running = await ckx.waitForState(id, 'running');
  const give = (milliseconds: number, updateId: string) =>
    workflow.executeUpdate(creditUpdate, { updateId, args: [{ milliseconds, reason: 'the network was down' }] });

  const updateId = randomUUID();
  await give(20 * MINUTE, updateId);
  const { deadlineAt, entries } = await give(20 * MINUTE, updateId);
  expect(deadlineAt).toBe((running.deadlineAt?.getTime() ?? 0) + 20 * MINUTE);
  expect(entries.at(-1)).toMatchObject({ id: updateId, kind: 'credit', milliseconds: 20 * MINUTE, reason: 'the network was down' });
  expect((await ckx.session(id)).deadlineAt?.getTime()).toBe(deadlineAt);

  await expect(give(1_000, randomUUID())).rejects.toThrow();
  await expect(give(5 * 3_600_000, randomUUID())).rejects.toThrow();
  for (const own of ['start', 'extra-time', 'gap:host:1']) {
    await expect(give(MINUTE, own)).rejects.toThrow();
    const extension = { milliseconds: MINUTE, reason: 'a test' };
    await expect(workflow.executeUpdate(extendUpdate, { updateId: own, args: [extension] })).rejects.toThrow();
  }
  expect(await ckx.dataSource.manager.countBy(ClockEntryEntity, { examSessionId: id })).toBe(2);
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('gives no credit before the clock runs', async () => {
  const { id, workflow } = await ckx.startSession();
  await ckx.waitForState(id, 'ready');
  await expect(workflow.executeUpdate(creditUpdate, { args: [{ milliseconds: MINUTE, reason: 'too early' }] })).rejects.toThrow();
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
});

it('asks the host what the environment uses', async () => {
  const { id, workflow } = await ckx.startSession();
  await ckx.waitForState(id, 'ready');
  expect(await workflow.executeUpdate(inspectUpdate)).toMatchObject({ hostId: ckx.host.facts.hostId, parts: [] });
  await workflow.signal(terminateSignal, CANCEL);
  await workflow.result();
  await expect(workflow.executeUpdate(inspectUpdate)).rejects.toThrow();
});
