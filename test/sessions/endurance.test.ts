/** What a session outlives, and how it ends where it cannot: its node killed for real, and the host's worker with it. */
import { SessionView, type ExamSessionId } from '@ckx/contracts';
import { ApiClient, openShell, shellExec } from '@ckx/test-support/client';
import Docker from 'dockerode';
import { Client as PgClient } from 'pg';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { kill, remains, running, waitForTeardown } from './support.ts';

const LAB = 'ckad-mock-01';

const Restart = z.object({ part: z.string(), number: z.int(), state: z.enum(['down', 'up']) });

/** What the candidate was told of parts that died and came back. */
async function restarts(id: ExamSessionId): Promise<z.infer<typeof Restart>[]> {
  const pg = new PgClient({ connectionString: (await running()).databaseUrl });
  await pg.connect();
  try {
    const { rows } = await pg.query(`SELECT data FROM session_events WHERE exam_session_id = $1 AND kind = 'restart' ORDER BY id`, [id]);
    return z
      .array(z.object({ data: Restart }))
      .parse(rows)
      .map(({ data }) => data);
  } finally {
    await pg.end();
  }
}

const killNode = (id: ExamSessionId) => new Docker().getContainer(`ckx-node-${id}`).kill({ signal: 'KILL' });

/** Kills the node and waits until the session has it back. @returns milliseconds from one to the other. */
async function killAndWait(id: ExamSessionId, number: number): Promise<number> {
  const begunAt = performance.now();
  await killNode(id);
  await expect.poll(() => restarts(id), { timeout: 60_000, interval: 200 }).toContainEqual({ part: 'node', number, state: 'up' });
  return Math.round(performance.now() - begunAt);
}

it('outlives its node and the worker of its host; beyond three restarts it fails as infra, costs nothing, and another may start', async () => {
  const { apiUrl } = await running();
  const candidate = await ApiClient.register(apiUrl);
  const view = () => candidate.get(`/sessions/${id}`, SessionView);
  const id = await candidate.startSession(LAB);
  await candidate.waitForState(id, 'ready');
  await candidate.send('POST', `/sessions/${id}/start`);
  const started = await candidate.waitForState(id, 'running');
  const key = await candidate.sshKey(id);
  const inShell = async (command: string) => {
    const shell = await openShell(key);
    return shellExec(shell, command).finally(() => shell.end());
  };
  expect(await inShell('kubectl create configmap kept && echo mine >mine')).toMatchObject({ exitCode: 0 });

  // Killed once: the session goes on with what was in it, and no time is given for what a candidate could have done.
  const times = [await killAndWait(id, 1)];
  expect(await inShell('kubectl get configmap kept -o name && cat mine')).toMatchObject({ exitCode: 0, stdout: 'configmap/kept\nmine\n' });
  expect((await candidate.waitForState(id, 'running')).deadlineAt).toBe(started.deadlineAt);

  // Rebooted by the candidate: the same.
  const reboot = performance.now();
  await inShell('ssh controlplane sudo systemctl reboot').catch(() => undefined);
  await expect.poll(() => restarts(id), { timeout: 60_000, interval: 200 }).toContainEqual({ part: 'node', number: 2, state: 'up' });
  times.push(Math.round(performance.now() - reboot));
  expect((await view()).clock).toHaveLength(1);

  // The host's worker: the time in which nobody looked is given back, and shown.
  await kill('worker-host');
  await expect.poll(async () => (await view()).clock.map(({ kind }) => kind), { timeout: 60_000 }).toEqual(['start', 'credit']);
  const { clock, deadlineAt } = await view();
  const credited = clock[1]?.milliseconds ?? 0;
  expect(credited).toBeLessThan(60_000);
  expect(new Date(deadlineAt ?? 0).getTime()).toBe(new Date(started.deadlineAt ?? 0).getTime() + credited);

  times.push(await killAndWait(id, 3));
  await killNode(id);
  const failed = await candidate.waitForState(id, 'failed', 30_000);
  expect(failed.failure).toMatchObject({
    type: 'infra',
    code: 'RESTARTS_EXHAUSTED',
    reason: expect.stringMatching(/^The node of this session .*\.$/) as string,
  });
  // At once, whatever teardown takes.
  const again = await candidate.startSession(LAB);
  await candidate.waitFor(id, ({ attempt }) => attempt === 'void', 30_000);
  await candidate.send('DELETE', `/sessions/${again}`);

  await Promise.all([waitForTeardown(candidate, id), candidate.waitForState(again, 'terminated')]);
  expect(await remains(id, (await view()).executionEnvironmentId ?? '')).toEqual([]);
  console.log({ nodeBackAfterMs: times, creditedMs: credited });
});
