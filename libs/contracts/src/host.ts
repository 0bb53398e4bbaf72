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
} as const satisfies Record<WatchedPart, Units>;

/** The sum of the limits of an environment's parts. */
export function unitsOf(needs: EnvironmentNeeds): Units {
  const parts = watchedPartsOf(needs).map((part) => PART_UNITS[part]);
  return {
    cpuMillis: parts.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
    memoryMib: parts.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
  };
}
