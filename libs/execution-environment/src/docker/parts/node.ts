import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { hostName } from '../naming.ts';
import { common, published, type Mount } from './common.ts';

export const NODE_MOUNTS: readonly Mount[] = [{ volume: 'store', path: '/var/lib/containerd' }];

/** The node with the control plane. */
export function nodeOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'node', NODE_MOUNTS);
  const api = published(6_443, [{ address: context.hostAddress, port: spec.ports.k8sApi }]);
  return {
    ...options,
    ...api.exposed,
    // With a terminal the container has /dev/console, on which the node says how its start goes.
    Tty: true,
    Image: context.images.node,
    Hostname: hostName('node'),
    Env: [`CKX_CLUSTER_NAME=${spec.examSessionId}`],
    HostConfig: { ...host, ...api.bindings, ...context.settings.node },
  };
}
