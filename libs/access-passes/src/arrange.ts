/** When a pass that was activated runs. Milliseconds, epoch. */
export interface Interval {
  readonly activatedAt: number;
  readonly startsAt: number;
  readonly expiresAt: number;
  /** null: not revoked. */
  readonly revokedAt: number | null;
}

/**
 * The passes of one candidate, one after the other: each starts when it is activated, or when the one before it ends. What has ended stays
 * as it was. Whatever changes one of them (it is revoked, restored, or given time) moves those after it; each keeps its length, so that
 * none is ever shortened by another. The one place for this arithmetic.
 *
 * A pass that is revoked makes room for the next from that moment on. Restored, it has its old place again: those after it go on when it
 * ends, for as long as they were bought.
 *
 * @param passes in the order in which they were activated.
 * @returns those intervals in the same order, moved where they had to be.
 */
export function arrange<P extends Interval>(passes: readonly P[], now: number): readonly P[] {
  let free = -Infinity;
  return passes.map((pass) => {
    const startsAt = pass.expiresAt <= now ? pass.startsAt : Math.max(pass.activatedAt, free);
    const expiresAt = startsAt + pass.expiresAt - pass.startsAt;
    free = Math.max(free, pass.revokedAt === null ? expiresAt : Math.min(expiresAt, pass.revokedAt));
    return { ...pass, startsAt, expiresAt };
  });
}
