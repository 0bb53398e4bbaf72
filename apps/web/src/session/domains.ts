import type { Shape } from '../api/client.ts';

type Question = Shape<'AttemptResult'>['questions'][number];

export interface Domain {
  readonly name: string;
  readonly earned: number;
  readonly possible: number;
  /** Of what could be earned; null where nothing was decided. */
  readonly percent: number | null;
}

/** Points by domain, weakest first; domains in which nothing was decided last. */
export function byDomain(questions: readonly Pick<Question, 'domain' | 'earned' | 'possible'>[]): Domain[] {
  const sums = new Map<string, { earned: number; possible: number }>();
  for (const { domain, earned, possible } of questions) {
    const before = sums.get(domain) ?? { earned: 0, possible: 0 };
    sums.set(domain, { earned: before.earned + earned, possible: before.possible + possible });
  }
  return [...sums]
    .map(([name, { earned, possible }]) => ({
      name,
      earned,
      possible,
      percent: possible === 0 ? null : Math.round((100 * earned) / possible),
    }))
    .sort((a, b) => (a.percent ?? 101) - (b.percent ?? 101) || a.name.localeCompare(b.name));
}
