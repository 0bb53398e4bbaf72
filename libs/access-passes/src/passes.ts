/** All passes of one candidate under one lock: how they are read before anything is decided, and how a decision is written. */
import type { PassId, UserId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type EntityManager, UserEntity } from '@ckx/persistence';
import { z } from 'zod';
import { arrange } from './arrange.ts';

const Now = z.tuple([z.object({ now: z.date() })]);

export interface LockedPasses {
  /** Of the database, after the lock was had. */
  readonly now: Date;
  /** Oldest first. */
  readonly passes: readonly AccessPassRow[];
}

/**
 * Locks a candidate's passes until the transaction ends: whoever decides about any of them takes turns. Not in the way of records that only
 * refer to the account.
 *
 * @returns null where there is no such account.
 */
export async function lockPasses(tx: EntityManager, userId: UserId): Promise<LockedPasses | null> {
  const user = await tx.findOne(UserEntity, { select: { id: true }, where: { id: userId }, lock: { mode: 'for_no_key_update' } });
  if (user === null) return null;
  const passes = await tx.find(AccessPassEntity, { where: { userId }, order: { purchasedAt: 'ASC', id: 'ASC' } });
  // Not now(): that is when the transaction began, which may be before whoever had the lock until now.
  const [{ now }] = Now.parse(await tx.query(`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`));
  return { now, passes };
}

/** Whether the pass opens full labs at that moment. */
export function isValid({ status, startsAt, expiresAt }: AccessPassRow, now: Date): boolean {
  return status === 'activated' && startsAt !== null && expiresAt !== null && startsAt <= now && now < expiresAt;
}

type Changes = Partial<Omit<AccessPassRow, 'id' | 'revision' | 'heardRevision' | 'decidedAt'>>;

/**
 * Writes what was decided about one pass, and moves those that it moves; the workflows of all of them are to hear of it.
 *
 * @returns the passes as they are now.
 */
export async function decide(
  tx: EntityManager,
  { now, passes }: LockedPasses,
  id: PassId,
  changes: Changes,
): Promise<readonly AccessPassRow[]> {
  const changed = passes.map((pass) => (pass.id === id ? { ...pass, ...changes } : pass));
  const placed = inPlace(changed, now);
  for (const pass of placed) {
    const before = passes.find((known) => known.id === pass.id);
    const moved = before?.startsAt?.getTime() !== pass.startsAt?.getTime() || before?.expiresAt?.getTime() !== pass.expiresAt?.getTime();
    if (pass.id !== id && !moved) continue;
    const own = pass.id === id ? changes : {};
    const times = { startsAt: pass.startsAt, expiresAt: pass.expiresAt };
    await tx.update(AccessPassEntity, pass.id, { ...own, ...times, revision: () => 'revision + 1', decidedAt: now });
  }
  return placed;
}

function inPlace(passes: readonly AccessPassRow[], now: Date): readonly AccessPassRow[] {
  const activated = passes.flatMap((pass) => {
    const { activatedAt, startsAt, expiresAt, revokedAt } = pass;
    if (activatedAt === null || startsAt === null || expiresAt === null) return [];
    const times = { activatedAt: activatedAt.getTime(), startsAt: startsAt.getTime(), expiresAt: expiresAt.getTime() };
    return [{ id: pass.id, ...times, revokedAt: revokedAt?.getTime() ?? null }];
  });
  const inOrder = activated.toSorted((a, b) => a.activatedAt - b.activatedAt || (a.id < b.id ? -1 : 1));
  const places = new Map(arrange(inOrder, now.getTime()).map((place) => [place.id, place]));
  return passes.map((pass) => {
    const place = places.get(pass.id);
    return place === undefined ? pass : { ...pass, startsAt: new Date(place.startsAt), expiresAt: new Date(place.expiresAt) };
  });
}
