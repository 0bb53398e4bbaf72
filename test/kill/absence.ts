/**
 * `npm run test:absence`: a host's worker is stopped for longer than a session waits for it (five minutes), then for longer than a teardown does
 * (ten more), and comes back. About 25 minutes, most of them waiting.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionView, type ExamSessionId, type SessionStatus } from '@ckx/contracts';
import { ApiClient } from '@ckx/test-support/client';
import { startInstallation, type Installation } from '@ckx/test-support/installation';
import { remainsOf } from '@ckx/test-support/remains';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { untilInterrupted } from '../load/interrupted.ts';

const LAB = 'ckad-mock-01';
const READY_WITHIN_MS = 240_000;
/** Five minutes for the host, and what heartbeat and retry take. */
const FAILED_WITHIN_MS = 6 * 60_000;
/** Ten minutes for a host that takes the work of a teardown. */
const LOST_WITHIN_MS = 12 * 60_000;
/** A sweep every five minutes, two looks two minutes apart. */
const RECLAIMED_WITHIN_MS = 10 * 60_000;

interface Candidate {
  readonly client: ApiClient;
  readonly id: ExamSessionId;
}

const interrupted = untilInterrupted();
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const results: { readonly what: string; readonly fault: string | null }[] = [];

async function shows(what: string, look: () => Promise<unknown>): Promise<void> {
  interrupted.throwIfAborted();
  const fault = await look().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  results.push({ what, fault });
  say(`${fault === null ? 'ok    ' : 'FAILED'}  ${what}${fault === null ? '' : `: ${fault}`}`);
}

function must(holds: boolean, found: unknown): void {
  if (!holds) throw new Error(`found ${JSON.stringify(found)}`);
}

async function begin(apiUrl: string): Promise<Candidate> {
  const client = await ApiClient.register(apiUrl);
  return { client, id: await client.startSession(LAB) };
}

async function run(installation: Installation): Promise<void> {
  const { apiUrl, databaseUrl, pids } = await installation.run();
  const hostWorker = pids['worker-host'];
  if (hostWorker === undefined) throw new Error('There is no host worker.');
  const one = await begin(apiUrl);
  await one.client.waitForState(one.id, 'ready', READY_WITHIN_MS);
  await one.client.send('POST', `/sessions/${one.id}/start`);
  await one.client.waitForState(one.id, 'running', 10_000);
  const { executionEnvironmentId } = await one.client.get(`/sessions/${one.id}`, SessionView);
  if (executionEnvironmentId === null) throw new Error('There is no environment.');

  say('the host’s worker stands still');
  process.kill(hostWorker, 'SIGSTOP');
  const stoppedAt = Date.now();
  try {
    await shows('a session on it fails as infra after five minutes, with a sentence and a remedy', async () => {
      const over = await one.client.waitFor(one.id, isOver, FAILED_WITHIN_MS);
      const afterMs = Date.now() - stoppedAt;
      must(over.failure?.type === 'infra' && over.failure.reason !== '' && over.failure.remedy !== undefined, over);
      must(afterMs > 4.9 * 60_000, `after ${afterMs} ms`);
      say(`it failed ${(afterMs / 1_000).toFixed(0)} s later: ${over.failure?.code} ${over.failure?.reason}`);
    });
    await shows('its attempt is void', async () => {
      const { attempt } = await one.client.waitFor(one.id, ({ attempt: now }) => now !== 'in_progress', 30_000);
      must(attempt === 'void', attempt);
    });
    const next = await begin(apiUrl);
    await shows('its candidate’s next session waits, and is told why', async () => {
      const reason = 'No host takes sessions at the moment.';
      await next.client.waitFor(next.id, ({ waiting }) => waiting?.reason === reason, 30_000);
    });
    const patient = await one.client.renewed();
    await shows('its environment is lost ten minutes later', () =>
      patient.waitFor(one.id, ({ environment }) => environment === 'lost', LOST_WITHIN_MS),
    );
    say('the host’s worker goes on');
    process.kill(hostWorker, 'SIGCONT');
    await shows('who waited is admitted', async () => {
      const client = await next.client.renewed();
      await client.waitForState(next.id, 'ready', READY_WITHIN_MS);
      await client.send('DELETE', `/sessions/${next.id}`);
    });
    await shows('the lost environment is reclaimed', async () => {
      const client = await one.client.renewed();
      await client.waitFor(one.id, ({ environment }) => environment === 'destroyed', RECLAIMED_WITHIN_MS);
      const left = await remainsOf(databaseUrl, one.id, executionEnvironmentId);
      must(left.length === 0, left);
    });
    await shows('the other environment is gone', async () => {
      const client = await next.client.renewed();
      await client.waitFor(next.id, ({ environment }) => environment === 'destroyed', 60_000);
    });
  } finally {
    // A process that stands still hears no other signal.
    process.kill(hostWorker, 'SIGCONT');
    await sleep(1_000);
  }
}

function isOver({ state }: SessionStatus): boolean {
  return state === 'terminated' || state === 'failed';
}

const engine = await ensureEngine({ log: say });
const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
if (engine.origin === 'machine') process.env['DOCKER_HOST'] = engine.dockerHost;
Object.assign(process.env, imageVariables(images));
const installation = await startInstallation({ CKX_LABS: resolve(import.meta.dirname, '../../labs') });
try {
  await run(installation);
} catch (error) {
  results.push({ what: 'the run', fault: String(error) });
} finally {
  await installation.stop();
  await engine.release();
}
const failed = results.filter(({ fault }) => fault !== null).length;
for (const { what, fault } of results) console.log(`${fault === null ? 'ok    ' : 'FAILED'}  ${what}${fault === null ? '' : `: ${fault}`}`);
console.log(`Tests: ${results.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
