/** The node that the sessions of this host share which need a namespace and no cluster of their own: made by the first of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, isCkxError } from '@ckx/contracts';
import { closeBridge } from '@ckx/host-walls';
import type { KubeConfig } from '@kubernetes/client-node';
import type Docker from 'dockerode';
import { openKubeconfig, relocateKubeconfig } from '../../kubernetes.ts';
import { getFile, putEntries } from '../archive.ts';
import { inspect, removeContainer, start } from '../containers.ts';
import type { DockerContext } from '../context.ts';
import { engineCall, engineCallUnless } from '../errors.ts';
import { addressesIn, CONTROL_PLANE, LABEL, sharedBridgeName, sharedName } from '../naming.ts';
import { sharedSubnet } from '../parts/relay.ts';
import { sharedNodeOptions } from '../parts/shared-node.ts';

/** All that is needed to find it. */
export type Finder = Pick<DockerContext, 'docker' | 'installation'>;

export function sharedNode({ docker, installation }: Finder): Docker.Container {
  return docker.getContainer(sharedName(installation));
}

/** Network, volume and container, started. Call it in turn with what removes them. @throws CkxError as creating an environment does. */
export async function ensureSharedNode(context: DockerContext): Promise<void> {
  const { docker, installation } = context;
  await ensureSharedNetwork(context);
  const labels = { [LABEL.installation]: installation, [LABEL.shared]: 'store' };
  await engineCall(() => docker.createVolume({ Name: sharedName(installation), Driver: 'local', Labels: labels }));
  const node = sharedNode(context);
  if ((await inspect(node)) === null) {
    await engineCallUnless([409], () => docker.createContainer({ ...sharedNodeOptions(context), name: sharedName(installation) }));
  }
  const { State, Config } = await engineCall(() => node.inspect());
  if (Config.Labels[LABEL.shared] !== 'node') {
    throw new CkxError('user', 'NAME_TAKEN', `The container ${sharedName(installation)} is there and does not belong to CKX.`, {
      remedy: `Find out what it is, then: docker rm -f ${sharedName(installation)}`,
    });
  }
  if (State.Status === 'created') await boundPods(node);
  if (!State.Running) await start(node);
}

async function ensureSharedNetwork(context: DockerContext): Promise<void> {
  const { docker, installation } = context;
  const name = sharedName(installation);
  const bridge = sharedBridgeName(installation);
  if ((await engineCallUnless([404], () => docker.getNetwork(name).inspect())) === null) {
    const subnet = sharedSubnet(context);
    try {
      await engineCall(() =>
        docker.createNetwork({
          Name: name,
          CheckDuplicate: true,
          Driver: 'bridge',
          EnableIPv6: false,
          IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: addressesIn(subnet).gateway, IPRange: upperHalfOf(subnet) }] },
          Options: { 'com.docker.network.bridge.name': bridge },
          Labels: { [LABEL.installation]: installation, [LABEL.shared]: 'network' },
        }),
      );
    } catch (cause) {
      if (!isCkxError(cause) || cause.code !== 'SUBNET_IN_USE') throw cause;
      // Under a code of its own: the session's own addresses are not what was refused.
      throw new CkxError('user', 'SHARED_SUBNET_IN_USE', `Another network of this engine has addresses of ${subnet}.`, {
        remedy: 'Remove the other network, or set CKX_SUBNET_POOL to addresses that nothing on this host uses.',
        cause,
      });
    }
  }
  await closeBridge(bridge);
}

/** Relays are given addresses there; the node has its own in the lower one. */
function upperHalfOf(subnet: string): string {
  const [base = ''] = subnet.split('/');
  const octets = base.split('.');
  return [...octets.slice(0, 3), Number(octets[3]) + 32].join('.') + '/27';
}

const TEMPLATE = { folder: '/usr/local/share/ckx', name: 'kubeadm.yaml.template' };
const KUBELET = 'kind: KubeletConfiguration\n';

/** What a dedicated node leaves to its candidate, nobody may take from neighbours: processes, and disk for logs. */
const PER_POD = 'podPidsLimit: 256\ncontainerLogMaxSize: 1Mi\ncontainerLogMaxFiles: 2\n';

/** Before its first start, so that no kubelet has to be started again. */
async function boundPods(node: Docker.Container): Promise<void> {
  const content = await getFile(node, `${TEMPLATE.folder}/${TEMPLATE.name}`);
  if (content?.includes(PER_POD) === true) return;
  const bounded = content?.replace(KUBELET, KUBELET + PER_POD);
  if (bounded === undefined || bounded === content) {
    throw new CkxError('bug', 'SHARED_NODE_UNBOUNDED', "The node's image has no settings of a kubelet where they were looked for.");
  }
  await putEntries(node, TEMPLATE.folder, [{ path: TEMPLATE.name, mode: 0o644, content: bounded }]);
}

/** `super-admin` is in system:masters, which no change of roles takes away. */
const KUBECONFIG = '/etc/kubernetes/super-admin.conf';
const API_PORT = '6443/tcp';

/** The platform's own account there; null while there is no node, it does not run, or its control plane is not made. */
export async function sharedConfig(finder: Finder): Promise<KubeConfig | null> {
  const node = sharedNode(finder);
  const info = await inspect(node);
  const [published] = info?.State.Running === true ? (info.NetworkSettings.Ports[API_PORT] ?? []) : [];
  if (published === undefined) return null;
  const text = await getFile(node, KUBECONFIG);
  const kubeconfig = text && relocateKubeconfig(text, `https://${published.HostIp}:${published.HostPort}`, CONTROL_PLANE);
  return kubeconfig ? openKubeconfig(kubeconfig) : null;
}

const RETRY_MS = 150;

export async function untilSharedConfig(finder: Finder, signal: AbortSignal): Promise<KubeConfig> {
  for (;;) {
    signal.throwIfAborted();
    const config = await sharedConfig(finder);
    if (config !== null) return config;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/**
 * Removes the node with all that is in it; its network stays while relays are in it. Call it in turn with what makes it.
 *
 * @throws CkxError operational `NOT_REMOVED`.
 */
export async function removeSharedNode({ docker, installation }: Finder): Promise<void> {
  const name = sharedName(installation);
  await removeContainer(docker.getContainer(name));
  await engineCallUnless([404], () => docker.getVolume(name).remove());
  // 403: relays are in it.
  await engineCallUnless([403, 404], () => docker.getNetwork(name).remove());
}
