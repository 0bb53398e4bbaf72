/** Whose turn it is: pure rules over who waits and what the hosts have. */
import {
  NAMESPACES_PER_NODE,
  SHARED_NODE_UNITS,
  type ExamSessionId,
  type ExecutionEnvironmentId,
  type HostId,
  type Maintenance,
  type Units,
} from '@ckx/contracts';

/** How often a session may see one that came later go first; then nobody passes it. */
export const MOST_OVERTAKEN = 3;

export interface Waiter {
  readonly id: ExamSessionId;
  readonly units: Units;
  /** It is to have a namespace in a node that sessions of its host share. */
  readonly sharesNode: boolean;
  /** `shapeOf` its needs. */
  readonly shape: string;
  readonly overtaken: number;
  readonly rehearsal: boolean;
}

export interface HostRoom {
  readonly id: HostId;
  readonly total: Units;
  /** By environments that are not destroyed, and by a node that they share. */
  readonly used: Units;
  /** Sessions that share it. */
  readonly sharing: number;
  readonly booting: number;
  readonly bootSlots: number;
}

/** An environment that belongs to no session. What it takes is counted with its host's until it is destroyed. */
export interface WarmEnvironment {
  readonly id: ExecutionEnvironmentId;
  readonly hostId: HostId;
  readonly units: Units;
  readonly shape: string;
  readonly state: 'provisioning' | 'ready' | 'destroying';
  /** Young enough to be given to a session. */
  readonly isFresh: boolean;
}

export interface Situation {
  /** Hosts that take sessions. */
  readonly hosts: readonly HostRoom[];
  readonly environments: number;
  /** On any host, the oldest first. */
  readonly warm: readonly WarmEnvironment[];
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
  readonly maintenance: Maintenance;
}

/** Where there is a place. */
interface Places {
  /** Hosts that have room, the one with the most free memory first; none where there are warm environments. */
  readonly hosts: readonly HostId[];
  /** Environments that are there already and are of the right shape, the oldest first. */
  readonly warm?: readonly ExecutionEnvironmentId[];
}

/** Or why there is none. */
type Fit = Places | { readonly reason: string; /** Nobody waits for it. */ readonly outOfTurn: boolean };

export type Turn = (Places & { /** Those that it overtakes. */ readonly passed: readonly ExamSessionId[] }) | { readonly reason: string };

/** The first that shares a node of a host takes the node's units as well. */
function unitsOn({ units, sharesNode }: Waiter, { sharing }: Pick<HostRoom, 'sharing'>): Units {
  return sharesNode && sharing === 0 ? plus(units, SHARED_NODE_UNITS) : units;
}

function fit(waiter: Waiter, situation: Situation): Fit {
  const { sharesNode, shape, rehearsal } = waiter;
  const { hosts, environments, maxConcurrentSessions, maintenance } = situation;
  const no = (reason: string, outOfTurn = false) => ({ reason, outOfTurn });
  if (maintenance.on && !rehearsal) return no(`Maintenance: ${maintenance.message}`, true);
  const warm = situation.warm.filter(
    (one) => one.state === 'ready' && one.isFresh && one.shape === shape && hosts.some(({ id }) => id === one.hostId),
  );
  // What it takes, it takes already.
  if (warm.length > 0) return { hosts: [], warm: warm.map(({ id }) => id) };
  if (environments >= maxConcurrentSessions) return no(`All ${maxConcurrentSessions} places are taken.`);
  if (hosts.length === 0) return no('No host takes sessions at the moment.');
  // Waiting for room that no end of a session can make: whoever came later must not wait with it.
  if (!hosts.some(({ total }) => holds(total, unitsOn(waiter, { sharing: 0 }))))
    return no('No host is large enough for this lab at the moment.', true);
  const roomy = hosts
    .map((host) => ({ ...host, free: minus(host.total, host.used) }))
    .filter((host) => holds(host.free, unitsOn(waiter, host)) && !(sharesNode && host.sharing >= NAMESPACES_PER_NODE))
    // A second shared node would take room that the first has.
    .sort(
      (one, other) => Number(sharesNode) * (Math.sign(other.sharing) - Math.sign(one.sharing)) || other.free.memoryMib - one.free.memoryMib,
    );
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
  return { ...own, passed };
}

/**
 * Which warm environments give way to a session that has no place: as few of one host as it takes.
 *
 * @param ahead as for {@link turnOf}: whoever comes first has them make way.
 * @returns none where those that are being removed already will do, and where it would not help.
 */
export function givingWay(waiter: Waiter, ahead: readonly Waiter[], situation: Situation): readonly ExecutionEnvironmentId[] {
  const helps = (gone: readonly WarmEnvironment[]) => 'hosts' in turnOf(waiter, ahead, without(situation, gone));
  const leaving = situation.warm.filter(({ state }) => state === 'destroying');
  if (helps(leaving)) return [];
  let fewest: readonly WarmEnvironment[] = [];
  for (const { id } of situation.hosts) {
    // Those that are not yet built first: least is lost with them.
    const there = situation.warm.filter(({ hostId, state }) => hostId === id && state !== 'destroying');
    const inOrder = [...there.filter(({ state }) => state === 'provisioning'), ...there.filter(({ state }) => state === 'ready')];
    const enough = inOrder.findIndex((_, index) => helps([...leaving, ...inOrder.slice(0, index + 1)]));
    if (enough !== -1 && (fewest.length === 0 || enough + 1 < fewest.length)) fewest = inOrder.slice(0, enough + 1);
  }
  return fewest.map(({ id }) => id);
}

/** As it would be if these were gone. */
function without(situation: Situation, gone: readonly WarmEnvironment[]): Situation {
  const hosts = situation.hosts.map((host) => {
    const mine = gone.filter(({ hostId }) => hostId === host.id);
    const booting = host.booting - mine.filter(({ state }) => state === 'provisioning').length;
    return { ...host, booting, used: mine.reduce((used, { units }) => minus(used, units), host.used) };
  });
  const ids = new Set(gone.map(({ id }) => id));
  return {
    ...situation,
    hosts,
    environments: situation.environments - gone.length,
    warm: situation.warm.filter(({ id }) => !ids.has(id)),
  };
}

/**
 * @param queue everybody who waits, in order.
 * @returns who would be given a place now, or could have warm environments make way for one; null where nobody would.
 */
export function nextInQueue(queue: readonly Waiter[], situation: Situation): ExamSessionId | null {
  const next = firstToFit(queue, situation);
  if (next !== null || situation.warm.every(({ state }) => state === 'destroying')) return next;
  return firstToFit(queue, without(situation, situation.warm));
}

function firstToFit(queue: readonly Waiter[], situation: Situation): ExamSessionId | null {
  for (const waiter of queue) {
    const found = fit(waiter, situation);
    if ('hosts' in found) return waiter.id;
    if (!found.outOfTurn && waiter.overtaken >= MOST_OVERTAKEN) return null;
  }
  return null;
}

export function plus(one: Units, other: Units): Units {
  return { cpuMillis: one.cpuMillis + other.cpuMillis, memoryMib: one.memoryMib + other.memoryMib };
}

export function minus(one: Units, other: Units): Units {
  return { cpuMillis: one.cpuMillis - other.cpuMillis, memoryMib: one.memoryMib - other.memoryMib };
}

export function holds(room: Units, units: Units): boolean {
  return room.cpuMillis >= units.cpuMillis && room.memoryMib >= units.memoryMib;
}
