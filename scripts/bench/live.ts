/**
 * Sessions live at once on this machine, for real: how long they take to boot one by one and two at once, how soon the shells of all of them
 * answer, and what they take of the machine; beside one session in the same run.
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionView, type ExecutionEnvironmentId, type ExamSessionId, type SshKey } from '@ckx/contracts';
import { ApiClient, openShell } from '@ckx/test-support/client';
import { startInstallation } from '@ckx/test-support/installation';
import { connectDocker, ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { readContainers } from './memory.ts';
import { openPrompt } from './prompt.ts';
import { spreadOf, type Spread } from './statistics.ts';

const LAB = 'ckad-mock-01';
const SINGLE_BOOTS = 3;
/** The rush of a start is over by then. */
const SETTLE_MS = 20_000;
const LOOK_MS = 20_000;
const SHELL_SAMPLES = 320;
const CLUSTER_SAMPLES = 64;
const GONE_WITHIN_MS = 180_000;
const END_ATTEMPTS = 10;
const BOOT_WITHIN_MS = 240_000;
const UNITS = { cpuMillis: 2_500, memoryMib: 4_608 };

export interface ShellFigures {
  readonly open: number;
  /** `/bin/true` and Enter at a prompt over SSH, until what follows it is shown: a fork in the terminal. */
  readonly shellMs: Spread;
  /** The same of `kubectl get --raw /readyz`: a start of kubectl, and the session's API server. */
  readonly clusterMs: Spread;
  /** Of all containers of all sessions. */
  readonly memoryMib: number;
  /** Of the whole machine, 100 for each processor, while nobody works in any session. */
  readonly cpuPercent: number;
}

export interface LiveFigures {
  readonly cpus: number;
  readonly singleBootMs: Spread;
  /** Two sessions asked for at the same moment; each counts. */
  readonly pairBootMs: Spread;
  /** In the order in which they came: what later ones lose to those that are there. */
  readonly bootsMs: readonly number[];
  readonly baseline: ShellFigures;
  readonly loaded: ShellFigures;
}

interface Live {
  readonly client: ApiClient;
  readonly id: ExamSessionId;
  readonly environment: ExecutionEnvironmentId;
  /** Given out once. */
  readonly key: SshKey;
  readonly bootMs: number;
}

type Say = (line: string) => void;

/** Leaves nothing behind, whatever happens. */
export async function measureLive(sessions: number, say: Say, signal: AbortSignal): Promise<LiveFigures> {
  const engine = await ensureEngine({ log: say });
  try {
    const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
    Object.assign(process.env, { DOCKER_HOST: engine.dockerHost, ...imageVariables(images) });
    const installation = await startInstallation({
      CKX_LABS: resolve(import.meta.dirname, '../../labs'),
      MAX_CONCURRENT_SESSIONS: String(sessions),
      CKX_HOST_CPU_MILLIS: String(sessions * UNITS.cpuMillis),
      CKX_HOST_MEMORY_MIB: String(sessions * UNITS.memoryMib),
      CKX_HOST_BOOT_SLOTS: '2',
      MOCK_SESSIONS_PER_DAY: '0',
      ...portRanges(sessions),
    });
    const live: Live[] = [];
    try {
      const { apiUrl } = await installation.run();
      return await measure({ apiUrl, dockerHost: engine.dockerHost, live, sessions, say, signal });
    } finally {
      say(`ending ${live.length} sessions`);
      await Promise.all(live.map(end)).finally(() => installation.stop());
    }
  } finally {
    await engine.release();
  }
}

interface Run {
  readonly apiUrl: string;
  readonly dockerHost: string;
  /** Sessions that must be ended. */
  readonly live: Live[];
  readonly sessions: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function measure({ apiUrl, dockerHost, live, sessions, say, signal }: Run): Promise<LiveFigures> {
  say('warming up: one boot that does not count');
  await end(await boot(apiUrl));
  const singles: number[] = [];
  for (let single = 1; single <= SINGLE_BOOTS; single += 1) {
    signal.throwIfAborted();
    const one = await boot(apiUrl);
    singles.push(one.bootMs);
    say(`one boot: ${seconds(one.bootMs)}`);
    if (single < SINGLE_BOOTS) await end(one);
    else live.push(one);
  }
  const baseline = await lookAt(live, dockerHost, say, signal);
  const pairs: number[] = [];
  while (live.length < sessions) {
    signal.throwIfAborted();
    const some = await Promise.allSettled(Array.from({ length: Math.min(2, sessions - live.length) }, () => boot(apiUrl)));
    const booted = some.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    live.push(...booted);
    for (const one of some) if (one.status === 'rejected') throw one.reason;
    if (booted.length === 2) pairs.push(...booted.map(({ bootMs }) => bootMs));
    say(`${live.length} live: ${booted.map(({ bootMs }) => seconds(bootMs)).join(', ')}`);
  }
  const loaded = await lookAt(live, dockerHost, say, signal);
  const bootsMs = live.map(({ bootMs }) => bootMs);
  return { cpus: cpus().length, singleBootMs: spreadOf(singles), pairBootMs: spreadOf(pairs), bootsMs, baseline, loaded };
}

/** From the request until the session is ready, as the records have it. */
async function boot(apiUrl: string): Promise<Live> {
  const client = await ApiClient.register(apiUrl);
  const id = await client.startSession(LAB);
  try {
    const { createdAt, readyAt } = await client.waitForState(id, 'ready', BOOT_WITHIN_MS);
    const { executionEnvironmentId: environment } = await client.get(`/sessions/${id}`, SessionView);
    if (environment === null) throw new Error(`Session ${id} is ready and has no environment.`);
    const bootMs = Date.parse(readyAt ?? '') - Date.parse(createdAt);
    return { client, id, environment, key: await client.sshKey(id), bootMs };
  } catch (error) {
    await client.send('DELETE', `/sessions/${id}`);
    throw error;
  }
}

/** A machine under load may answer late, or ask to be asked again. */
async function end({ client, id }: Live): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await client.send('DELETE', `/sessions/${id}`);
    if (status < 300) break;
    if (attempt === END_ATTEMPTS) throw new Error(`DELETE answered ${status}: ${JSON.stringify(body)}`);
    await sleep(1_000);
  }
  await client.waitFor(id, ({ environment }) => environment === 'destroyed', GONE_WITHIN_MS);
}

async function lookAt(live: readonly Live[], dockerHost: string, say: Say, signal: AbortSignal): Promise<ShellFigures> {
  say(`${live.length} live: letting them settle, then looking`);
  await sleep(SETTLE_MS, undefined, { signal });
  const before = await busySeconds();
  await sleep(LOOK_MS, undefined, { signal });
  const cpuPercent = (((await busySeconds()) - before) / (LOOK_MS / 1_000)) * 100;
  const docker = connectDocker(dockerHost);
  let memoryMib = 0;
  for (const { environment } of live) {
    for (const container of await readContainers(docker, environment)) memoryMib += container.memoryMib;
  }
  const shells = await Promise.all(live.map(({ key }) => openShell(key)));
  try {
    const prompts = await Promise.all(shells.map(openPrompt));
    const timed = async (command: string, samples: number) => {
      const durations: number[] = [];
      for (let sample = 0; sample < samples; sample += 1) {
        signal.throwIfAborted();
        const prompt = prompts[sample % prompts.length];
        if (prompt === undefined) throw new Error('There is no prompt.');
        durations.push(await prompt.run(command));
      }
      return spreadOf(durations);
    };
    const shellMs = await timed('/bin/true', SHELL_SAMPLES);
    say(
      `shell p50 ${shellMs.p50.toFixed(1)} ms, p95 ${shellMs.p95.toFixed(1)} ms; ${Math.round(memoryMib)} MiB; ${cpuPercent.toFixed(0)} % of a processor`,
    );
    return {
      open: live.length,
      shellMs,
      clusterMs: await timed('kubectl get --raw /readyz >/dev/null', CLUSTER_SAMPLES),
      memoryMib,
      cpuPercent,
    };
  } finally {
    for (const shell of shells) shell.end();
  }
}

/** Seconds in which processors of this machine were not idle, all of them together, since it was started. */
async function busySeconds(): Promise<number> {
  const [, user, nice, system, , , irq, softirq] = (await readFile('/proc/stat', 'utf8')).split('\n', 1)[0]?.split(/\s+/).map(Number) ?? [];
  return [user, nice, system, irq, softirq].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) / 100;
}

/** Those of tests are too few for many sessions. */
function portRanges(sessions: number): Record<string, string> {
  const kinds = ['VNC', 'SSH_TERMINAL', 'SSH_JUMPHOST', 'K8S'];
  return Object.fromEntries(
    kinds.flatMap((kind, index) => [
      [`${kind}_PORT_RANGE_START`, String(28_000 + index * 200)],
      [`${kind}_PORT_RANGE_END`, String(28_000 + index * 200 + sessions + 20)],
    ]),
  );
}

const seconds = (durationMs: number) => `${(durationMs / 1_000).toFixed(1)} s`;
