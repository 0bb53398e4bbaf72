import { arrangePool, readDemand, tellKeepers, type PoolOptions } from '@ckx/activities/warm-pool';
import { EXAM_SESSIONS_TASK_QUEUE, type EnvironmentSpec, type ExecutionEnvironmentId } from '@ckx/contracts';
import { WARM_ENVIRONMENT_WORKFLOW, warmEnvironmentWorkflowId, type WarmEnvironmentInput } from '@ckx/contracts/warm-pool';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { Rounds } from './rounds.ts';

/** What sessions ask for changes slowly, and counting it reads many rows. */
const DEMAND_AGE_MS = 60_000;
const CALL_TIMEOUT_MS = 5_000;

export interface WarmPoolOptions {
  readonly dataSource: DataSource;
  readonly client: Client;
  /** Of each host. */
  readonly size: number;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
  readonly logger: Logger;
}

/**
 * Keeps the warm pools of all hosts. A row is written first; here its workflow is started, as often as it takes, and told to look when its row has
 * changed. With a size of 0 nothing is built, and what is left of another size goes.
 */
export class WarmPool extends Rounds {
  readonly #options: WarmPoolOptions;
  /** Environments whose workflow this process knows to have been started. */
  #started = new Set<ExecutionEnvironmentId>();
  #demand: { readonly at: number; readonly of: PoolOptions['demand'] } = { at: -Infinity, of: [] };

  constructor(options: WarmPoolOptions) {
    super('warm pool', options.logger);
    this.#options = options;
  }

  /** One look at all hosts. */
  async round(): Promise<void> {
    const { dataSource, client, size, maxConcurrentSessions } = this.#options;
    const { open, leaving } = await arrangePool(dataSource, { size, maxConcurrentSessions, demand: await this.#readDemand() });
    const ids = new Set(open.map(({ executionEnvironmentId }) => executionEnvironmentId));
    this.#started = new Set([...this.#started].filter((id) => ids.has(id)));
    await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
      await Promise.all(open.filter(({ executionEnvironmentId: id }) => !this.#started.has(id)).map((spec) => this.#start(spec)));
      await tellKeepers(client, leaving);
    });
  }

  async #readDemand(): Promise<PoolOptions['demand']> {
    if (this.#options.size > 0 && performance.now() - this.#demand.at > DEMAND_AGE_MS) {
      this.#demand = { at: performance.now(), of: await readDemand(this.#options.dataSource) };
    }
    return this.#demand.of;
  }

  async #start(spec: EnvironmentSpec): Promise<void> {
    const input: WarmEnvironmentInput = { spec };
    const { executionEnvironmentId: id, hostId } = spec;
    try {
      await this.#options.client.workflow.start(WARM_ENVIRONMENT_WORKFLOW, {
        workflowId: warmEnvironmentWorkflowId(id),
        taskQueue: EXAM_SESSIONS_TASK_QUEUE,
        // Where it was closed from outside, the sweep finds what it kept.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [input],
        staticSummary: `A warm environment on ${hostId}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    this.#started.add(id);
  }
}
