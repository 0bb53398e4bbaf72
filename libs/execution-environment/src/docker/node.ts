/** The nodes of an environment's cluster, and the kubeconfigs that are read from them. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, nodesOf, type EnvironmentSpec } from '@ckx/contracts';
import type { KubeConfig } from '@kubernetes/client-node';
import type Docker from 'dockerode';
import { openKubeconfig, relocateKubeconfig, untilApiReady, untilNodeBack, untilNodesReady, untilWorkloadsRun } from '../kubernetes.ts';
import type { Milestone, WaitOptions } from '../provider.ts';
import { getFile } from './archive.ts';
import { whileRunning } from './containers.ts';
import type { DockerContext } from './context.ts';
import { CONTROL_PLANE, containerName, environmentFolder, hostName } from './naming.ts';
import type { NodePart } from './parts/node.ts';
import { whileIntroducing } from './workers.ts';

/** kubeadm's files: `super-admin` is in system:masters, which no change of roles in the cluster takes away. */
const KUBECONFIGS = { platform: '/etc/kubernetes/super-admin.conf', candidate: '/etc/kubernetes/admin.conf' } as const;

/** Where the API server is, for containers of the session's network. */
const INSIDE = `https://${CONTROL_PLANE}:6443`;

const RETRY_MS = 150;

/** The node with the control plane. */
function controlPlane({ docker }: DockerContext, spec: EnvironmentSpec): Docker.Container {
  return docker.getContainer(containerName(spec.examSessionId, 'node'));
}

/**
 * A kubeconfig for use inside the session's network.
 *
 * @throws CkxError operational `KUBECONFIG_MISSING` before the control plane has made it.
 */
export async function kubeconfigFor(context: DockerContext, spec: EnvironmentSpec, holder: keyof typeof KUBECONFIGS): Promise<string> {
  const kubeconfig = await readKubeconfig(context, spec, holder, INSIDE);
  if (kubeconfig === null) throw new CkxError('operational', 'KUBECONFIG_MISSING', 'The control plane has no kubeconfig yet.');
  return kubeconfig;
}

async function readKubeconfig(context: DockerContext, spec: EnvironmentSpec, holder: keyof typeof KUBECONFIGS, server: string) {
  const text = await getFile(controlPlane(context, spec), KUBECONFIGS[holder]);
  return text === null ? null : relocateKubeconfig(text, server, CONTROL_PLANE);
}

/** Waits for the kubeconfig of the platform's own, keeps it on this host for operators, and returns it. */
async function untilKubeconfig(context: DockerContext, spec: EnvironmentSpec, signal: AbortSignal): Promise<KubeConfig> {
  const server = `https://${context.hostAddress}:${spec.ports.k8sApi}`;
  for (;;) {
    signal.throwIfAborted();
    const kubeconfig = await readKubeconfig(context, spec, 'platform', server);
    if (kubeconfig !== null) {
      await keep(context, spec, kubeconfig);
      return openKubeconfig(kubeconfig);
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

async function keep(context: DockerContext, spec: EnvironmentSpec, kubeconfig: string): Promise<void> {
  const folder = environmentFolder(context.workDir, spec.examSessionId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `kubeconfig.${randomUUID()}`);
  await writeFile(draft, kubeconfig, { mode: 0o600 });
  await rename(draft, join(folder, 'kubeconfig'));
}

/** What is waited for at each milestone, for people. */
const WAITING_FOR: Record<Milestone, string> = {
  control_plane: 'the API server to be ready',
  node_ready: 'the node to be Ready',
  workloads: 'the first pod to run',
};

/** How long one kubeconfig is believed: a node that is killed in its first start begins anew, with other keys. */
const ATTEMPT_MS = 5_000;

/**
 * Returns when the milestone is reached, and at once where it was before.
 *
 * @throws CkxError `NODE_EXITED` as soon as the container of a node ends.
 */
export async function awaitMilestone(context: DockerContext, spec: EnvironmentSpec, until: Milestone, options: WaitOptions): Promise<void> {
  const nodes = nodesOf(spec.needs);
  const names = nodes.map(hostName);
  const waitingFor = until === 'node_ready' && names.length > 1 ? 'the nodes to be Ready' : WAITING_FOR[until];
  await whileNodesRun(context, spec, nodes, waitingFor, options, (running) =>
    whileIntroducing(context, spec, running, (signal) =>
      whileKubeconfigHolds(context, spec, signal, (config, attempt) => reach(config, names, until, attempt)),
    ),
  );
}

/**
 * Returns when a node that was started again is Ready by its own word.
 *
 * @param since when its container was started.
 * @throws CkxError `NODE_EXITED` as soon as the node's container ends.
 */
export async function awaitReturn(
  context: DockerContext,
  spec: EnvironmentSpec,
  node: NodePart,
  since: Date,
  options: WaitOptions,
): Promise<void> {
  await whileNodesRun(context, spec, [node], WAITING_FOR.node_ready, options, (signal) =>
    whileKubeconfigHolds(context, spec, signal, (config, attempt) => untilNodeBack(config, hostName(node), since, attempt)),
  );
}

/** Runs `work` and ends it at once when the container of one of these nodes ends. */
async function whileNodesRun(
  { docker }: DockerContext,
  spec: EnvironmentSpec,
  nodes: readonly NodePart[],
  waitingFor: string,
  options: WaitOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const within = nodes.reduce<(signal: AbortSignal) => Promise<void>>((inner, node) => {
    const container = docker.getContainer(containerName(spec.examSessionId, node));
    return (signal) => whileRunning(container, { ...options, signal }, () => waitingFor, inner);
  }, work);
  await within(options.signal);
}

/** Repeats `work` with the platform's kubeconfig as it is then, until it succeeds. */
async function whileKubeconfigHolds(
  context: DockerContext,
  spec: EnvironmentSpec,
  signal: AbortSignal,
  work: (config: KubeConfig, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (;;) {
    const config = await untilKubeconfig(context, spec, signal);
    const attempt = AbortSignal.timeout(ATTEMPT_MS);
    try {
      return await work(config, AbortSignal.any([signal, attempt]));
    } catch (error) {
      signal.throwIfAborted();
      if (!attempt.aborted) throw error;
    }
  }
}

async function reach(config: KubeConfig, nodes: readonly string[], until: Milestone, signal: AbortSignal): Promise<void> {
  switch (until) {
    case 'control_plane':
      return untilApiReady(config, signal);
    case 'node_ready':
      return untilNodesReady(config, nodes, signal);
    case 'workloads':
      return untilWorkloadsRun(config, signal);
  }
}
