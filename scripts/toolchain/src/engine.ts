/**
 * The Docker engine: the one that is there, or on a Linux machine as root where none runs, one of ours with user namespaces and live
 * restore, so that root in a container is nobody on the host and containers survive the engine.
 */
import { spawn } from 'node:child_process';
import { access, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CkxError } from '@ckx/contracts';
import { isOnThisMachine, raiseKernelSettings, setFirewall } from '@ckx/host-walls';
import Docker from 'dockerode';
import { z } from 'zod';
import { hasCode, withLock } from './lock.ts';
import { installPackages, onPath } from './packages.ts';
import { cachePath } from './paths.ts';
import { endProcess, isAlive, markOf, ProcessMark } from './processes.ts';
import { step, type Log } from './progress.ts';
import { addUser, countUsers, removeUser } from './users.ts';

export interface Engine {
  /** As in the variable DOCKER_HOST. */
  readonly dockerHost: string;
  /** `ours` was started by the toolchain, now or by another process. */
  readonly origin: 'machine' | 'ours';
  /** Ends this process's use. The last user of an engine of ours stops it, unless containers run. */
  release(): Promise<void>;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
const PING_TIMEOUT_MS = 5_000;
const STARTUP_TIMEOUT_MS = 60_000;
const SHUTDOWN_GRACE_MS = 20_000;
/** Where the engine writes the numbers of its processes, and what they are called. */
const ENGINE_MARKS = { '/var/run/docker.pid': 'dockerd', '/var/run/docker/containerd/containerd.pid': 'containerd' };
const PACKAGES = ['docker.io', 'containerd', 'runc', 'iptables'];

const files = {
  lock: () => cachePath('engine', 'lock'),
  users: () => cachePath('engine', 'users'),
  /** Mark of the dockerd that we started. */
  daemon: () => cachePath('engine', 'dockerd.json'),
  /** Present: the engine stays when its last user leaves. */
  keep: () => cachePath('engine', 'keep'),
  log: () => cachePath('engine', 'dockerd.log'),
};

/** A client for an engine; everything but a socket path is read from Docker's own variables. */
export function connectDocker(dockerHost: string, timeoutMs?: number): Docker {
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  return new Docker({ ...timeout, ...(dockerHost.startsWith('unix://') ? { socketPath: dockerHost.slice('unix://'.length) } : {}) });
}

/**
 * Finds an engine or starts one.
 *
 * @throws CkxError `ENGINE_…`, one sentence with a remedy.
 */
export async function ensureEngine(options: { log: Log }): Promise<Engine> {
  return withLock(
    files.lock(),
    async () => {
      let dockerHost = await findEngine();
      if (dockerHost === null) {
        await startEngine(options.log);
        dockerHost = `unix://${DEFAULT_SOCKET}`;
      }
      const origin = await engineOrigin();
      for (const { key, minimum, why } of await raiseKernelSettings()) {
        options.log(`warning: ${key} is below ${minimum} and could not be raised (${why}); run: sysctl -w ${key}=${minimum}`);
      }
      await wallHost(dockerHost, options.log);
      const user = origin === 'ours' ? await addUser(files.users()) : null;
      return { dockerHost, origin, release: () => (user === null ? Promise.resolve() : releaseEngine(user, options.log)) };
    },
    { onWait: (pid) => options.log(`waiting for process ${pid}, which is starting the Docker engine`) },
  );
}

/** The firewall around sessions, where this process may set it; `doctor` and the host worker say what is missing elsewhere. */
async function wallHost(dockerHost: string, log: Log): Promise<void> {
  if (!isOnThisMachine(dockerHost) || process.getuid?.() !== 0) return;
  try {
    await setFirewall();
  } catch (error) {
    log(`warning: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whose the engine is that runs. */
export async function engineOrigin(): Promise<Engine['origin']> {
  return !process.env['DOCKER_HOST'] && (await ourDaemon()) !== null ? 'ours' : 'machine';
}

/** Makes an engine of ours stay when nobody uses it (`keep`), or go as soon as nobody does. */
export async function keepEngine(keep: boolean): Promise<void> {
  await mkdir(cachePath('engine'), { recursive: true });
  if (keep) await writeFile(files.keep(), '');
  else await rm(files.keep(), { force: true });
}

/** Stops an engine of ours if nobody uses it and no containers run. @returns whether it is gone */
export async function stopUnusedEngine(log: Log): Promise<boolean> {
  return withLock(files.lock(), () => stopIfUnused(log));
}

async function releaseEngine(user: string, log: Log): Promise<void> {
  await withLock(files.lock(), async () => {
    await removeUser(user);
    await stopIfUnused(log);
  });
}

async function stopIfUnused(log: Log): Promise<boolean> {
  const daemon = await ourDaemon();
  if (daemon === null) return true;
  if ((await countUsers(files.users())) > 0 || (await exists(files.keep()))) return false;
  const running = await connectDocker(`unix://${DEFAULT_SOCKET}`)
    .listContainers()
    .catch((error: unknown) => {
      log(`the Docker engine does not answer: ${String(error)}`);
      return [];
    });
  if (running.length > 0) {
    log(`the Docker engine stays: ${running.length} containers run on it`);
    return false;
  }
  await step(log, 'Docker engine stopped', () => endProcess(daemon, SHUTDOWN_GRACE_MS));
  await rm(files.daemon(), { force: true });
  return true;
}

/**
 * An engine that answers, as DOCKER_HOST, or null where none runs.
 *
 * @throws CkxError when DOCKER_HOST is set and does not answer, or a socket is there and this user may not open it.
 */
export async function findEngine(): Promise<string | null> {
  const given = process.env['DOCKER_HOST'];
  if (given) {
    const failure = await ping(given);
    if (failure === null) return given;
    throw new CkxError(
      'operational',
      'ENGINE_UNREACHABLE',
      `DOCKER_HOST is ${given}, and no Docker engine answers there: ${failure.message}.`,
      {
        remedy: 'Start that engine, or unset DOCKER_HOST to use the engine of this machine.',
      },
    );
  }
  for (const socket of sockets()) {
    const failure = await ping(`unix://${socket}`);
    if (failure === null) return `unix://${socket}`;
    if (hasCode(failure, 'EACCES') || hasCode(failure, 'EPERM')) {
      throw new CkxError('operational', 'ENGINE_NOT_PERMITTED', `This user may not open the Docker engine's socket ${socket}.`, {
        remedy: 'Add the user to the group that owns it (usermod -aG docker <user>, then log in again), or run as root.',
      });
    }
  }
  return null;
}

function sockets(): string[] {
  const runtimeDir = process.env['XDG_RUNTIME_DIR'];
  return [DEFAULT_SOCKET, join(homedir(), '.docker/run/docker.sock'), ...(runtimeDir ? [join(runtimeDir, 'docker.sock')] : [])];
}

/** @returns why it does not answer, or null */
async function ping(dockerHost: string): Promise<Error | null> {
  try {
    await connectDocker(dockerHost, PING_TIMEOUT_MS).ping();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function startEngine(log: Log): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new CkxError('operational', 'ENGINE_NOT_RUNNING', 'No Docker engine is running, and only root on Linux can have one started.', {
      remedy: 'Start Docker (systemctl start docker, or Docker Desktop), or point DOCKER_HOST at an engine.',
    });
  }
  if (!(await onPath('dockerd')) || !(await onPath('iptables'))) await installEngine(log);
  await mkdir(cachePath('engine'), { recursive: true });
  await raiseKernelSettings();
  await removeStaleMarks();
  await step(log, 'Docker engine started (user namespaces, live restore)', async () => {
    const logFile = await open(files.log(), 'a');
    try {
      const child = spawn('dockerd', ['--userns-remap=default', '--live-restore', '--log-level=warn'], {
        detached: true,
        stdio: ['ignore', logFile.fd, logFile.fd],
      });
      const failed = new Promise<never>((_, reject) => child.once('error', reject));
      await Promise.race([failed, new Promise((resolve) => child.once('spawn', resolve))]);
      child.unref();
      if (child.pid === undefined) throw new CkxError('bug', 'ENGINE_WITHOUT_PID', 'dockerd was spawned without a process id.');
      await writeFile(files.daemon(), JSON.stringify(markOf(child.pid)));
      await answered(markOf(child.pid));
    } finally {
      await logFile.close();
    }
  });
}

/**
 * An engine that was killed leaves files with the numbers of its processes. A new one that finds such a number in use, by whatever
 * process, does not start.
 */
async function removeStaleMarks(): Promise<void> {
  for (const [file, program] of Object.entries(ENGINE_MARKS)) {
    const pid = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (pid === '') continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    if (name !== program) await rm(file, { force: true });
  }
}

async function answered(daemon: ProcessMark): Promise<void> {
  const until = Date.now() + STARTUP_TIMEOUT_MS;
  while ((await ping(`unix://${DEFAULT_SOCKET}`)) !== null) {
    if (!isAlive(daemon) || Date.now() > until) {
      const said = (await readFile(files.log(), 'utf8')).trim().split('\n').slice(-3).join('\n');
      throw new CkxError('operational', 'ENGINE_START_FAILED', `The Docker engine did not start; it said:\n${said}`, {
        remedy: `Read ${files.log()}, or start an engine yourself and try again.`,
      });
    }
    await delay(100);
  }
}

async function installEngine(log: Log): Promise<void> {
  if (!(await onPath('apt-get'))) {
    throw new CkxError(
      'operational',
      'ENGINE_NOT_INSTALLED',
      'Docker is not installed, and this system has no apt-get to install it with.',
      {
        remedy: 'Install Docker with the means of this system and start it, or point DOCKER_HOST at an engine.',
      },
    );
  }
  await installPackages(PACKAGES, log);
}

/** The dockerd that we started, if it lives. */
async function ourDaemon(): Promise<ProcessMark | null> {
  try {
    const mark = ProcessMark.parse(JSON.parse(await readFile(files.daemon(), 'utf8')));
    return isAlive(mark) ? mark : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

const EngineInfo = z.object({
  ServerVersion: z.string(),
  SecurityOptions: z.array(z.string()).nullable(),
  LiveRestoreEnabled: z.boolean(),
  CgroupVersion: z.string().default('1'),
  Driver: z.string(),
  MemTotal: z.number(),
  NCPU: z.number(),
});

export interface EngineFacts {
  readonly version: string;
  /** Root in a container is nobody on the host. */
  readonly userNamespaces: boolean;
  /** Containers survive the engine. */
  readonly liveRestore: boolean;
  readonly cgroupVersion: string;
  readonly storageDriver: string;
  readonly memoryBytes: number;
  readonly cpus: number;
}

/** What the engine says of itself. */
export async function readEngineFacts(dockerHost: string): Promise<EngineFacts> {
  const raw: unknown = await connectDocker(dockerHost).info();
  const info = EngineInfo.parse(raw);
  return {
    version: info.ServerVersion,
    userNamespaces: info.SecurityOptions?.some((option) => option.startsWith('name=userns')) ?? false,
    liveRestore: info.LiveRestoreEnabled,
    cgroupVersion: info.CgroupVersion,
    storageDriver: info.Driver,
    memoryBytes: info.MemTotal,
    cpus: info.NCPU,
  };
}
