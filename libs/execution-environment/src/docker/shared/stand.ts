/** Whether the node that sessions share stands: all of them depend on it, and whoever finds it dead first brings it back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, namespaceOf, type EnvironmentSpec } from '@ckx/contracts';
import { untilApiReady, untilNodeBack, untilWorkloadsRun } from '../../kubernetes.ts';
import type { Milestone, WaitOptions } from '../../provider.ts';
import { inspect, start, whileRunning } from '../containers.ts';
import type { DockerContext } from '../context.ts';
import { runOwn } from '../exec.ts';
import { CONTROL_PLANE } from '../naming.ts';
import { ensureNamespace } from './namespace.ts';
import { sharedNode, untilSharedConfig } from './node.ts';

/** What is waited for at each milestone, for people. */
const WAITING_FOR: Record<Milestone, string> = {
  control_plane: 'the API server of the node that sessions share',
  node_ready: 'the node that sessions share to be Ready',
  workloads: 'the first pod of the node that sessions share',
};

/** How long one kubeconfig is believed: a node that is killed in its first start begins anew, with other keys. */
const ATTEMPT_MS = 5_000;
const RETRY_MS = 300;

/** Returns when the node is that far, with the session's namespace from the first milestone on. @throws CkxError `NODE_EXITED`. */
export async function awaitShared(context: DockerContext, spec: EnvironmentSpec, until: Milestone, options: WaitOptions): Promise<void> {
  await whileRunning(
    sharedNode(context),
    options,
    () => WAITING_FOR[until],
    async (signal) => {
      await reach(context, until, signal);
      if (until !== 'control_plane') return;
      options.onProgress?.(`the namespace ${namespaceOf(spec.examSessionId)}`);
      await untilDone(() => ensureNamespace(context, spec, signal), signal);
    },
  );
}

/**
 * A policy never keeps a pod from its own node, which has more to listen to than the API server. The node's memory of it ends with its start; set
 * again, it is the same.
 */
const WALL = `nft -f - <<'NFT'
table ip ckx-shared
delete table ip ckx-shared
table ip ckx-shared {
  chain input {
    type filter hook input priority filter - 10
    ip saddr 10.42.0.0/16 ct state new meta l4proto { tcp, udp } th dport != 6443 drop
  }
}
NFT`;

async function reach(context: DockerContext, until: Milestone, signal: AbortSignal): Promise<void> {
  const startedAt = (await inspect(sharedNode(context)))?.State.StartedAt ?? '';
  await runOwn(sharedNode(context), WALL, [], signal);
  for (;;) {
    const config = await untilSharedConfig(context, signal);
    const attempt = AbortSignal.timeout(ATTEMPT_MS);
    const within = AbortSignal.any([signal, attempt]);
    try {
      if (until === 'control_plane') return await untilApiReady(config, within);
      await untilNodeBack(config, CONTROL_PLANE, new Date(startedAt), within);
      if (until === 'workloads') await untilWorkloadsRun(config, within);
      context.shared.standing = startedAt;
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!attempt.aborted) throw error;
    }
  }
}

/** An API server that has just come up refuses this and that for a moment. */
async function untilDone(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const givenUpAt = performance.now() + 3 * ATTEMPT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CkxError) || error.kind !== 'operational' || performance.now() > givenUpAt) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Longer than a node takes to come back on a machine that has much to do. */
const RETURN_TIMEOUT_MS = 3 * 60_000;

/**
 * When the node was started, as the engine says; answers at once.
 *
 * @throws CkxError operational `SHARED_NODE_RETURNS` while it is brought back, which this begins; bug `NODE_GONE` where there is none.
 */
export async function standingSince(context: DockerContext): Promise<string> {
  const { shared, logger } = context;
  const info = await inspect(sharedNode(context));
  if (info === null) throw new CkxError('bug', 'NODE_GONE', 'The node that sessions share is not there any more.');
  if (info.State.Running && info.State.StartedAt === shared.standing) return info.State.StartedAt;
  shared.returning ??= bringBack(context)
    .catch((error: unknown) => logger.warn({ err: error }, 'the node that sessions share did not come back'))
    .finally(() => (shared.returning = null));
  throw new CkxError('operational', 'SHARED_NODE_RETURNS', 'The node that sessions share is being started again.');
}

async function bringBack(context: DockerContext): Promise<void> {
  const node = sharedNode(context);
  if ((await inspect(node))?.State.Running !== true) await start(node);
  const signal = AbortSignal.timeout(RETURN_TIMEOUT_MS);
  await whileRunning(
    node,
    { signal },
    () => '',
    (within) => reach(context, 'workloads', within),
  );
}

/** Returns when the node stands; one that is dead is brought back. @throws CkxError bug `NODE_GONE`. */
export async function untilStanding(context: DockerContext, { signal, onProgress }: WaitOptions): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await standingSince(context);
      return;
    } catch (error) {
      if (!(error instanceof CkxError) || error.code !== 'SHARED_NODE_RETURNS') throw error;
    }
    onProgress?.(WAITING_FOR.workloads);
    await sleep(RETRY_MS, undefined, { signal });
  }
}
