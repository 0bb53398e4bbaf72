import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../../..');
const RESTART_AFTER_MS = 300;

/** A Node process of the project that is started again when it ends, until it is stopped; its words go to a file. */
export class KeptProcess {
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #logFile: string;
  #child: ChildProcess | null = null;
  #stopped = false;
  #kept: Promise<void> = Promise.resolve();

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, logFile: string) {
    this.#args = args;
    this.#env = env;
    this.#logFile = logFile;
  }

  /** @throws Error where it does not run. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('The process does not run.');
    return this.#child.pid;
  }

  async start(): Promise<void> {
    this.#child = await this.#spawn();
    this.#kept = this.#keep(this.#child);
  }

  /** With -9; nothing where it is not there at the moment. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#child?.kill('SIGTERM');
    await this.#kept;
  }

  async #keep(first: ChildProcess): Promise<void> {
    for (let child = first; ;) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (!this.#stopped) await sleep(RESTART_AFTER_MS);
      if (this.#stopped) return;
      child = this.#child = await this.#spawn();
    }
  }

  async #spawn(): Promise<ChildProcess> {
    const log = await open(this.#logFile, 'a');
    const child = spawn(process.execPath, [...this.#args], { cwd: ROOT, env: this.#env, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    return child;
  }
}
