/** Which environments a host keeps ready: pure rules over what is there and what is asked for. */
import { shapeOf, unitsOf, type EnvironmentNeeds, type ExecutionEnvironmentId, type HostId } from '@ckx/contracts';
import { holds, minus, type Situation } from './turn.ts';

export interface PoolSituation extends Situation {
  /** Of each host. */
  readonly size: number;
  /** Somebody waits for a place. */
  readonly isQueue: boolean;
  /** Hosts with an environment that its session does not use yet, or where a warm one came to nothing a moment ago. */
  readonly busy: ReadonlySet<HostId>;
  /** How many sessions asked for what, lately. */
  readonly demand: readonly { readonly needs: EnvironmentNeeds; readonly sessions: number }[];
}

export interface PoolPlan {
  /** To be removed. */
  readonly leaving: readonly ExecutionEnvironmentId[];
  /** To be built. */
  readonly coming: readonly { readonly hostId: HostId; readonly needs: EnvironmentNeeds }[];
}

/**
 * A pool is emptied where its host takes no sessions, and in maintenance; what is too old is replaced. It is filled up one by one and out of
 * everybody's way: while nobody waits, nothing else boots on the host, and there is room.
 */
export function planPool(situation: PoolSituation): PoolPlan {
  const { hosts, warm, size, isQueue, busy, maintenance, environments, maxConcurrentSessions } = situation;
  const there = warm.filter(({ state }) => state !== 'destroying');
  const staying = (hostId: HostId) => (maintenance.on ? [] : there.filter((one) => one.hostId === hostId && one.isFresh).slice(0, size));
  const kept = new Set(hosts.flatMap(({ id }) => staying(id)));
  const leaving = there.filter((one) => !kept.has(one)).map(({ id }) => id);
  if (maintenance.on || isQueue || environments >= maxConcurrentSessions) return { leaving, coming: [] };

  const coming = hosts.flatMap((host) => {
    const mine = staying(host.id);
    if (mine.length >= size || host.booting > 0 || busy.has(host.id)) return [];
    const needs = mostWanted(
      situation.demand,
      mine.map(({ shape }) => shape),
    );
    return needs !== null && holds(minus(host.total, host.used), unitsOf(needs)) ? [{ hostId: host.id, needs }] : [];
  });
  return { leaving, coming: coming.slice(0, maxConcurrentSessions - environments) };
}

/** Of what shape one more is to be, so that the pool is made up as sessions are; null where nobody has asked for any. */
export function mostWanted(demand: PoolSituation['demand'], shapes: readonly string[]): EnvironmentNeeds | null {
  const share = ({ needs, sessions }: PoolSituation['demand'][number]) =>
    sessions / (1 + shapes.filter((shape) => shape === shapeOf(needs)).length);
  const [first] = demand.toSorted((one, other) => share(other) - share(one) || shapeOf(one.needs).localeCompare(shapeOf(other.needs)));
  return first?.needs ?? null;
}
