/**
 * What many open sessions cost the control plane: answers of the API, tasks of workflows, memory and processor of each process; beside
 * the same figures with one session open, in the same run. The host is simulated (test/load), so that the machine has room for them.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionView } from '@ckx/contracts';
import type { ApiClient } from '@ckx/test-support/client';
import { Client as PgClient } from 'pg';
import { insertCandidates, type Candidate } from '../../test/load/candidates.ts';
import { startControlPlane, type ControlPlane } from '../../test/load/control-plane.ts';
import { useOf } from './process-use.ts';
import { spreadOf, type Spread } from './statistics.ts';

const LAB = 'load-long';
const READS = 500;
const CREATES = 50;
/** Those who come at the same time. */
const AT_ONCE = 8;
const SETTLE_MS = 10_000;
const LOOK_MS = 20_000;
const REACHED_WITHIN_MS = 30 * 60_000;
const TASKS = 'temporal_workflow_task_execution_latency_count';
const PROCESSES = ['api', 'worker-control', 'temporal', 'postgres'] as const;
type ProcessName = (typeof PROCESSES)[number] | 'simulated host';

export interface Situation {
  readonly open: number;
  readonly statusMs: Spread;
  readonly listMs: Spread;
  readonly createMs: Spread;
  /** While nothing is asked of the sessions. */
  readonly idleTasksPerSecond: number;
  readonly processes: Readonly<Record<ProcessName, { readonly memoryMib: number; readonly cpuPercent: number }>>;
}

export interface ControlPlaneFigures {
  readonly baseline: Situation;
  readonly loaded: Situation;
  /** From the first request until the last of the sessions runs. */
  readonly opening: { readonly sessions: number; readonly seconds: number; readonly tasksPerSecond: number };
}

interface Bench {
  readonly plane: ControlPlane;
  readonly candidates: Candidate[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @param sessions how many are open at once. Leaves nothing behind. */
export async function measureControlPlane(sessions: number, say: Bench['say'], signal: AbortSignal): Promise<ControlPlaneFigures> {
  const jwtSecret = randomBytes(32).toString('hex');
  const plane = await startControlPlane({ places: sessions + 2 * CREATES, bootSlots: 16, seed: 'bench', jwtSecret });
  try {
    const { apiUrl, databaseUrl } = await plane.installation.run();
    const pg = new PgClient({ connectionString: databaseUrl });
    await pg.connect();
    const candidates = await insertCandidates(pg, sessions + 2 * CREATES, { apiUrl, jwtSecret }).finally(() => pg.end());
    const bench = { plane, candidates, say, signal };
    const first = await open(bench, 1);
    const baseline = await measure(bench, first);
    const begun = performance.now();
    const tasksBefore = await countTasks(plane);
    const others = await open(bench, sessions - 1);
    const seconds = (performance.now() - begun) / 1_000;
    const tasksPerSecond = ((await countTasks(plane)) - tasksBefore) / seconds;
    const loaded = await measure(bench, [...first, ...others]);
    return { baseline, loaded, opening: { sessions: others.length, seconds, tasksPerSecond } };
  } finally {
    await plane.stop();
  }
}

interface Open {
  readonly client: ApiClient;
  readonly id: SessionView['examSessionId'];
}

/** Opens so many sessions more, until the clock of each runs. */
async function open({ candidates, plane, say, signal }: Bench, count: number): Promise<Open[]> {
  const opened = await inPool(candidates.splice(0, count), async ({ client }): Promise<Open> => {
    return { client, id: await client.startSession(LAB) };
  });
  say(`${opened.length} sessions asked for`);
  const { databaseUrl } = await plane.installation.run();
  const pg = new PgClient({ connectionString: databaseUrl });
  await pg.connect();
  const end = Date.now() + REACHED_WITHIN_MS;
  const started = new Set<string>();
  try {
    for (let saidAt = Date.now(); ;) {
      signal.throwIfAborted();
      const { rows } = await pg.query<{ id: string; state: string }>('SELECT id, state FROM exam_sessions');
      const stateOf = new Map(rows.map(({ id, state }) => [id, state]));
      const startable = opened.filter(({ id }) => stateOf.get(id) === 'ready' && !started.has(id));
      await inPool(startable, async ({ client, id }) => {
        started.add(id);
        await client.send('POST', `/sessions/${id}/start`);
      });
      const running = opened.filter(({ id }) => stateOf.get(id) === 'running').length;
      const ended = opened.find(({ id }) => ['failed', 'terminated'].includes(stateOf.get(id) ?? ''));
      if (ended !== undefined) throw new Error(`Session ${ended.id} has ended while sessions were opened.`);
      if (running === opened.length) return opened;
      if (Date.now() > end) throw new Error(`${running} of ${opened.length} sessions run after ${REACHED_WITHIN_MS / 60_000} minutes.`);
      if (Date.now() - saidAt > LOOK_MS) {
        say(`${running} of ${opened.length} run`);
        saidAt = Date.now();
      }
      await sleep(500);
    }
  } finally {
    await pg.end();
  }
}

async function measure({ plane, candidates, say, signal }: Bench, open: readonly Open[]): Promise<Situation> {
  await sleep(SETTLE_MS, undefined, { signal });
  say(`${open.length} open: looking for ${LOOK_MS / 1_000} s`);
  const [tasks, before] = [await countTasks(plane), await lookAtProcesses(plane)];
  await sleep(LOOK_MS, undefined, { signal });
  const [tasksAfter, after] = [await countTasks(plane), await lookAtProcesses(plane)];
  const processes = Object.fromEntries(
    Object.entries(after).map(([name, { memoryMib, cpuSeconds }]) => {
      const used = cpuSeconds - (before[name]?.cpuSeconds ?? 0);
      return [name, { memoryMib, cpuPercent: (used / (LOOK_MS / 1_000)) * 100 }];
    }),
  ) as Situation['processes'];
  say(`${open.length} open: asking`);
  const pick = (index: number) => open[(index * 7) % open.length] ?? open[0];
  const statusMs = await timed(READS, async (index) => {
    const one = pick(index);
    if (one !== undefined) await one.client.status(one.id);
  });
  const listMs = await timed(READS, async (index) => {
    await must(pick(index)?.client.send('GET', '/sessions'), 200);
  });
  const createMs: number[] = [];
  for (const { client } of candidates.splice(0, CREATES)) {
    signal.throwIfAborted();
    const begun = performance.now();
    const answer = await must(client.send('POST', '/sessions', { labId: LAB }), 202);
    createMs.push(performance.now() - begun);
    await client.send('DELETE', `/sessions/${SessionView.parse(answer.body).examSessionId}`);
  }
  return {
    open: open.length,
    statusMs: spreadOf(statusMs),
    listMs: spreadOf(listMs),
    createMs: spreadOf(createMs),
    idleTasksPerSecond: (tasksAfter - tasks) / (LOOK_MS / 1_000),
    processes,
  };
}

async function must(answer: Promise<Awaited<ReturnType<ApiClient['send']>>> | undefined, status: number) {
  const found = await answer;
  if (found?.status !== status) throw new Error(`The API answered ${found?.status}: ${JSON.stringify(found?.body)}`);
  return found;
}

/** One after the other, as one candidate would notice it. */
async function timed(times: number, work: (index: number) => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await work(index);
    samples.push(performance.now() - begun);
  }
  return samples;
}

async function inPool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Workflow tasks that the control worker has done. */
async function countTasks({ installation }: ControlPlane): Promise<number> {
  const { metricsUrls } = await installation.run();
  const text = await (await fetch(metricsUrls['worker-control'] ?? '')).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${TASKS}{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function lookAtProcesses({
  installation,
  hostPid,
}: ControlPlane): Promise<Record<string, { memoryMib: number; cpuSeconds: number }>> {
  const { pids } = await installation.run();
  const named = [...PROCESSES.map((name) => [name, pids[name] ?? 0] as const), ['simulated host', hostPid()] as const];
  return Object.fromEntries(await Promise.all(named.map(async ([name, pid]) => [name, await useOf(pid)] as const)));
}
