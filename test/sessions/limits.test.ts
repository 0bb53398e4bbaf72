/** What a session may use is shown to its candidate, and held: one that fills the disk ends, with a reason, and at nobody's cost. */
import { EnvironmentUse, SessionView } from '@ckx/contracts';
import { ApiClient, openShell, shellExec } from '@ckx/test-support/client';
import { expect, it, vi } from 'vitest';
import { remains, running, waitForTeardown } from './support.ts';

it('shows limits and use of each container, and ends as runtime when its disk is full', async () => {
  const candidate = await ApiClient.register((await running()).apiUrl);
  const id = await candidate.startSession('slow-01');
  await candidate.waitForState(id, 'ready');
  const inspect = async () => (await candidate.get(`/sessions/${id}/inspect`, EnvironmentUse)).parts;
  // The toolbox of the setup goes beside a session that is ready.
  const parts = await vi.waitUntil(async () => {
    const found = await inspect();
    return found.every(({ part }) => part !== 'setup') && found;
  }, 10_000);
  expect(Object.fromEntries(parts.map(({ part, limits }) => [part, limits]))).toEqual({
    node: { cpuMillis: 2_000, memoryMib: 4_096, processes: 4_096, diskMib: 8_192 },
    terminal: { cpuMillis: 500, memoryMib: 512, processes: 1_024, diskMib: 2_048 },
  });
  const node = parts.find(({ part }) => part === 'node');
  expect(node).toMatchObject({ running: true });
  expect(node?.use.memoryMib).toBeGreaterThan(100);
  expect(node?.use.processes).toBeGreaterThan(20);

  await candidate.send('POST', `/sessions/${id}/start`);
  await candidate.waitForState(id, 'running');
  const shell = await openShell(await candidate.sshKey(id));
  // The session ends under it: whether the command comes back does not matter.
  const writing = shellExec(shell, 'dd if=/dev/zero of=full bs=1M count=4000').catch(() => null);
  const ended = await candidate.waitFor(id, ({ state }) => state === 'failed' || state === 'terminated', 50_000);
  expect(ended.failure).toMatchObject({ type: 'runtime', code: 'LIMIT_REACHED', reason: expect.stringMatching(/disk/) as string });
  await waitForTeardown(candidate, id);
  shell.end();
  await writing;
  expect((await candidate.status(id)).attempt).toBe('void');
  const { executionEnvironmentId } = await candidate.get(`/sessions/${id}`, SessionView);
  expect(await remains(id, executionEnvironmentId ?? '')).toEqual([]);

  const next = await candidate.startSession('slow-01');
  await candidate.send('DELETE', `/sessions/${next}`);
  await candidate.waitFor(next, ({ state, environment }) => state === 'terminated' && environment !== 'provisioning', 90_000);
});
