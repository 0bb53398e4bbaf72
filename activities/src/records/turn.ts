/** Whose turn it is: pure rules over who waits and what the hosts have. */
import type { ExamSessionId, HostId, Maintenance, Units } from '@ckx/contracts';

/** How often a session may see one that came later go first; then nobody passes it. */
export const MOST_OVERTAKEN = 3;

export interface Waiter {
  readonly id: ExamSessionId;
  readonly units: Units;
  readonly overtaken: number;
  readonly rehearsal: boolean;
}

export interface HostRoom {
  readonly id: HostId;
  readonly total: Units;
  /** By environments that are not destroyed. */
  readonly used: Units;
  readonly booting: number;
  readonly bootSlots: number;
}

export interface Situation {
  /** Hosts that take sessions. */
  readonly hosts: readonly HostRoom[];
  readonly environments: number;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
  readonly maintenance: Maintenance;
}

/** Hosts that have room, the one with the most free memory first; or why there is none. */
type Fit = { readonly hosts: readonly HostId[] } | { readonly reason: string; /** Nobody waits for it. */ readonly outOfTurn: boolean };

export type Turn =
  | { readonly hosts: readonly HostId[]; /** Those that it overtakes. */ readonly passed: readonly ExamSessionId[] }
  | { readonly reason: string };

function fit({ units, rehearsal }: Waiter, { hosts, environments, maxConcurrentSessions, maintenance }: Situation): Fit {
  const no = (reason: string, outOfTurn = false) => ({ reason, outOfTurn });
  if (maintenance.on && !rehearsal) return no(`Maintenance: ${maintenance.message}`, true);
  if (environments >= maxConcurrentSessions) return no(`All ${maxConcurrentSessions} places are taken.`);
  if (hosts.length === 0) return no('No host takes sessions at the moment.');
  // Waiting for room that no end of a session can make: whoever came later must not wait with it.
  if (!hosts.some(({ total }) => holds(total, units))) return no('No host is large enough for this lab at the moment.', true);
  const roomy = hosts
    .map((host) => ({ ...host, free: minus(host.total, host.used) }))
    .filter(({ free }) => holds(free, units))
    .sort((one, other) => other.free.memoryMib - one.free.memoryMib);
  if (roomy.length === 0) return no('The hosts are full.');
  const startable = roomy.filter(({ booting, bootSlots }) => booting < bootSlots);
  return startable.length === 0 ? no('Other environments are starting.') : { hosts: startable.map(({ id }) => id) };
}

/** Why a session cannot have a place now, whoever else waits; null where there is room for it. */
export function lackOfRoom(waiter: Waiter, situation: Situation): string | null {
  const found = fit(waiter, situation);
  return 'hosts' in found ? null : found.reason;
}

/**
 * First come, first served. Where somebody who came first fits nowhere now, one who came later and does may go first, until the other
 * has been overtaken three times: then nobody passes.
 *
 * @param ahead those who came before, in order.
 */
export function turnOf(waiter: Waiter, ahead: readonly Waiter[], situation: Situation): Turn {
  const own = fit(waiter, situation);
  if (!('hosts' in own)) return { reason: own.reason };
  const passed: ExamSessionId[] = [];
  for (const other of ahead) {
    const theirs = fit(other, situation);
    if ('hosts' in theirs) return { reason: 'Others came first.' };
    if (theirs.outOfTurn) continue;
    if (other.overtaken >= MOST_OVERTAKEN) return { reason: 'Somebody who came first waits for more room, and is next.' };
    passed.push(other.id);
  }
  return { hosts: own.hosts, passed };
}

/** @param queue everybody who waits, in order. @returns who would be given a place now; null where nobody would. */
export function nextInQueue(queue: readonly Waiter[], situation: Situation): ExamSessionId | null {
  for (const waiter of queue) {
    const found = fit(waiter, situation);
    if ('hosts' in found) return waiter.id;
    if (!found.outOfTurn && waiter.overtaken >= MOST_OVERTAKEN) return null;
  }
  return null;
}

function minus(one: Units, other: Units): Units {
  return { cpuMillis: one.cpuMillis - other.cpuMillis, memoryMib: one.memoryMib - other.memoryMib };
}

function holds(room: Units, units: Units): boolean {
  return room.cpuMillis >= units.cpuMillis && room.memoryMib >= units.memoryMib;
}
