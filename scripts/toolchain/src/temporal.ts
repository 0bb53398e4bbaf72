/** Temporal's development server with its console: the embedded stand-in for a Temporal service. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CkxError } from '@ckx/contracts';
import { SEARCH_ATTRIBUTES } from '@ckx/contracts/exam-session';
import { hasCode } from './lock.ts';
import { freePort, requireFreePort } from './ports.ts';
import { endProcess, isAlive, markOf, run, ProcessMark } from './processes.ts';
import { step, type Log } from './progress.ts';
import { resolveTool } from './tools.ts';

const STARTUP_TIMEOUT_MS = 60_000;
const SHUTDOWN_GRACE_MS = 15_000;

export interface TemporalOptions {
  /** Holds the state, kept between starts, and the log. Held by one server at a time. */
  readonly dataDir: string;
  /** false: the state is lost with the process. For tests. */
  readonly durable?: boolean;
  /** gRPC; 0 or nothing: any free one. */
  readonly port?: number;
  /** Console; 0 or nothing: any free one; null: no console. */
  readonly uiPort?: number | null;
  /** Namespaces besides `default`; one that is made later knows its search attributes only after a while. */
  readonly namespaces?: readonly string[];
  /** What to do when a port is in use. */
  readonly portRemedy?: string;
  readonly log: Log;
}

export interface TemporalServer {
  readonly address: string;
  readonly uiUrl: string | null;
  readonly process: ProcessMark;
  /** Resolves with the exit code when the server ends, for whatever reason. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts the server and waits until it serves its default namespace with CKX's search attributes. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const temporal = (await resolveTool('temporal', options.log)).path;
  const remedy = options.portRemedy ?? 'Choose another port.';
  await stopLeftover(options.dataDir, options.log);
  if (options.port) await requireFreePort(options.port, 'Temporal', remedy);
  if (options.uiPort) await requireFreePort(options.uiPort, "Temporal's console", remedy);
  const port = options.port || (await freePort());
  const uiPort = options.uiPort === null ? null : options.uiPort || (await freePort());

  const flags = [
    ['--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
    uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)],
    // A write-ahead log is as durable as SQLite's default and needs a fraction of its waiting for the disk.
    options.durable === false ? [] : ['--db-filename', join(options.dataDir, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL'],
    ...(options.namespaces ?? []).map((name) => ['--namespace', name]),
    ...Object.values(SEARCH_ATTRIBUTES).map(({ name }) => ['--search-attribute', `${name}=Keyword`]),
  ];
  const logPath = join(options.dataDir, 'temporal.log');
  const logFile = await open(logPath, 'a');
  const child = spawn(temporal, ['server', 'start-dev', ...flags.flat()], { detached: true, stdio: ['ignore', logFile.fd, logFile.fd] });
  await logFile.close();
  child.unref();
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  if (child.pid === undefined) throw await startFailed(logPath);
  const mark = markOf(child.pid);
  await writeFile(markFile(options.dataDir), JSON.stringify(mark));
  const address = `127.0.0.1:${port}`;
  await ready(temporal, address, mark, logPath);
  return {
    address,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    process: mark,
    exited,
    stop: () => endProcess(mark, SHUTDOWN_GRACE_MS),
  };
}

function markFile(dataDir: string): string {
  return join(dataDir, 'temporal.json');
}

/** A server that a dead process left running would hold the database file. */
async function stopLeftover(dataDir: string, log: Log): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const mark = ProcessMark.parse(JSON.parse(await readFile(markFile(dataDir), 'utf8')));
    if (isAlive(mark)) await step(log, 'Temporal of an earlier start stopped', () => endProcess(mark, SHUTDOWN_GRACE_MS));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function ready(temporal: string, address: string, mark: ProcessMark, logPath: string): Promise<void> {
  const until = Date.now() + STARTUP_TIMEOUT_MS;
  const describe = ['operator', 'namespace', 'describe', 'default', '--address', address, '--command-timeout', '5s'];
  while ((await run(temporal, describe)).code !== 0) {
    if (!isAlive(mark) || Date.now() > until) throw await startFailed(logPath);
    await delay(100);
  }
}

async function startFailed(logPath: string): Promise<CkxError> {
  const said = (await readFile(logPath, 'utf8')).trim().split('\n').slice(-3).join('\n');
  return new CkxError('operational', 'TEMPORAL_START_FAILED', `Temporal's development server did not start; it said:\n${said}`, {
    remedy: `Read ${logPath}, or point TEMPORAL_ADDRESS at a Temporal service of yours.`,
  });
}
