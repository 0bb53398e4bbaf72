import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ckx/logging';

const INTERVAL_MS = 2_000;

/** What is done again and again, every two seconds, until it is stopped; a round that fails is made up for by the next. */
export abstract class Rounds {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(name: string, logger: Logger) {
    this.#name = name;
    this.#logger = logger;
  }

  abstract round(): Promise<void>;

  start(): void {
    this.#loop = this.#run();
  }

  /** Returns when the round that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.round().catch((error: unknown) => this.#logger.warn({ err: error }, `${this.#name}: no answer, will try again`));
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
