/** Something of the installation dies by SIGKILL every now and then: what and when follows from the seed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { kill } from '../kill/components.ts';
import { between, chance } from './chance.ts';
import type { ControlPlane } from './control-plane.ts';

const COMPONENTS = ['api', 'control worker', 'simulated host', 'temporal', 'postgres'] as const;
type Component = (typeof COMPONENTS)[number];
const PAUSE_MS = { least: 18_000, most: 30_000 } as const;

export interface Kill {
  readonly component: Component;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Each round of five kills every component once, in an order of its own. */
export class Kills {
  readonly done: Kill[] = [];
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  start(plane: ControlPlane, seed: string, say: (line: string) => void): void {
    this.#loop = this.#run(plane, seed, say);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(plane: ControlPlane, seed: string, say: (line: string) => void): Promise<void> {
    const { signal } = this.#stopping;
    for (let number = 0; ; number += 1) {
      const pauseMs = between(PAUSE_MS.least, PAUSE_MS.most, seed, number, 'pause');
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const component = componentOf(seed, number);
      try {
        if (component === 'simulated host') process.kill(plane.hostPid(), 'SIGKILL');
        else await kill(component, plane.installation, []);
        this.done.push({ component, at: Date.now() });
        say(`kill -9 ${component}`);
      } catch (error) {
        // Still dead from before: nothing to kill.
        say(`${component} was not there to be killed: ${String(error)}`);
      }
    }
  }
}

function componentOf(seed: string, number: number): Component {
  const round = Math.floor(number / COMPONENTS.length);
  const order = COMPONENTS.map((component) => ({ component, rank: chance(seed, round, component) })).sort((a, b) => a.rank - b.rank);
  return order[number % COMPONENTS.length]?.component ?? 'api';
}
