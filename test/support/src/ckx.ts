/** `ckx` as a process of its own, as a person would call it. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const LAUNCHER = resolve(import.meta.dirname, '../../../apps/cli/bin/ckx.mjs');

export interface CkxOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CkxOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called with all that it has said so far to people, whenever it says more. */
  readonly onStderr?: (said: string) => void;
}

/** Runs a command to its end. */
export function runCkx(args: readonly string[], { env, input = '', onStderr }: CkxOptions): Promise<CkxOutcome> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { PATH: process.env['PATH'], ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      onStderr?.(stderr);
    });
    // One that has ended reads nothing more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
}
