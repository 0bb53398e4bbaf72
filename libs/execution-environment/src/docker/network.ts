/** The network and the volumes of an environment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, type EnvironmentSpec } from '@ckx/contracts';
import { closeBridge } from '@ckx/host-walls';
import type { DockerContext } from './context.ts';
import { engineCall } from './errors.ts';
import { addressesIn, bridgeName, LABEL, labelsOf, networkName, readLabels, volumeName } from './naming.ts';

const APPEARANCE_TIMEOUT_MS = 2_000;

/**
 * A bridge of the environment's own, /26, IPv6 off. The firewall knows it by its name.
 *
 * @throws CkxError `SUBNET_IN_USE` (user) where another network has these addresses.
 */
export async function ensureNetwork(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  if (!(await findNetwork(context, spec))) await createNetwork(context, spec);
  await closeBridge(bridgeName(spec));
}

async function createNetwork(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  try {
    await engineCall(() =>
      context.docker.createNetwork({
        Name: networkName(spec.executionEnvironmentId),
        CheckDuplicate: true,
        Driver: 'bridge',
        EnableIPv6: false,
        IPAM: { Driver: 'default', Config: [{ Subnet: spec.subnet, Gateway: addressesIn(spec.subnet).gateway }] },
        Options: { 'com.docker.network.bridge.name': bridgeName(spec) },
        Labels: labelsOf(context.installation, spec, 'network'),
      }),
    );
  } catch (error) {
    // Another call for the same environment was quicker: the engine has given its addresses away, and shows the network a little later.
    const givenUpAt = performance.now() + APPEARANCE_TIMEOUT_MS;
    while (!(await findNetwork(context, spec))) {
      if (performance.now() > givenUpAt) throw error;
      await sleep(100);
    }
  }
}

async function findNetwork({ docker }: DockerContext, spec: EnvironmentSpec): Promise<boolean> {
  const filters = { label: [`${LABEL.environment}=${spec.executionEnvironmentId}`] };
  return (await engineCall(() => docker.listNetworks({ filters }))).length > 0;
}

/** A named volume; the engine keeps one that exists. @throws CkxError `NAME_TAKEN` where it belongs to something else. */
export async function ensureVolume(context: DockerContext, spec: EnvironmentSpec, purpose: string): Promise<void> {
  const name = volumeName(spec.executionEnvironmentId, purpose);
  await engineCall(() =>
    context.docker.createVolume({ Name: name, Driver: 'local', Labels: labelsOf(context.installation, spec, purpose) }),
  );
  const { Labels } = await engineCall(() => context.docker.getVolume(name).inspect());
  if (readLabels(Labels)?.executionEnvironmentId !== spec.executionEnvironmentId) {
    throw new CkxError('user', 'NAME_TAKEN', `The volume ${name} is there and does not belong to CKX.`, {
      remedy: `Look at what is in it, then: docker volume rm ${name}`,
    });
  }
}
