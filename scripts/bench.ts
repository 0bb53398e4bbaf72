/**
 * `npm run bench`: how long a cold start takes, step by step, beside a bare node in the same run; what an idle session costs; how long grading
 * takes. Uses the installation that runs on this machine, or starts one for the time being. Leaves nothing behind.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, findTarget, table } from '@ckx/cli';
import { Command, describeFailure, parseOptions } from '@ckx/command';
import { CkxError, LabId, PROVISION_STEPS } from '@ckx/contracts';
import { startInstallation } from '@ckx/test-support/installation';
import { connectDocker } from '@ckx/toolchain';
import { z } from 'zod';
import { describeApi } from './bench/api-report.ts';
import { measureApi } from './bench/api.ts';
import { bootBareNode } from './bench/bare-node.ts';
import { describeControlPlane } from './bench/control-plane-report.ts';
import { measureControlPlane } from './bench/control-plane.ts';
import { describeGateway } from './bench/gateway-report.ts';
import { measureGateway } from './bench/gateway.ts';
import { describeGrading } from './bench/grading-report.ts';
import { measureGrading } from './bench/grading.ts';
import { describeLive } from './bench/live-report.ts';
import { measureLive } from './bench/live.ts';
import { readContainers, type ContainerFacts } from './bench/memory.ts';
import { describeNodes } from './bench/nodes-report.ts';
import { measureNodes } from './bench/nodes.ts';
import { measureSession, type SessionFigures } from './bench/session-run.ts';
import { describeRoom } from './bench/room-report.ts';
import { measureRoom } from './bench/room.ts';
import { spreadOf, type Spread } from './bench/statistics.ts';
import { describeWarm } from './bench/warm-report.ts';
import { measureWarm } from './bench/warm.ts';
import { describeWeb } from './bench/web-report.ts';
import { measureWeb } from './bench/web.ts';

const RESULTS = resolve(import.meta.dirname, '../bench/results.json');
/** What a session is allowed, at first. */
const AIMS = { ratio: 1.8, memoryMib: 520 };
/** A session is idle once the rush of its start is over. */
const SETTLE_MS = 15_000;

const Options = z.object({ runs: z.coerce.number().int().min(1).max(100), json: z.boolean().default(false) });
const ManyOptions = z.object({ sessions: z.coerce.number().int().min(2).max(5_000), json: z.boolean().default(false) });
const LiveOptions = z.object({ sessions: z.coerce.number().int().min(3).max(64), json: z.boolean().default(false) });
const GatewayOptions = z.object({ sessions: z.coerce.number().int().min(1).max(64), json: z.boolean().default(false) });
const RoomOptions = z.object({ openings: z.coerce.number().int().min(1).max(1_000), json: z.boolean().default(false) });
const WebOptions = z.object({ visits: z.coerce.number().int().min(1).max(200), json: z.boolean().default(false) });
const GradingOptions = z.object({ lab: LabId, json: z.boolean().default(false) });
const ApiOptions = z.object({
  connections: z.coerce.number().int().min(1).max(256),
  seconds: z.coerce.number().int().min(4).max(600),
  json: z.boolean().default(false),
});
const RunFile = z.object({ apiUrl: z.url(), dockerHost: z.string() });

const say = (line: string) => void process.stderr.write(`${line}\n`);

interface Bench {
  readonly client: Client;
  readonly dockerHost: string;
  stop(): Promise<void>;
}

/** The installation that answers here; another one beside it would want the same ports. */
async function findOrStart(): Promise<Bench> {
  const target = await findTarget(undefined);
  const dataDir = process.env['CKX_DATA_DIR'] ?? resolve(import.meta.dirname, '../.ckx');
  const running = await readFile(join(dataDir, 'run.json'), 'utf8').catch(() => null);
  const answers = await fetch(`${target.apiUrl}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (running !== null && answers) {
    const { dockerHost } = RunFile.parse(JSON.parse(running));
    return { client: new Client(target, say), dockerHost, stop: () => Promise.resolve() };
  }
  say('no installation runs here: starting one for the time being');
  const installation = await startInstallation();
  const { apiUrl, dockerHost } = RunFile.parse(await installation.run());
  const configFolder = await mkdtemp(join(tmpdir(), 'ckx-bench-'));
  const stop = async () => {
    await installation.stop();
    await rm(configFolder, { recursive: true });
  };
  return { client: new Client({ ...target, apiUrl, local: true, configFolder }), dockerHost, stop };
}

async function measure({ client, dockerHost }: Bench, runs: number, signal: AbortSignal) {
  const docker = connectDocker(dockerHost);
  let containers: ContainerFacts[] = [];
  const look = async (environment: Parameters<typeof readContainers>[1]) => {
    await sleep(SETTLE_MS, undefined, { signal });
    containers = await readContainers(docker, environment);
  };
  say('warming up: one session, one bare node, neither counts');
  await measureSession(client, look, signal);
  const image = containers.find(({ part }) => part === 'node')?.image;
  if (image === undefined) throw new Error('The session has no container with the label ckx.part=node.');
  await bootBareNode(docker, image, signal);

  const bareMs: number[] = [];
  const sessions: SessionFigures[] = [];
  for (let run = 1; run <= runs; run++) {
    // By turns, so that whatever else the machine does falls on both.
    bareMs.push(await bootBareNode(docker, image, signal));
    sessions.push(await measureSession(client, run === runs ? look : () => Promise.resolve(), signal));
    say(
      `run ${run} of ${runs}: prompt after ${seconds(sessions.at(-1)?.promptMs ?? 0)}, a bare node Ready after ${seconds(bareMs.at(-1) ?? 0)}`,
    );
  }
  return { bareMs, sessions, containers };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function sumUp({ bareMs, sessions, containers }: Measured) {
  const of = (figure: (session: SessionFigures) => number | undefined): Spread =>
    spreadOf(sessions.map(figure).filter((value) => value !== undefined));
  const steps = PROVISION_STEPS.filter((step) => sessions.some(({ stepsMs }) => stepsMs[step] !== undefined));
  const prompt = of(({ promptMs }) => promptMs);
  const bare = spreadOf(bareMs);
  const memoryMib = containers.reduce((sum, container) => sum + container.memoryMib, 0);
  return {
    at: new Date().toISOString(),
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', memoryMib: Math.round(totalmem() / 2 ** 20) },
    runs: sessions.length,
    stepsMs: Object.fromEntries(steps.map((step) => [step, of(({ stepsMs }) => stepsMs[step])])),
    readyMs: of(({ readyMs }) => readyMs),
    promptMs: prompt,
    bareNodeReadyMs: bare,
    ratio: { p50: prompt.p50 / bare.p50, p95: prompt.p95 / bare.p95, aim: AIMS.ratio },
    gradingMs: of(({ gradingMs }) => gradingMs),
    goneMs: of(({ goneMs }) => goneMs),
    memory: {
      containers: containers.map(({ part, memoryMib: mib }) => ({ part, memoryMib: mib })),
      totalMib: memoryMib,
      aimMib: AIMS.memoryMib,
    },
  };
}

function describe(results: ReturnType<typeof sumUp>): string {
  const row = (name: string, spread: Spread) => [name, seconds(spread.p50), seconds(spread.p95)];
  const times = [
    ...Object.entries(results.stepsMs).map(([step, spread]) => row(`  ${step}`, spread)),
    row('ready', results.readyMs),
    row('prompt: a command ran over SSH', results.promptMs),
    row('bare node Ready', results.bareNodeReadyMs),
    ['prompt / bare node', results.ratio.p50.toFixed(2), results.ratio.p95.toFixed(2)],
    row('graded after handing in', results.gradingMs),
    row('gone after handing in', results.goneMs),
  ];
  const memory = [
    ...results.memory.containers.map(({ part, memoryMib }) => [part, memoryMib.toFixed(0)]),
    ['all', results.memory.totalMib.toFixed(0)],
  ];
  const { cpus: cores, model } = results.machine;
  return [
    `${results.runs} cold starts, one after the other, on ${cores} × ${model}`,
    table(['', 'p50', 'p95'], times),
    table(['idle session', 'MiB'], memory),
    `aims: prompt within ${AIMS.ratio} × of the bare node (${met(results.ratio.p50 <= AIMS.ratio)}), ${AIMS.memoryMib} MiB a session (${met(results.memory.totalMib <= AIMS.memoryMib)})`,
  ].join('\n\n');
}

/** What was begun is still removed. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new CkxError('user', 'INTERRUPTED', 'Interrupted; what was begun has been removed.')));
  }
  return controller.signal;
}

const met = (reached: boolean) => (reached ? 'met' : 'not met');
const seconds = (durationMs: number) => `${(durationMs / 1000).toFixed(1)} s`;

const interrupted = untilInterrupted();

const command = new Command('bench')
  // What stands behind a command is its own, also where this one has an option of that name.
  .enablePositionalOptions()
  .description('Measures cold starts, memory and grading on this machine.')
  .option('--runs <number>', 'how many of each', '10')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { runs, json } = parseOptions(Options, given);
    const bench = await findOrStart();
    try {
      const results = sumUp(await measure(bench, runs, interrupted));
      await mkdir(resolve(RESULTS, '..'), { recursive: true });
      await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
      console.log(json ? JSON.stringify(results) : `${describe(results)}\n\nwritten to ${RESULTS}`);
    } finally {
      await bench.stop();
    }
  });

command
  .command('control-plane')
  .description('Measures what many open sessions cost the control plane; their host is simulated.')
  .option('--sessions <number>', 'how many are open at once', '1000')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { sessions, json } = parseOptions(ManyOptions, given);
    const figures = await measureControlPlane(sessions, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeControlPlane(figures));
  });

command
  .command('live')
  .description('Measures sessions that are live at once on this machine: boots, answers of their shells, memory.')
  .option('--sessions <number>', 'how many', '16')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { sessions, json } = parseOptions(LiveOptions, given);
    const figures = await measureLive(sessions, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeLive(figures));
  });

command
  .command('nodes')
  .description('Measures boots of clusters of one, two and three nodes, by turns.')
  .option('--runs <number>', 'how many of each', '5')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { runs, json } = parseOptions(Options, given);
    const figures = await measureNodes(runs, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeNodes(figures));
  });

command
  .command('warm')
  .description('Measures starts of sessions with an environment that was there already, and without.')
  .option('--runs <number>', 'how many of each', '5')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { runs, json } = parseOptions(Options, given);
    const figures = await measureWarm(runs, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeWarm(figures));
  });

command
  .command('gateway')
  .description('Measures terminals through the gateway beside plain SSH: the echo of a key, and much output.')
  .option('--sessions <number>', 'how many type at once, at most', '16')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { sessions, json } = parseOptions(GatewayOptions, given);
    const counts = [...new Set([1, 8, sessions])].filter((count) => count <= sessions);
    const figures = await measureGateway(counts, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeGateway(figures));
  });

command
  .command('grading')
  .description('Measures setup and grading of a lab, beside the same checks one after the other over SSH on the same cluster.')
  .option('--lab <id>', 'a lab of this installation, or of the folders in CKX_LABS', 'helm-full-01')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { lab, json } = parseOptions(GradingOptions, given);
    const figures = await measureGrading(lab, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeGrading(figures));
  });

command
  .command('api')
  .description('Measures sign-in, status and labs beside an endpoint of bare Nest; no host is needed.')
  .option('--connections <number>', 'how many ask at once', '16')
  .option('--seconds <number>', 'for how long each is asked', '20')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { connections, seconds: duration, json } = parseOptions(ApiOptions, given);
    const figures = await measureApi(connections, duration, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeApi(figures));
  });

command
  .command('room')
  .description('Measures the exam room in a browser: script, tasks of the main thread in a flood of output, memory.')
  .option('--openings <number>', 'of a terminal', '100')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { openings, json } = parseOptions(RoomOptions, given);
    const figures = await measureRoom(openings, say, interrupted);
    console.log(json ? JSON.stringify(figures) : describeRoom(figures));
  });

command
  .command('web')
  .description('Measures first visits of the landing page in a browser whose processor is slowed down, and the weight of each page.')
  .option('--visits <number>', 'how many', '10')
  .option('--json', 'print the results as JSON')
  .action(async (given: unknown) => {
    const { visits, json } = parseOptions(WebOptions, given);
    const { pages, ...figures } = await measureWeb(visits, say, interrupted);
    console.log(json ? JSON.stringify({ ...figures, pages: Object.fromEntries(pages) }) : describeWeb({ ...figures, pages }));
  });

try {
  await command.parseAsync();
} catch (error) {
  const { exitCode, body } = describeFailure(interrupted.aborted ? interrupted.reason : error);
  console.error(body.error.message);
  process.exitCode = exitCode;
}
