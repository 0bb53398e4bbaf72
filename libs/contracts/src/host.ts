import { z } from 'zod';
import { watchedPartsOf, type WatchedPart } from './environment.ts';
import { HostId } from './ids.ts';
import type { EnvironmentNeeds } from './lab.ts';
import { PortKind } from './states.ts';

export const PortRange = z.object({ start: z.int().min(1).max(65535), end: z.int().min(1).max(65535) });
export type PortRange = z.infer<typeof PortRange>;

/** What a host worker says of its machine; recorded by the control role. */
export const HostFacts = z.object({
  hostId: HostId,
  /** Where its published ports are reached. */
  address: z.ipv4(),
  cpuMillis: z.int().positive(),
  memoryMib: z.int().positive(),
  bootSlots: z.int().positive(),
  portRanges: z.record(PortKind, PortRange),
  subnetPool: z.cidrv4(),
  engine: z.object({
    version: z.string(),
    userNamespaces: z.boolean(),
    /** What is thinner than design §5 asks; empty on an engine of ours. */
    thinWalls: z.array(z.string()),
  }),
});
export type HostFacts = z.infer<typeof HostFacts>;

/** What an environment, or a part of it, takes of its host. */
export interface Units {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

const NODE: Units = { cpuMillis: 2_000, memoryMib: 4_096 };

/** Units that each part of an environment takes of its host (design §5): its limits. */
export const PART_UNITS = {
  node: NODE,
  node01: NODE,
  node02: NODE,
  terminal: { cpuMillis: 500, memoryMib: 512 },
  desktop: { cpuMillis: 1_000, memoryMib: 1_024 },
  engine: { cpuMillis: 1_000, memoryMib: 1_024 },
  relay: { cpuMillis: 100, memoryMib: 64 },
} as const satisfies Record<WatchedPart, Units>;

/** What a node that sessions share takes of its host, once, beside what each of their environments takes. */
export const SHARED_NODE_UNITS: Units = NODE;

/** As many as have what their quotas promise them at the same time (libs/execution-environment, `shared/objects.ts`). */
export const NAMESPACES_PER_NODE = 6;

/** The sum of the limits of an environment's parts. */
export function unitsOf(needs: EnvironmentNeeds): Units {
  const parts = watchedPartsOf(needs).map((part) => PART_UNITS[part]);
  return {
    cpuMillis: parts.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
    memoryMib: parts.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
  };
}

/**
 * The last /26 of a host's pool, in which the node is that sessions share: no session is given it. null where the pool has one /26 alone.
 *
 * @param pool CIDR notation, IPv4; address bits beyond its prefix are ignored.
 */
export function sharedSubnetOf(pool: string): string | null {
  const [address = '', bits = ''] = pool.split('/');
  if (Number(bits) >= 26) return null;
  const size = 2 ** (32 - Number(bits));
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = Math.floor(value / size) * size + size - 64;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.')}/26`;
}
