/** What each container of an environment is asked of the engine: addresses, limits, mounts, published ports. */
import { PART_UNITS, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ToolboxRole } from '../provider.ts';
import type { DockerContext } from './context.ts';
import { addressesIn, CONTROL_PLANE, labelsOf, networkName, volumeName, type Part } from './naming.ts';

/** Named volumes of an environment: the node's image store, the candidate's home, and what terminal and toolboxes share at /tmp/exam. */
export const VOLUMES = ['store', 'home', 'work'] as const;
type Volume = (typeof VOLUMES)[number];

interface Limits {
  readonly cpuMillis: number;
  readonly memoryMib: number;
  readonly processes: number;
  /** Writable layer and volumes; held by a watch, not by the engine (disk-watch.ts). */
  readonly diskMib: number;
  /** Files and folders on disk. */
  readonly files: number;
}

const NODE_LIMITS: Limits = { ...PART_UNITS.node, processes: 4_096, diskMib: 8_192, files: 250_000 };
const TERMINAL_LIMITS: Limits = { ...PART_UNITS.terminal, processes: 1_024, diskMib: 2_048, files: 100_000 };
/** Not part of a host's capacity: a toolbox runs for seconds, while nobody works in the terminal. */
const TOOLBOX_LIMITS: Limits = { cpuMillis: 2_000, memoryMib: 512, processes: 1_024, diskMib: 2_048, files: 100_000 };

export function limitsOf(part: Part): Limits {
  switch (part) {
    case 'node':
      return NODE_LIMITS;
    case 'terminal':
      return TERMINAL_LIMITS;
    case 'setup':
    case 'grader':
      return TOOLBOX_LIMITS;
  }
}

const CPU_PERIOD_US = 100_000;

interface Mount {
  readonly volume: Volume;
  readonly path: string;
}
const SHARED: readonly Mount[] = [
  { volume: 'home', path: '/home/candidate' },
  { volume: 'work', path: '/tmp/exam' },
];

function common(context: DockerContext, spec: EnvironmentSpec, part: Part, mounts: readonly Mount[]) {
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
    ...(part === 'node' ? {} : { ExtraHosts: [`${CONTROL_PLANE}:${addresses.node}`] }),
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
function published(containerPort: number, bindings: readonly { address: string; port: number }[]) {
  const key = `${containerPort}/tcp`;
  return {
    exposed: { ExposedPorts: { [key]: {} } },
    bindings: { PortBindings: { [key]: bindings.map(({ address, port }) => ({ HostIp: address, HostPort: String(port) })) } },
  };
}

export function nodeOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'node', [{ volume: 'store', path: '/var/lib/containerd' }]);
  const api = published(6_443, [{ address: context.hostAddress, port: spec.ports.k8sApi }]);
  return {
    ...options,
    ...api.exposed,
    // With a terminal the container has /dev/console, on which the node says how its start goes.
    Tty: true,
    Image: context.images.node,
    Hostname: CONTROL_PLANE,
    Env: [`CKX_CLUSTER_NAME=${spec.examSessionId}`],
    HostConfig: { ...host, ...api.bindings, ...context.settings.node },
  };
}

export function terminalOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'terminal', SHARED);
  const ssh = published(22, [
    { address: context.hostAddress, port: spec.ports.sshTerminal },
    { address: context.jumphostAddress, port: spec.ports.sshJumphost },
  ]);
  return {
    ...options,
    ...ssh.exposed,
    Image: context.images.terminal,
    Hostname: 'terminal',
    HostConfig: { ...host, ...ssh.bindings, ...context.settings.terminal },
  };
}

/** Setup has time until the first pod runs: a node that starts beside it (Docker's default is 1,024) goes first. */
const CPU_SHARES: Readonly<Record<ToolboxRole, number>> = { setup: 128, grader: 1_024 };

export function toolboxOptions(context: DockerContext, spec: EnvironmentSpec, role: ToolboxRole): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, role, SHARED);
  return {
    ...options,
    Image: context.images.terminal,
    Cmd: ['toolbox'],
    Hostname: role,
    HostConfig: {
      ...host,
      CpuShares: CPU_SHARES[role],
      SecurityOpt: ['no-new-privileges'],
      // To find the processes that a script left running under another user, and end them.
      CapAdd: ['SYS_PTRACE'],
    },
  };
}
