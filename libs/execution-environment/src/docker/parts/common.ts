/** What every container of an environment is asked of the engine: address, limits, mounts, labels. */
import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { addressesIn, CONTROL_PLANE, hostName, labelsOf, machinesOf, networkName, volumeName, type Part } from '../naming.ts';
import { limitsOf, type Limits } from './limits.ts';

const CPU_PERIOD_US = 100_000;

/** A named volume of the environment, by its purpose, at a path of the container. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
}

/** The candidate's home, and what terminal, desktop and toolboxes share. */
export const SHARED: readonly Mount[] = [
  { volume: 'home', path: '/home/candidate' },
  { volume: 'work', path: '/tmp/exam' },
];

/** What a container may use, as the engine is told it. */
export function withinLimits({ cpuMillis, memoryMib, processes }: Limits): Docker.HostConfig {
  const memory = memoryMib * 2 ** 20;
  return {
    Memory: memory,
    // No swap on top of it.
    MemorySwap: memory,
    // A quota, since the engine refuses NanoCpus beyond the machine's number of processors.
    CpuPeriod: CPU_PERIOD_US,
    CpuQuota: (cpuMillis / 1_000) * CPU_PERIOD_US,
    PidsLimit: processes,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '1' } },
  };
}

/** Under the names of machines that are in the session's network. */
function neighbours({ needs, subnet }: EnvironmentSpec, part: Part): string[] {
  const addresses = addressesIn(subnet);
  const machines = machinesOf(needs).filter((machine) => machine !== part);
  const shared = needs.cluster === 'namespace' && part !== 'relay' ? [`${CONTROL_PLANE}:${addresses.relay}`] : [];
  return [...machines.map((machine) => `${hostName(machine)}:${addresses[machine]}`), ...shared];
}

/** What is the same for each part. */
export function common(context: DockerContext, spec: EnvironmentSpec, part: Part, mounts: readonly Mount[]) {
  const network = networkName(spec.executionEnvironmentId);
  const addresses = addressesIn(spec.subnet);
  const host: Docker.HostConfig = {
    NetworkMode: network,
    Binds: mounts.map(({ volume, path }) => `${volumeName(spec.executionEnvironmentId, volume)}:${path}`),
    ...withinLimits(limitsOf(part)),
    ...(spec.needs.egress === 'none' ? NO_NAMES_OUTSIDE : {}),
    ExtraHosts: neighbours(spec, part),
  };
  return {
    host,
    options: {
      Labels: labelsOf(context.installation, spec, part),
      NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: addresses[part] } } } },
    } satisfies Docker.ContainerCreateOptions,
  };
}

/**
 * Without a way out, no question about a name leaves either: the engine would carry it out of its own accord. It answers nothing in
 * place of a refusal, so the wait for that is kept short.
 */
export const NO_NAMES_OUTSIDE = { Dns: ['127.0.0.1'], DnsOptions: ['timeout:1', 'attempts:1'] };

/** Publishes a port of the container on an address of the host; where it is empty, on one that the engine chooses at each start. */
export function published(containerPort: number, bindings: readonly { address: string; port: number | '' }[]) {
  const key = `${containerPort}/tcp`;
  return {
    exposed: { ExposedPorts: { [key]: {} } },
    bindings: { PortBindings: { [key]: bindings.map(({ address, port }) => ({ HostIp: address, HostPort: String(port) })) } },
  };
}
