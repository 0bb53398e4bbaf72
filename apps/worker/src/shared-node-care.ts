import type { DockerProvider } from '@ckx/execution-environment';
import type { Logger } from '@ckx/logging';
import { Rounds } from './rounds.ts';

const INTERVAL_MS = 60_000;

/** Looks about once a minute whether the node that sessions share is still needed, and still answers. */
export class SharedNodeCare extends Rounds {
  readonly #provider: Pick<DockerProvider, 'tendSharedNode'>;
  readonly #logger: Logger;
  #lookedAt = -Infinity;

  constructor(provider: Pick<DockerProvider, 'tendSharedNode'>, logger: Logger) {
    super('the node that sessions share', logger);
    this.#provider = provider;
    this.#logger = logger;
  }

  async round(): Promise<void> {
    if (performance.now() - this.#lookedAt < INTERVAL_MS) return;
    this.#lookedAt = performance.now();
    const became = await this.#provider.tendSharedNode();
    if (became !== null) this.#logger.info(became);
  }
}
