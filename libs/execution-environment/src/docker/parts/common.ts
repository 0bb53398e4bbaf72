/** What every container of an environment is asked of the engine: address, limits, mounts, labels. */
import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { addressesIn, hostName, labelsOf, machinesOf, networkName, volumeName, type Part } from '../naming.ts';
import { limitsOf } from './limits.ts';

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

/** What is the same for each part. */
export function common(context: DockerContext, spec: EnvironmentSpec, part: Part, mounts: readonly Mount[]) {
  const limits = limitsOf(part);
  const network = networkName(spec.executionEnvironmentId);
  const addresses = addressesIn(spec.subnet);
  const memory = limits.memoryMib * 2 ** 20;
  const host: Docker.HostConfig = {
    NetworkMode: network,
    Binds: mounts.map(({ volume, path }) => `${volumeName(spec.executionEnvironmentId, volume)}:${path}`),
    Memory: memory,
    // No swap on top of it.
    MemorySwap: memory,
    // A quota, since the engine refuses NanoCpus beyond the machine's number of processors.
    CpuPeriod: CPU_PERIOD_US,
    CpuQuota: (limits.cpuMillis / 1_000) * CPU_PERIOD_US,
    ...(spec.needs.egress === 'none' ? NO_NAMES_OUTSIDE : {}),
    PidsLimit: limits.processes,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '1' } },
    ExtraHosts: machinesOf(spec.needs)
      .filter((machine) => machine !== part)
      .map((machine) => `${hostName(machine)}:${addresses[machine]}`),
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
const NO_NAMES_OUTSIDE = { Dns: ['127.0.0.1'], DnsOptions: ['timeout:1', 'attempts:1'] };

/** Publishes a port of the container on an address of the host. */
export function published(containerPort: number, bindings: readonly { address: string; port: number }[]) {
  const key = `${containerPort}/tcp`;
  return {
    exposed: { ExposedPorts: { [key]: {} } },
    bindings: { PortBindings: { [key]: bindings.map(({ address, port }) => ({ HostIp: address, HostPort: String(port) })) } },
  };
}
