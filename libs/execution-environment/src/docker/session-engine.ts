/** The Docker engine of a session's own (images/engine). */
import { setTimeout as sleep } from 'node:timers/promises';
import { isCkxError, type EnvironmentSpec } from '@ckx/contracts';
import type { WaitOptions } from '../provider.ts';
import { whileRunning } from './containers.ts';
import type { DockerContext } from './context.ts';
import { runOwn } from './exec.ts';
import { containerName } from './naming.ts';

const RETRY_MS = 200;

/** The image says so in memory, so that a file of an earlier start means nothing. */
const READY = 'test -e /run/ckx-engine-ready';

/**
 * Returns when a container has run in the session's own engine, and at once where that was so since its start.
 *
 * @throws CkxError `NODE_EXITED` as soon as the engine's container ends.
 */
export async function awaitEngine(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
  const engine = context.docker.getContainer(containerName(spec.examSessionId, 'engine'));
  await whileRunning(
    engine,
    options,
    () => 'a first container in the Docker engine',
    async (signal) => {
      for (;;) {
        try {
          await runOwn(engine, READY, [], signal);
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (!isCkxError(error) || error.kind !== 'operational') throw error;
        }
        await sleep(RETRY_MS, undefined, { signal });
      }
    },
  );
}
