/** Keeps services running: one that ends is started again, ever more slowly while it keeps ending. */
import { setTimeout as delay } from 'node:timers/promises';
import { CkxError } from '@ckx/contracts';
import type { Log, ProcessMark } from '@ckx/toolchain';

export interface RunningService {
  readonly process: ProcessMark;
  /** Resolves when the service ends, for whatever reason. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

export interface Service {
  readonly name: string;
  start(): Promise<RunningService>;
  /** Where it says why it ended. */
  readonly logFile: string;
}

const BACKOFF_MS = [200, 500, 1_000, 2_000, 5_000, 10_000];
/** A service that ran this long is well: the next end starts from the first backoff again. */
const WELL_AFTER_MS = 30_000;
/** Ends of one service before the installation was ready, after which it will not be. */
const STARTUP_ATTEMPTS = 3;

interface Kept {
  readonly service: Service;
  running: RunningService;
  readonly stopping: AbortController;
  kept: Promise<void>;
}

export class Supervisor {
  readonly #log: Log;
  readonly #changed: () => Promise<void>;
  readonly #services = new Map<string, Kept>();
  readonly #hopeless = Promise.withResolvers<never>();
  #settled = false;
  #closed = false;

  /** @param changed awaited whenever process ids have changed. */
  constructor(log: Log, changed: () => Promise<void>) {
    this.#log = log;
    this.#changed = changed;
    this.#hopeless.promise.catch(() => undefined);
  }

  /** Rejects when a service keeps ending before {@link settled} was called. */
  get hopeless(): Promise<never> {
    return this.#hopeless.promise;
  }

  /** Everything was ready once: from now on services are started again for ever. */
  settled(): void {
    this.#settled = true;
  }

  /** Nothing is taken on any more: what is started from now on is stopped at once. */
  close(): void {
    this.#closed = true;
  }

  async keep(service: Service): Promise<void> {
    const running = await service.start();
    if (this.#closed) return running.stop();
    const kept: Kept = { service, running, stopping: new AbortController(), kept: Promise.resolve() };
    this.#services.set(service.name, kept);
    kept.kept = this.#keepRunning(kept);
    await this.#changed();
  }

  marks(): Record<string, ProcessMark> {
    return Object.fromEntries([...this.#services].map(([name, { running }]) => [name, running.process]));
  }

  /** Stops services side by side and forgets them. Those that were never started are passed over. */
  async stop(...names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const kept = this.#services.get(name);
        if (kept === undefined) return;
        kept.stopping.abort();
        await kept.running.stop();
        await kept.kept;
        this.#services.delete(name);
      }),
    );
  }

  async #keepRunning(kept: Kept): Promise<void> {
    const { name, logFile } = kept.service;
    const { signal } = kept.stopping;
    const stopped = new Promise<null>((done) => signal.addEventListener('abort', () => done(null), { once: true }));
    let startedAt = Date.now();
    for (let ends = 1; ; ends += 1) {
      const code = await Promise.race([kept.running.exited, stopped]);
      if (signal.aborted) return;
      if (Date.now() - startedAt > WELL_AFTER_MS) ends = 1;
      if (!this.#settled && ends >= STARTUP_ATTEMPTS) {
        const remedy = `Its last words are in ${logFile}.`;
        this.#hopeless.reject(new CkxError('operational', 'SERVICE_KEEPS_ENDING', `${name} ends again and again.`, { remedy }));
        return;
      }
      const pauseMs = BACKOFF_MS[Math.min(ends, BACKOFF_MS.length) - 1] ?? 0;
      this.#log(`${name} ended${code === null ? '' : ` with ${code}`}; starting it again in ${pauseMs / 1000} s (${logFile})`);
      if (!(await this.#restart(kept, pauseMs))) return;
      startedAt = Date.now();
    }
  }

  /** @returns false when it is to be stopped meanwhile */
  async #restart(kept: Kept, pauseMs: number): Promise<boolean> {
    const { signal } = kept.stopping;
    for (;;) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
      try {
        kept.running = await kept.service.start();
      } catch (error) {
        this.#log(`${kept.service.name} could not be started: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
      if (signal.aborted) await kept.running.stop();
      else await this.#changed();
      return !signal.aborted;
    }
  }
}
