/** Names, labels and addresses of everything that belongs to one environment: all of it follows from its specification. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ExamSessionId, ExecutionEnvironmentId, nodesOf, WatchedPart, type EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import { BRIDGE_PREFIX, OPEN_BRIDGE_PREFIX } from '@ckx/host-walls';
import { z } from 'zod';

/** What a container is for; the value of its `ckx.part` label. */
export const Part = z.enum([...WatchedPart.options, 'setup', 'grader', 'checker']);
export type Part = z.infer<typeof Part>;

/** Labels on every container, network and volume; all that cleaning up needs. */
export const LABEL = {
  installation: 'ckx.installation',
  environment: 'ckx.environment',
  session: 'ckx.session',
  part: 'ckx.part',
  /** On what sessions share, in place of the three above: nobody takes it for some environment's. */
  shared: 'ckx.shared',
} as const;

export type Labels = Record<string, string>;

export function labelsOf(installation: string, spec: EnvironmentSpec, part: string): Labels {
  return {
    [LABEL.installation]: installation,
    [LABEL.environment]: spec.executionEnvironmentId,
    [LABEL.session]: spec.examSessionId,
    [LABEL.part]: part,
  };
}

/** The labels of a resource as ids, or null where it carries none that can be read. */
export function readLabels(labels: Labels | null | undefined) {
  const result = z
    .object({ [LABEL.environment]: ExecutionEnvironmentId, [LABEL.session]: ExamSessionId, [LABEL.part]: z.string() })
    .safeParse(labels ?? {});
  if (!result.success) return null;
  return {
    executionEnvironmentId: result.data[LABEL.environment],
    examSessionId: result.data[LABEL.session],
    part: result.data[LABEL.part],
  };
}

/** Containers carry the session's id: a warm one is renamed when it is bound. */
export function containerName(examSessionId: ExamSessionId, part: Part): string {
  return `ckx-${CONTAINER_WORDS[part]}-${examSessionId}`;
}

/** Design §5. */
const CONTAINER_WORDS: Readonly<Record<Part, string>> = {
  node: 'node',
  node01: 'node01',
  node02: 'node02',
  terminal: 'ssh',
  desktop: 'vnc',
  engine: 'docker',
  relay: 'relay',
  setup: 'setup',
  grader: 'grader',
  checker: 'checker',
};

/** Networks and volumes cannot be renamed and so carry the environment's id. */
export function networkName(executionEnvironmentId: ExecutionEnvironmentId): string {
  return `ckx-net-${executionEnvironmentId}`;
}

/** Interface names end at 15 characters; the firewall's rules match their beginning, and let out what begins like an open one. */
export function bridgeName({ executionEnvironmentId, needs }: Pick<EnvironmentSpec, 'executionEnvironmentId' | 'needs'>): string {
  const prefix = needs.egress === 'internet' ? OPEN_BRIDGE_PREFIX : BRIDGE_PREFIX;
  return `${prefix}${executionEnvironmentId.slice(0, 8)}`;
}

/** Container, network and volume of the node that sessions of this installation share. */
export function sharedName(installation: string): string {
  return `ckx-shared-${installation}`;
}

/** No hexadecimal digit after the prefix: it is no environment's bridge. */
export function sharedBridgeName(installation: string): string {
  return `${BRIDGE_PREFIX}s${createHash('sha256').update(installation).digest('hex').slice(0, 8)}`;
}

export function volumeName(executionEnvironmentId: ExecutionEnvironmentId, purpose: string): string {
  return `ckx-${purpose}-${executionEnvironmentId}`;
}

/** Host name of the node with the control plane, as in the real exams. */
export const CONTROL_PLANE = 'controlplane';

/** The host name of the session's own Docker engine. */
const DOCKER_HOST_NAME = 'docker';

/** A machine to a candidate, who is root there: nodes of the cluster, and the session's own Docker engine. */
type Machine = 'node' | 'node01' | 'node02' | 'engine';

export function machinesOf(needs: EnvironmentNeeds): readonly Machine[] {
  return [...nodesOf(needs), ...(needs.dockerEngine ? ['engine' as const] : [])];
}

/** Under which a machine is known in the session's network, and a node in its cluster. */
export function hostName(machine: Machine): string {
  if (machine === 'node') return CONTROL_PLANE;
  return machine === 'engine' ? DOCKER_HOST_NAME : machine;
}

const HOST_NUMBERS = {
  gateway: 1,
  node: 2,
  // In place of the node that is elsewhere, so that a kubeconfig reads the same.
  relay: 2,
  node01: 3,
  node02: 4,
  terminal: 10,
  engine: 11,
  desktop: 12,
  setup: 20,
  grader: 21,
  checker: 22,
} as const satisfies Record<Part | 'gateway', number>;

export type Addresses = Readonly<Record<keyof typeof HOST_NUMBERS, string>>;

/** Fixed addresses within a /26 (design §5). @throws RangeError where the subnet is not a /26 on its boundary. */
export function addressesIn(subnet: string): Addresses {
  const [base = '', prefix] = subnet.split('/');
  const octets = base.split('.').map(Number);
  const last = octets[3];
  if (prefix !== '26' || octets.length !== 4 || last === undefined || last % 64 !== 0) {
    throw new RangeError(`${subnet} is not a /26 network`);
  }
  const at = (number: number) => [...octets.slice(0, 3), last + number].join('.');
  return {
    gateway: at(HOST_NUMBERS.gateway),
    node: at(HOST_NUMBERS.node),
    relay: at(HOST_NUMBERS.relay),
    node01: at(HOST_NUMBERS.node01),
    node02: at(HOST_NUMBERS.node02),
    terminal: at(HOST_NUMBERS.terminal),
    engine: at(HOST_NUMBERS.engine),
    desktop: at(HOST_NUMBERS.desktop),
    setup: at(HOST_NUMBERS.setup),
    grader: at(HOST_NUMBERS.grader),
    checker: at(HOST_NUMBERS.checker),
  };
}

/** Folder on the host for what the platform alone holds of a session: the administrator's kubeconfig. */
export function environmentFolder(workDir: string, examSessionId: ExamSessionId): string {
  return join(workDir, `exam-env-${examSessionId}`);
}

/** Folder on the host for the session's own copy of its lab pack. */
export function assetsFolder(workDir: string, examSessionId: ExamSessionId): string {
  return join(workDir, `exam-assets-${examSessionId}`);
}
