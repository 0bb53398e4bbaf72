/** Small helpers around processes: is one alive, run one to its end, end one that we started. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CkxError } from '@ckx/contracts';
import { z } from 'zod';

/** A process as written into a file: process ids are reused, so its start time (clock ticks since boot; Linux only) goes with it. */
export const ProcessMark = z.object({ pid: z.number().int(), startTicks: z.string().nullable() });
export type ProcessMark = Readonly<z.infer<typeof ProcessMark>>;

export function markOf(pid: number): ProcessMark {
  return { pid, startTicks: startTicksOf(pid) };
}

/** Whether the very process that left the mark still runs; a zombie does not. */
export function isAlive(mark: ProcessMark): boolean {
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  if (mark.startTicks === null) return true;
  return startTicksOf(mark.pid) === mark.startTicks;
}

/** Field 22 of /proc/<pid>/stat (proc(5)), or null where there is none or the process is a zombie. */
function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return afterName[0] === 'Z' ? null : (afterName[19] ?? null);
  } catch {
    return null;
  }
}

/** A process's program and arguments; empty where it is gone. */
export async function commandLineOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout.trim();
  return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (line) => line.replaceAll('\0', ' ').trim(),
    () => '',
  );
}

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const underWay = new Set<ChildProcess>();
process.once('exit', endPrograms);

/** Ends every program that {@link run} is waiting for. */
export function endPrograms(): void {
  for (const child of underWay) child.kill();
}

/** Runs a program to its end and returns what it said. @throws CkxError `PROGRAM_MISSING` when it cannot be started. */
export function run(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    underWay.add(child);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (cause) => {
      underWay.delete(child);
      reject(new CkxError('operational', 'PROGRAM_MISSING', `${program} could not be started: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      underWay.delete(child);
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** Like {@link run}, and a failure is an error with the last lines that the program said. @returns its standard output */
export async function runOrThrow(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<string> {
  const result = await run(program, args, options);
  if (result.code === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-15).join('\n');
  throw new CkxError('operational', 'PROGRAM_FAILED', `${program} ${args.slice(0, 3).join(' ')} ended with ${result.code}:\n${said}`);
}

/** Ends a process: politely, and after `graceMs` by force. Resolves when it is gone. */
export async function endProcess(mark: ProcessMark, graceMs: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  signalProcess(mark, signal);
  const until = Date.now() + graceMs;
  while (isAlive(mark)) {
    if (Date.now() > until) signalProcess(mark, 'SIGKILL');
    await delay(50);
  }
}

function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): void {
  try {
    if (isAlive(mark)) process.kill(mark.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
