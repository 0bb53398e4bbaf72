/** What becomes of each session of a run, decided beforehand by its seed: what its candidate or an administrator does, and when. */
import { between, chance } from './chance.ts';

export const FATES = [
  'submits',
  'expires',
  'cancels in the queue',
  'cancels while it is built',
  'cancels when ready',
  'cancels while it runs',
  'is terminated when ready',
  'is terminated while it runs',
] as const;
export type Fate = (typeof FATES)[number];

/** Out of a hundred. */
const SHARES: Readonly<Record<Fate, number>> = {
  submits: 62,
  expires: 5,
  'cancels in the queue': 7,
  'cancels while it is built': 6,
  'cancels when ready': 4,
  'cancels while it runs': 7,
  'is terminated when ready': 3,
  'is terminated while it runs': 6,
};

export interface Plan {
  readonly number: number;
  readonly fate: Fate;
  readonly labId: string;
  /** Between reaching the state in which it ends and what ends it. */
  readonly lingersMs: number;
  /** Its node dies once while it runs. */
  readonly losesNode: boolean;
}

export function planOf(seed: string, number: number): Plan {
  let share = chance(seed, number, 'fate') * 100;
  const fate = FATES.find((candidate) => (share -= SHARES[candidate]) < 0) ?? 'submits';
  return {
    number,
    fate,
    labId: chance(seed, number, 'lab') < 0.15 ? 'load-large' : 'load-usual',
    lingersMs:
      fate === 'cancels while it is built' || fate === 'cancels in the queue' ? 0 : between(2_000, 20_000, seed, number, 'lingers'),
    losesNode: fate === 'submits' && chance(seed, number, 'node') < 0.05,
  };
}

/** State in which a session meets its fate. */
export const MEETS_IN: Readonly<Record<Fate, 'created' | 'initializing' | 'ready' | 'running'>> = {
  submits: 'running',
  expires: 'running',
  'cancels in the queue': 'created',
  'cancels while it is built': 'initializing',
  'cancels when ready': 'ready',
  'cancels while it runs': 'running',
  'is terminated when ready': 'ready',
  'is terminated while it runs': 'running',
};

/** The end that it must come to. */
export const OUTCOME: Readonly<Record<Fate, 'submitted' | 'expired' | 'cancelled' | 'terminated_by_admin'>> = {
  submits: 'submitted',
  expires: 'expired',
  'cancels in the queue': 'cancelled',
  'cancels while it is built': 'cancelled',
  'cancels when ready': 'cancelled',
  'cancels while it runs': 'cancelled',
  'is terminated when ready': 'terminated_by_admin',
  'is terminated while it runs': 'terminated_by_admin',
};
