/** A part that died is started again: what was in it is there as before, at the same address and ports. */
import { CkxError, type EnvironmentSpec, type WatchedPart } from '@ckx/contracts';
import type { Restarted, WaitOptions } from '../provider.ts';
import { inspect, start } from './containers.ts';
import type { DockerContext } from './context.ts';
import { containerName } from './naming.ts';
import { awaitMilestone } from './node.ts';

/** Four times what a node takes on an idle machine; a candidate may have left it such that it never gets Ready. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Returns when the part answers. A node whose Kubernetes does not come up, but whose container stays up, is the candidate's to mend, as
 * a machine would be that they rebooted: that is said, and no error.
 *
 * @throws CkxError `NODE_GONE` where there is nothing left to start; `NODE_EXITED` where it ends again.
 */
export async function restart(
  context: DockerContext,
  spec: EnvironmentSpec,
  part: WatchedPart,
  { signal, onProgress }: WaitOptions,
): Promise<Restarted> {
  const container = context.docker.getContainer(containerName(spec.examSessionId, part));
  const info = await inspect(container);
  if (info === null) {
    throw new CkxError('bug', 'NODE_GONE', `The container of the ${part} is not there any more, so it cannot be started again.`);
  }
  onProgress?.(`the ${part} to start`);
  await start(container);
  if (part === 'terminal') return { ready: true };
  const limit = AbortSignal.timeout(READY_TIMEOUT_MS);
  try {
    await awaitMilestone(context, spec, 'node_ready', { signal: AbortSignal.any([signal, limit]), ...(onProgress && { onProgress }) });
    return { ready: true };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    return { ready: false };
  }
}
