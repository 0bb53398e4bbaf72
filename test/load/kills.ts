/** Something of the installation dies by SIGKILL every now and then: what and when follows from the seed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, chance } from './chance.ts';

export interface Kill {
  readonly component: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface KillsOptions {
  /** How each component is killed. */
  readonly strikes: Readonly<Record<string, () => Promise<void>>>;
  readonly pauseMs: { readonly least: number; readonly most: number };
  readonly seed: string;
  readonly say: (line: string) => void;
}

/** Each round kills every component once, in an order of its own. */
export class Kills {
  readonly done: Kill[] = [];
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  start(options: KillsOptions): void {
    this.#loop = this.#run(options);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run({ strikes, pauseMs: { least, most }, seed, say }: KillsOptions): Promise<void> {
    const { signal } = this.#stopping;
    const components = Object.entries(strikes);
    for (let number = 0; ; number += 1) {
      await sleep(between(least, most, seed, number, 'pause'), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const round = Math.floor(number / components.length);
      const order = components.toSorted(([one], [other]) => chance(seed, round, one) - chance(seed, round, other));
      const [component, strike] = order[number % order.length] ?? [];
      if (component === undefined || strike === undefined) return;
      try {
        await strike();
        this.done.push({ component, at: Date.now() });
        say(`kill -9 ${component}`);
      } catch (error) {
        // Still dead from before: nothing to kill.
        say(`${component} was not there to be killed: ${String(error)}`);
      }
    }
  }
}
