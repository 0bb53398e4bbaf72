/**
 * From the request for a session until its terminal is of use in a browser: first without a warm pool, then with one environment ready each time. Two
 * installations one after the other, each with a session before that does not count.
 */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectTicket, EnvironmentSpec, PROVISION_STEPS, type ExamSessionId, type ProvisionStep } from '@ckx/contracts';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { ApiClient } from '@ckx/test-support/client';
import { startInstallation } from '@ckx/test-support/installation';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { z } from 'zod';
import { TerminalClient } from '../../apps/gateway/test/client.ts';
import { spreadOf, type Spread } from './statistics.ts';

const LAB = 'ckad-mock-01';
const LOOK_EVERY_MS = 50;
const WITHIN_MS = 240_000;
/** What the machine still does for the session before. */
const SETTLE_MS = 5_000;

interface Start {
  readonly readyMs: number;
  readonly promptMs: number;
  readonly clusterMs: number;
  readonly stepsMs: Partial<Record<ProvisionStep, number>>;
}

export interface StartFigures {
  /** From the request until the state is `ready`, as a client sees it. */
  readonly readyMs: Spread;
  /** From the request until a command has run in the browser's terminal: a ticket issued, a connection and a shell opened before. */
  readonly promptMs: Spread;
  /** As {@link promptMs}, and then kubectl has asked the cluster. */
  readonly clusterMs: Spread;
  readonly stepsMs: Partial<Record<ProvisionStep, Spread>>;
}

export type WarmFigures = Readonly<Record<'cold' | 'warm', StartFigures>>;

type Say = (line: string) => void;

/** Leaves nothing behind, whatever happens. */
export async function measureWarm(runs: number, say: Say, signal: AbortSignal): Promise<WarmFigures> {
  const engine = await ensureEngine({ log: say });
  try {
    const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
    Object.assign(process.env, { DOCKER_HOST: engine.dockerHost, ...imageVariables(images) });
    return { cold: await measureWith(0, runs, say, signal), warm: await measureWith(1, runs, say, signal) };
  } finally {
    await engine.release();
  }
}

async function measureWith(poolSize: 0 | 1, runs: number, say: Say, signal: AbortSignal): Promise<StartFigures> {
  const installation = await startInstallation({
    CKX_LABS: resolve(import.meta.dirname, '../../labs'),
    MOCK_SESSIONS_PER_DAY: '0',
    WARM_POOL_SIZE: String(poolSize),
  });
  try {
    const { apiUrl, databaseUrl } = await installation.run();
    const database = await openDatabase(databaseUrl);
    try {
      // With it the pool learns what is asked for.
      await start(apiUrl, database, false, signal);
      const starts: Start[] = [];
      for (let run = 1; run <= runs; run += 1) {
        if (poolSize > 0) await untilPoolReady(database, signal);
        await sleep(SETTLE_MS, undefined, { signal });
        const one = await start(apiUrl, database, poolSize > 0, signal);
        starts.push(one);
        say(
          `${poolSize > 0 ? 'warm' : 'cold'} ${run} of ${runs}: ready after ${one.readyMs.toFixed(0)} ms, prompt after ${one.promptMs.toFixed(0)} ms`,
        );
      }
      return sumUp(starts);
    } finally {
      await database.destroy();
    }
  } finally {
    await installation.stop();
  }
}

/** @throws Error where the session was not given what it should have been. */
async function start(apiUrl: string, database: DataSource, shouldBeWarm: boolean, signal: AbortSignal): Promise<Start> {
  const client = await ApiClient.register(apiUrl);
  const begun = performance.now();
  const id = await client.startSession(LAB);
  try {
    const stepsMs = await untilReady(client, id, signal);
    const readyMs = performance.now() - begun;
    const answer = await client.send('POST', `/sessions/${id}/connect`, { kind: 'terminal' });
    const { url, ticket } = ConnectTicket.parse(answer.body);
    const terminal = new TerminalClient(`${url}&cols=120&rows=40`, ticket, { origin: new URL(apiUrl).origin });
    await once(terminal.socket, 'open');
    await terminal.run('true');
    const promptMs = performance.now() - begun;
    await terminal.run('kubectl get nodes >/dev/null');
    const clusterMs = performance.now() - begun;
    terminal.socket.close();
    const isWarm = await wasWarm(database, id);
    if (isWarm !== shouldBeWarm) throw new Error(`The session ${id} was given ${isWarm ? 'a warm' : 'a cold'} environment.`);
    return { readyMs, promptMs, clusterMs, stepsMs };
  } finally {
    await client.send('DELETE', `/sessions/${id}`);
    await client.waitFor(id, ({ environment }) => environment === 'destroyed', WITHIN_MS);
  }
}

async function untilReady(client: ApiClient, id: ExamSessionId, signal: AbortSignal): Promise<Start['stepsMs']> {
  for (const end = performance.now() + WITHIN_MS; performance.now() < end; await sleep(LOOK_EVERY_MS, undefined, { signal })) {
    const { state, progress, failure } = await client.status(id);
    if (state === 'ready') return Object.fromEntries(progress.map(({ step, durationMs }) => [step, durationMs ?? 0]));
    if (state === 'failed' || state === 'terminated') throw new Error(`Session ${id} became ${state}: ${failure?.reason ?? ''}`);
  }
  throw new Error(`Session ${id} was not ready in time.`);
}

const Specs = z.array(z.object({ spec: EnvironmentSpec }));

async function wasWarm(database: DataSource, id: ExamSessionId): Promise<boolean> {
  const [row] = Specs.parse(await database.query('SELECT spec FROM environments WHERE exam_session_id = $1', [id]));
  return row?.spec.bornWarm === true;
}

async function untilPoolReady(database: DataSource, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + WITHIN_MS; performance.now() < end; await sleep(250, undefined, { signal })) {
    const rows: unknown[] = await database.query(`SELECT 1 FROM environments WHERE exam_session_id IS NULL AND state = 'ready'`);
    if (rows.length > 0) return;
  }
  throw new Error('No environment was ready in the warm pool in time.');
}

function sumUp(starts: readonly Start[]): StartFigures {
  const of = (figure: (start: Start) => number | undefined) => spreadOf(starts.map(figure).filter((value) => value !== undefined));
  const steps = PROVISION_STEPS.filter((step) => starts.some(({ stepsMs }) => stepsMs[step] !== undefined));
  return {
    readyMs: of(({ readyMs }) => readyMs),
    promptMs: of(({ promptMs }) => promptMs),
    clusterMs: of(({ clusterMs }) => clusterMs),
    stepsMs: Object.fromEntries(steps.map((step) => [step, of(({ stepsMs }) => stepsMs[step])])),
  };
}
