import { CkxError, sharedSubnetOf, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { addressesIn, CONTROL_PLANE } from '../naming.ts';
import { common } from './common.ts';

const API_PORT = 6_443;

/** Nobody on any machine. */
const NOBODY = '65534:65534';

/**
 * The session's way to the node that is shared: it listens at one port, at its address in the session's network, and connects to one port of one
 * address. It holds nothing, may do nothing, and no packet passes it. The programs are systemd's, of the node's image.
 *
 * @throws CkxError user `NEEDS_NOT_SUPPORTED`.
 */
export function relayOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'relay', []);
  const listensAt = `${addressesIn(spec.subnet).relay}:${API_PORT}`;
  const leadsTo = `${addressesIn(sharedSubnet(context)).node}:${API_PORT}`;
  return {
    ...options,
    Image: context.images.node,
    Hostname: CONTROL_PLANE,
    User: NOBODY,
    Entrypoint: ['systemd-socket-activate', `--listen=${listensAt}`, '/usr/lib/systemd/systemd-socket-proxyd', leadsTo],
    HostConfig: {
      ...host,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Sysctls: { 'net.ipv4.ip_forward': '0' },
      // In place of the volume that the image asks for.
      Tmpfs: { '/var/lib/containerd': 'size=64k' },
    },
  };
}

/** @throws CkxError user `NEEDS_NOT_SUPPORTED` where the host's pool has no room for a second network. */
export function sharedSubnet({ subnetPool }: Pick<DockerContext, 'subnetPool'>): string {
  const subnet = sharedSubnetOf(subnetPool);
  if (subnet !== null) return subnet;
  throw new CkxError(
    'user',
    'NEEDS_NOT_SUPPORTED',
    'The lab needs a namespace in a node that is shared, and this host has no network for one.',
    {
      remedy: 'Give the host a CKX_SUBNET_POOL that is larger than a /26.',
    },
  );
}
