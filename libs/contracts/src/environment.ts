import { z } from 'zod';
import { ExamSessionId, ExecutionEnvironmentId, HostId, UserId } from './ids.ts';
import { EnvironmentNeeds, LabCategory } from './lab.ts';
import { PROVISION_STEPS, SessionPorts, type ProvisionStep } from './states.ts';

/** Everything a host needs to know to build one environment: all of it decided at admission, nothing chosen later. */
export const EnvironmentSpec = z.object({
  userId: UserId,
  examSessionId: ExamSessionId,
  executionEnvironmentId: ExecutionEnvironmentId,
  hostId: HostId,
  /** Decides which documentation a desktop may show; absent where the environment was admitted before there were desktops. */
  category: LabCategory.optional(),
  needs: EnvironmentNeeds,
  /** A /26 of the environment's own, CIDR notation. */
  subnet: z.cidrv4(),
  ports: SessionPorts,
  /** It was made before its session: until it was bound, its containers bore its own id in place of the session's, and its labels still do. */
  bornWarm: z.literal(true).optional(),
});
export type EnvironmentSpec = z.infer<typeof EnvironmentSpec>;

/** An environment that belongs to nobody yet: it stands under its own id, where a session's and a user's would be. */
export function warmSpec(
  place: Pick<EnvironmentSpec, 'executionEnvironmentId' | 'hostId' | 'needs' | 'subnet' | 'ports'>,
): EnvironmentSpec {
  const { executionEnvironmentId: id } = place;
  return { ...place, userId: UserId.parse(id), examSessionId: ExamSessionId.parse(id) };
}

/** Environments of one shape can stand for each other: the same for needs that are the same, in whatever order they are written. */
export function shapeOf(needs: EnvironmentNeeds): string {
  const { addons, ...others } = EnvironmentNeeds.parse(needs);
  return JSON.stringify({ ...others, addons: addons.toSorted() });
}

/** What a sealed terminal key is for, beside its session. */
export const TERMINAL_KEY_PURPOSE = 'terminal-key';

/** The same for a sealed {@link DesktopSecret}. */
export const DESKTOP_SECRET_PURPOSE = 'desktop-secret';

/** With what the gateway, and nobody else, comes into a desktop; JSON where it is sealed. */
export const DesktopSecret = z.object({
  /** Eight characters: that is all the protocol takes. */
  password: z.string().length(8),
  /** SHA-256 of the certificate with which the desktop answers, hexadecimal. */
  certificate: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DesktopSecret = z.infer<typeof DesktopSecret>;

/** A machine that is reached through the terminal, as clients have to know it. */
export const KnownMachine = z.object({
  name: z.string(),
  address: z.string(),
  /** OpenSSH public key format. */
  hostKey: z.string(),
});
export type KnownMachine = z.infer<typeof KnownMachine>;

/** What a host learned while it built an environment, and records through the control role: public, or sealed to whom it is for. */
export const EnvironmentFacts = z.object({
  /** The terminal's SSH host key, OpenSSH public key format, for clients to pin. */
  sshHostKey: z.string(),
  /**
   * The private key with which the gateway logs in to this terminal, sealed to the gateway for {@link TERMINAL_KEY_PURPOSE}. Absent where the
   * host does not know the gateway's public key: its terminals cannot be reached from a browser.
   */
  terminalKey: z.string().optional(),
  /** A {@link DesktopSecret}, sealed to the gateway for {@link DESKTOP_SECRET_PURPOSE}. Absent until the desktop is open. */
  desktopSecret: z.string().optional(),
  nodes: z.array(z.object({ name: z.string(), address: z.string() })),
  /** For the candidate's own client; absent where the terminal was opened before hosts told of them. */
  machines: z.array(KnownMachine).optional(),
});
export type EnvironmentFacts = z.infer<typeof EnvironmentFacts>;

/** One container of an environment: its limits, and what it uses of them. null where the engine does not say. */
export const PartUse = z.object({
  part: z.string(),
  name: z.string(),
  running: z.boolean(),
  startedAt: z.iso.datetime().nullable(),
  restarts: z.int().nonnegative(),
  limits: z.object({ cpuMillis: z.int(), memoryMib: z.int(), processes: z.int(), diskMib: z.int().nullable() }),
  use: z.object({
    cpuMillis: z.number().nullable(),
    memoryMib: z.number().nullable(),
    processes: z.int().nullable(),
    diskMib: z.number().nullable(),
  }),
});
export type PartUse = z.infer<typeof PartUse>;

/** What `ckx session inspect` shows of an environment, as its host's engine has it now. */
export const EnvironmentUse = z.object({ executionEnvironmentId: ExecutionEnvironmentId, hostId: HostId, parts: z.array(PartUse) });
export type EnvironmentUse = z.infer<typeof EnvironmentUse>;

/**
 * Parts of an environment that a candidate works in: each is watched, and started again when it dies. `node` has the control plane,
 * `node01` and `node02` are workers; `relay` is the way to the API server of a node that is shared.
 */
export const WatchedPart = z.enum(['node', 'node01', 'node02', 'terminal', 'desktop', 'engine', 'relay']);
export type WatchedPart = z.infer<typeof WatchedPart>;

export const WORKERS = ['node01', 'node02'] as const satisfies readonly WatchedPart[];

/** The nodes of an environment's cluster, the one with the control plane first; none where it has no cluster of its own. */
export function nodesOf({ cluster, nodes }: EnvironmentNeeds): readonly ('node' | (typeof WORKERS)[number])[] {
  return cluster === 'dedicated' ? ['node', ...WORKERS.slice(0, nodes - 1)] : [];
}

/** Whether there is an API server to ask: of a cluster of its own, or of the node that is shared. */
export function hasCluster({ cluster }: EnvironmentNeeds): boolean {
  return cluster !== 'none';
}

/** All that an environment with these needs is made of; a node that is shared belongs to none. */
export function watchedPartsOf(needs: EnvironmentNeeds): readonly WatchedPart[] {
  return [
    ...nodesOf(needs),
    'terminal',
    ...(needs.desktop ? ['desktop' as const] : []),
    ...(needs.dockerEngine ? ['engine' as const] : []),
    ...(needs.cluster === 'namespace' ? ['relay' as const] : []),
  ];
}

/** The namespace of a session in a node that is shared. */
export function namespaceOf(examSessionId: ExamSessionId): string {
  return `exam-${examSessionId}`;
}

/** The steps in which such an environment is built, in the order in which a client is shown them. */
export function provisionStepsOf(needs: EnvironmentNeeds): readonly ProvisionStep[] {
  const cluster = hasCluster(needs);
  const taken: Partial<Record<ProvisionStep, boolean>> = {
    control_plane: cluster,
    node_ready: cluster,
    workloads: cluster || needs.dockerEngine,
  };
  return PROVISION_STEPS.filter((step) => taken[step] ?? true);
}

/** What the last good look at an environment saw: carried from watch to watch, and from a killed one to the next by its heartbeat. */
export const LastLook = z.object({
  /** Epoch milliseconds. */
  atMs: z.int(),
  /** When each part had been started, as the engine says: another time is another start. Empty before the first look. */
  startedAt: z.partialRecord(WatchedPart, z.string()),
});
export type LastLook = z.infer<typeof LastLook>;

/** Why a watch came back. */
export type WatchFinding =
  /** A part is dead, or was started anew without the session's knowledge. */
  | { readonly kind: 'down'; readonly part: WatchedPart; readonly reason: string }
  /** Nobody looked: the host's worker was away, or the engine did not answer. Epoch milliseconds. */
  | { readonly kind: 'gap'; readonly cause: 'host' | 'engine'; readonly fromMs: number; readonly toMs: number }
  /** A part has used up what it may use: the session cannot go on. */
  | { readonly kind: 'limit'; readonly part: string; readonly reason: string };

export interface WatchReport {
  readonly finding: WatchFinding;
  /** Where the next watch goes on. */
  readonly seen: LastLook;
}
