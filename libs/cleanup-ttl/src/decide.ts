import type { SweepAction, SweepReport } from '@ckx/contracts/maintenance-workflow';
import { ACTIONS_LIMIT, countGoing, type Findings } from './findings.ts';

/** At most this many may go at once, or this share of what there is, whichever is more (design §4). */
const MAY_GO = { least: 2, share: 0.2 } as const;

export interface Decision {
  /** Why nothing is done; null where `actions` are to be done. */
  readonly alert: string | null;
  readonly limit: SweepReport['limit'];
  /** Found by both looks. */
  readonly actions: readonly SweepAction[];
  /** Found by the second look alone. */
  readonly seenOnce: number;
}

export interface DecisionRules {
  /** Least time between the looks. */
  readonly lookIntervalMs: number;
  /** An operator's word in place of max(2, 20 %). */
  readonly mayGo?: number | undefined;
}

/** The same deed to the same thing; what was said of it may change from look to look. */
function keyOf(action: SweepAction): string {
  return [action.kind, action.examSessionId, 'executionEnvironmentId' in action ? `${action.executionEnvironmentId} ${action.hostId}` : '']
    .join(' ')
    .trim();
}

/** What may be done by two looks: what both found, if every question was answered and not too much would go. */
export function decide(first: Findings, second: Findings, { lookIntervalMs, mayGo }: DecisionRules): Decision {
  const before = new Set(first.actions.map(keyOf));
  const actions = second.actions.filter((action) => before.has(keyOf(action)));
  // A list that was cut does not tell how much would go in the end.
  const isCut = second.actions.length >= ACTIONS_LIMIT;
  const going = isCut ? second.going : countGoing(actions);
  const allowed = mayGo ?? Math.max(MAY_GO.least, MAY_GO.share * second.of);
  return {
    alert:
      first.unanswered ??
      second.unanswered ??
      (second.at - first.at < lookIntervalMs ? 'The two looks were too close to each other.' : null) ??
      (going > allowed ? `${going} of ${second.of} would go, and at most ${Math.floor(allowed)} may at once.` : null),
    limit: { going, of: second.of, allowed },
    actions,
    seenOnce: second.actions.length - actions.length,
  };
}
