import { nodesOf, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { addressesIn, hostName } from '../naming.ts';
import { common, published, type Mount } from './common.ts';

/** A node of the cluster, as parts name them. */
export type NodePart = ReturnType<typeof nodesOf>[number];

/** Each has a store of images of its own. */
export function nodeMounts(part: NodePart): readonly Mount[] {
  return [{ volume: part === 'node' ? 'store' : `store-${part}`, path: '/var/lib/containerd' }];
}

/** The node with the control plane, or a worker: the same image, which knows its place among the nodes by its name. */
export function nodeOptions(context: DockerContext, spec: EnvironmentSpec, part: NodePart): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, part, nodeMounts(part));
  const addresses = addressesIn(spec.subnet);
  const nodes = nodesOf(spec.needs).map((node) => `${hostName(node)}=${addresses[node]}`);
  const api = part === 'node' ? published(6_443, [{ address: context.hostAddress, port: spec.ports.k8sApi }]) : null;
  return {
    ...options,
    ...api?.exposed,
    // With a terminal the container has /dev/console, on which the node says how its start goes.
    Tty: true,
    Image: context.images.node,
    Hostname: hostName(part),
    Env: [`CKX_CLUSTER_NAME=${spec.examSessionId}`, `CKX_NODES=${nodes.join(',')}`, `CKX_ADDONS=${spec.needs.addons.join(',')}`],
    HostConfig: { ...host, ...api?.bindings, ...context.settings.node },
  };
}
