/** What each part of an environment may use. */
import { PART_UNITS, SHARED_NODE_UNITS } from '@ckx/contracts';
import type { Part } from '../naming.ts';

export interface Limits {
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
const DESKTOP_LIMITS: Limits = { ...PART_UNITS.desktop, processes: 1_024, diskMib: 2_048, files: 100_000 };
const ENGINE_LIMITS: Limits = { ...PART_UNITS.engine, processes: 4_096, diskMib: 8_192, files: 250_000 };
const RELAY_LIMITS: Limits = { ...PART_UNITS.relay, processes: 16, diskMib: 16, files: 1_000 };
/** A node for several sessions: each of their pods has a limit of its own (shared/node.ts), which all together may reach. */
export const SHARED_NODE_LIMITS: Limits = { ...NODE_LIMITS, ...SHARED_NODE_UNITS, processes: 16_384 };
/** Not part of a host's capacity: a toolbox runs for seconds, most of them while nobody works in the terminal. */
const TOOLBOX_LIMITS: Limits = { cpuMillis: 2_000, memoryMib: 512, processes: 1_024, diskMib: 2_048, files: 100_000 };

export function limitsOf(part: Part): Limits {
  switch (part) {
    case 'node':
    case 'node01':
    case 'node02':
      return NODE_LIMITS;
    case 'terminal':
      return TERMINAL_LIMITS;
    case 'desktop':
      return DESKTOP_LIMITS;
    case 'engine':
      return ENGINE_LIMITS;
    case 'relay':
      return RELAY_LIMITS;
    case 'setup':
    case 'grader':
    case 'checker':
      return TOOLBOX_LIMITS;
  }
}
