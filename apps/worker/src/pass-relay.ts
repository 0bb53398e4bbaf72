import { setTimeout as sleep } from 'node:timers/promises';
import { findUnheard } from '@ckx/access-passes';
import { ACCESS_PASS_WORKFLOW, accessPassStart, passChangedSignal, type AccessPassInput } from '@ckx/contracts/access-pass';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';

const INTERVAL_MS = 2_000;
const BATCH = 100;
/** A call that Temporal does not answer in this time is repeated by the next round. */
const CALL_TIMEOUT_MS = 5_000;

export interface PassRelayOptions {
  readonly dataSource: DataSource;
  readonly client: Client;
  readonly logger: Logger;
}

/** Tells workflows of passes what was decided on record and not heard by them; starts those that are not there. */
export class PassRelay {
  readonly #options: PassRelayOptions;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PassRelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.round().catch((error: unknown) => this.#options.logger.warn({ err: error }, 'pass relay: no answer, will try again'));
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at the records. */
  async round(): Promise<void> {
    const passes = await findUnheard(this.#options.dataSource, BATCH);
    await Promise.all(passes.map((pass) => this.#tell(pass)));
  }

  async #tell(pass: AccessPassInput): Promise<void> {
    const { client, logger } = this.#options;
    try {
      await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...accessPassStart(pass), signal: passChangedSignal, signalArgs: [] }),
      );
    } catch (error) {
      logger.warn({ err: error, passId: pass.passId }, 'pass relay: the workflow was not told, will try again');
    }
  }
}
