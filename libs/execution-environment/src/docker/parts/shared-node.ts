import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { addressesIn, CONTROL_PLANE, LABEL, sharedName } from '../naming.ts';
import { NO_NAMES_OUTSIDE, published, withinLimits } from './common.ts';
import { SHARED_NODE_LIMITS } from './limits.ts';
import { sharedSubnet } from './relay.ts';

/** The node that sessions share, as any node but for whose it is. */
export function sharedNodeOptions(context: DockerContext): Docker.ContainerCreateOptions {
  const name = sharedName(context.installation);
  const address = addressesIn(sharedSubnet(context)).node;
  // For this host alone, at whatever port is free: those of the ranges belong to sessions.
  const api = published(6_443, [{ address: context.hostAddress, port: '' }]);
  return {
    ...api.exposed,
    Labels: { [LABEL.installation]: context.installation, [LABEL.shared]: 'node' },
    // With a terminal the container has /dev/console, on which the node says how its start goes.
    Tty: true,
    Image: context.images.node,
    Hostname: CONTROL_PLANE,
    Env: ['CKX_CLUSTER_NAME=shared', `CKX_NODES=${CONTROL_PLANE}=${address}`, 'CKX_ADDONS='],
    HostConfig: {
      NetworkMode: name,
      Binds: [`${name}:/var/lib/containerd`],
      ...withinLimits(SHARED_NODE_LIMITS),
      ...NO_NAMES_OUTSIDE,
      ...api.bindings,
      ...context.settings.node,
    },
    NetworkingConfig: { EndpointsConfig: { [name]: { IPAMConfig: { IPv4Address: address } } } },
  };
}
