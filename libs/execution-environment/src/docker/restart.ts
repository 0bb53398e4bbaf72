/** A part that died is started again: what was in it is there as before, at the same address and ports. */
import { CkxError, nodesOf, type EnvironmentSpec, type WatchedPart } from '@ckx/contracts';
import type { Restarted, WaitOptions } from '../provider.ts';
import { inspect, start } from './containers.ts';
import type { DockerContext } from './context.ts';
import { awaitDesktop } from './desktop.ts';
import { containerName } from './naming.ts';
import { awaitReturn } from './node.ts';
import { awaitEngine } from './session-engine.ts';
import { sharedNode } from './shared/node.ts';
import { untilRelayLeads } from './shared/relay.ts';
import { untilStanding } from './shared/stand.ts';
import { awaitTerminal } from './terminal.ts';

/** Four times what a node takes on an idle machine; a candidate may have left it such that it never gets Ready. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Returns when the part answers. A node whose Kubernetes does not come up (or an engine that runs nothing), but whose container stays up,
 * is the candidate's to mend, as a machine would be that they rebooted: that is said, and no error.
 *
 * @throws CkxError `NODE_GONE` where there is nothing left to start; `NODE_EXITED` where it ends again.
 */
export async function restart(
  context: DockerContext,
  spec: EnvironmentSpec,
  part: WatchedPart,
  { signal, onProgress }: WaitOptions,
): Promise<Restarted> {
  if (isShared(spec, part)) {
    await untilStanding(context, { signal, ...(onProgress && { onProgress }) });
    return { ready: true };
  }
  const container = context.docker.getContainer(containerName(spec.examSessionId, part));
  if ((await inspect(container)) === null) throw gone(part);
  onProgress?.(`the ${part} to start`);
  await start(container);
  const info = await inspect(container);
  if (info === null) throw gone(part);
  const limit = AbortSignal.timeout(READY_TIMEOUT_MS);
  const options = { signal: AbortSignal.any([signal, limit]), ...(onProgress && { onProgress }) };
  try {
    const node = nodesOf(spec.needs).find((name) => name === part);
    if (node !== undefined) await awaitReturn(context, spec, node, new Date(info.State.StartedAt), options);
    if (part === 'engine') await awaitEngine(context, spec, options);
    if (part === 'relay') await untilRelayLeads(context, spec, options.signal);
    if (part === 'desktop') await awaitDesktop(context, spec, options);
    else await awaitTerminal(context, spec, options);
    return { ready: true };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    return { ready: false };
  }
}

/** When a part was started, ISO 8601: another time after a while says that it died in between. null where it does not run. */
export async function runsSince(context: DockerContext, spec: EnvironmentSpec, part: WatchedPart): Promise<string | null> {
  const { docker } = context;
  const own = docker.getContainer(containerName(spec.examSessionId, part));
  const info = await inspect(isShared(spec, part) ? sharedNode(context) : own);
  return info?.State.Running === true ? info.State.StartedAt : null;
}

/** The node of a session with a namespace is the one that all of those have. */
function isShared({ needs }: EnvironmentSpec, part: WatchedPart): boolean {
  return needs.cluster === 'namespace' && part === 'node';
}

function gone(part: WatchedPart): CkxError {
  return new CkxError('bug', 'NODE_GONE', `The container of the ${part} is not there any more, so it cannot be started again.`);
}
