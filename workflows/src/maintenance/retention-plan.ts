import { RETAINED, type Retained, type RetentionDays } from '@ckx/contracts/retention-workflow';

const DAY_MS = 86_400_000;

export interface Deletion {
  readonly what: Retained;
  /** Epoch milliseconds: what is older, or ended earlier, goes. */
  readonly before: number;
}

/** What is due at `now`, in the order in which it goes. */
export function planRetention(now: number, days: RetentionDays): readonly Deletion[] {
  return RETAINED.flatMap((what) => {
    // A token or a nonce that has expired serves nobody.
    const keptDays = what === 'refreshTokens' || what === 'nonces' || what === 'accountTokens' ? 0 : days[what];
    return keptDays === undefined ? [] : [{ what, before: now - keptDays * DAY_MS }];
  });
}
