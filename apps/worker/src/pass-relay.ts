import { findUnheard } from '@ckx/access-passes';
import { ACCESS_PASS_WORKFLOW, accessPassStart, passChangedSignal, type AccessPassInput } from '@ckx/contracts/access-pass';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';
import { Rounds } from './rounds.ts';

const BATCH = 100;
/** A call that Temporal does not answer in this time is repeated by the next round. */
const CALL_TIMEOUT_MS = 5_000;

export interface PassRelayOptions {
  readonly dataSource: DataSource;
  readonly client: Client;
  readonly logger: Logger;
}

/** Tells workflows of passes what was decided on record and not heard by them; starts those that are not there. */
export class PassRelay extends Rounds {
  readonly #options: PassRelayOptions;

  constructor(options: PassRelayOptions) {
    super('pass relay', options.logger);
    this.#options = options;
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
