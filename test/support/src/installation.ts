/** A whole installation for tests: `npm start` as a process of its own, with its own data folder, ports and label. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '@ckx/toolchain';
import Docker from 'dockerode';
import { z } from 'zod';

const projectRoot = resolve(import.meta.dirname, '../../..');

/** What `npm start` writes for those who want to find it. */
export const RunFile = z.looseObject({
  apiUrl: z.url(),
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  installation: z.string(),
  metricsUrls: z.record(z.string(), z.url()),
  /** Absent where all hosts are elsewhere. */
  dockerHost: z.string().optional(),
  admin: z.object({ email: z.string(), password: z.string() }).optional(),
  pids: z.record(z.string(), z.int()),
});
export type RunFile = z.infer<typeof RunFile>;

export interface Installation {
  readonly dataDir: string;
  /** Reads the run file anew: process ids change when a process was restarted. */
  run(): Promise<RunFile>;
  stop(): Promise<void>;
}

/** Starts an installation and returns when it says that it is ready. */
export async function startInstallation(env: Record<string, string> = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ckx-test-'));
  const ports = {
    API_PORT: await freePort(),
    GATEWAY_PORT: await freePort(),
    POSTGRES_PORT: await freePort(),
    TEMPORAL_PORT: await freePort(),
    TEMPORAL_UI_PORT: await freePort(),
  };
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/start.ts')], {
    cwd: projectRoot,
    env: {
      ...process.env,
      CKX_DATA_DIR: dataDir,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      ...ownRanges(),
      // Tests make more accounts in a minute than a person may.
      AUTH_ATTEMPTS_PER_MINUTE: '1000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const runPath = join(dataDir, 'run.json');
  const run = async () => RunFile.parse(JSON.parse(await readFile(runPath, 'utf8')));
  try {
    await waitUntilReady(child, run, () => output);
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
  return {
    dataDir,
    run,
    stop: async () => {
      // One that has ended by itself leaves no file, and whoever stops it has the better error to tell.
      const last = await run().catch(() => null);
      await stopProcess(child);
      if (last?.dockerHost !== undefined) await removeLeftovers(last.installation);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Ports and networks beside those of an installation that somebody uses on the same engine, and of other tests. */
function ownRanges(): Record<string, string> {
  const block = randomInt(150);
  const range = (name: string, start: number) => ({
    [`${name}_START`]: String(start + block * 10),
    [`${name}_END`]: String(start + block * 10 + 9),
  });
  return {
    ...range('VNC_PORT_RANGE', 20_000),
    ...range('SSH_TERMINAL_PORT_RANGE', 22_000),
    ...range('SSH_JUMPHOST_PORT_RANGE', 24_000),
    ...range('K8S_PORT_RANGE', 26_000),
    CKX_SUBNET_POOL: `10.${50 + block}.0.0/16`,
  };
}

/** A test that failed may leave its session's environment; an installation that is gone needs none. */
async function removeLeftovers(installation: string): Promise<void> {
  const docker = new Docker();
  const filters = { label: [`ckx.installation=${installation}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) await docker.getContainer(Id).remove({ force: true, v: true });
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
  for (const { Name } of (await docker.listVolumes({ filters })).Volumes) await docker.getVolume(Name).remove();
}

async function waitUntilReady(child: ChildProcess, run: () => Promise<RunFile>, output: () => string): Promise<void> {
  const end = Date.now() + 300_000;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output().slice(-4000)}`);
    const ready = await run()
      // A control plane alone is not ready before a host is there; its run file says that it could be.
      .then(async ({ apiUrl, dockerHost }) => dockerHost === undefined || (await fetch(`${apiUrl}/health/ready`)).ok)
      .catch(() => false);
    if (ready) return;
    await new Promise((done) => setTimeout(done, 300));
  }
  throw new Error(`npm start was not ready within 300 s:\n${output().slice(-4000)}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  await exited;
}
