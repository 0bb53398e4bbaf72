/** One of our own Node processes as a service: an own process group, so that Ctrl-C in a terminal leaves the order of stopping to us. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CkxError } from '@ckx/contracts';
import { endProcess, markOf } from '@ckx/toolchain';
import type { RunningService, Service } from './supervisor.ts';

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..');

/** A worker lets activities end for 10 s. */
const STOP_GRACE_MS = 15_000;

export interface NodeServiceOptions {
  readonly name: string;
  /** Arguments of node, relative to the project. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFolder: string;
}

export function nodeService({ name, args, env, logFolder }: NodeServiceOptions): Service {
  const logFile = join(logFolder, `${name}.log`);
  return { name, logFile, start: () => startNode(args, env, logFile) };
}

async function startNode(args: readonly string[], env: NodeJS.ProcessEnv, logFile: string): Promise<RunningService> {
  const log = await open(logFile, 'a');
  const child = spawn(process.execPath, args, { cwd: PROJECT_ROOT, env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  const exited = new Promise<number | null>((done) => {
    child.once('exit', done);
    child.once('error', () => done(null));
  });
  if (child.pid === undefined) throw new CkxError('operational', 'PROCESS_NOT_STARTED', `node ${args.join(' ')} could not be started.`);
  const mark = markOf(child.pid);
  return { process: mark, exited, stop: () => endProcess(mark, STOP_GRACE_MS) };
}
