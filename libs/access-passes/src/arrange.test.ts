import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, type Interval } from './arrange.ts';

const HOUR = 3_600_000;
/** Activated at an hour, for some hours; where it starts is for `arrange` to say. */
const bought = (activated: number, hours: number, revoked: number | null = null): Interval => ({
  activatedAt: activated * HOUR,
  startsAt: activated * HOUR,
  expiresAt: (activated + hours) * HOUR,
  revokedAt: revoked === null ? null : revoked * HOUR,
});
const hours = (passes: readonly Interval[]) => passes.map(({ startsAt, expiresAt }) => [startsAt / HOUR, expiresAt / HOUR]);

describe('one pass after the other', () => {
  it.each([
    { name: 'alone', passes: [bought(1, 38)], at: 1, expected: [[1, 39]] },
    {
      name: 'a second one starts when the first ends, a third when the second does',
      passes: [bought(0, 10), bought(2, 5), bought(3, 5)],
      at: 3,
      expected: [[0, 10], [10, 15], [15, 20]], // prettier-ignore
    },
    { name: 'a gap stays a gap', passes: [bought(0, 2), bought(5, 2)], at: 5, expected: [[0, 2], [5, 7]] }, // prettier-ignore
    {
      name: 'one that is revoked makes room at once',
      passes: [bought(0, 10, 4), bought(2, 5)],
      at: 4,
      expected: [[0, 10], [4, 9]], // prettier-ignore
    },
    {
      name: 'one that is revoked before it began was never in the way',
      passes: [bought(0, 10), { ...bought(1, 5, 3), startsAt: 10 * HOUR, expiresAt: 15 * HOUR }, bought(2, 5)],
      at: 3,
      expected: [[0, 10], [10, 15], [10, 15]], // prettier-ignore
    },
    {
      name: 'one that is restored has its place again, and the next goes on after it, whole',
      passes: [bought(0, 10), { ...bought(2, 5), startsAt: 4 * HOUR, expiresAt: 9 * HOUR }],
      at: 6,
      expected: [[0, 10], [10, 15]], // prettier-ignore
    },
    {
      name: 'what has ended stays as it was',
      passes: [bought(0, 10), { ...bought(2, 5), startsAt: 4 * HOUR, expiresAt: 9 * HOUR }],
      at: 9,
      expected: [[0, 10], [4, 9]], // prettier-ignore
    },
  ])('$name', ({ passes, at, expected }) => {
    expect(hours(arrange(passes, at * HOUR))).toEqual(expected);
  });
});

/** What may happen to a candidate's passes, one after the other. */
const Act = fc.record({
  kind: fc.constantFrom('activate', 'revoke', 'restore', 'lengthen'),
  which: fc.nat({ max: 4 }),
  hours: fc.integer({ min: 1, max: 20 }),
  pause: fc.integer({ min: 0, max: 10 }),
});

it('whatever happens: no two run at once, none is shortened, and there is no gap while one waits for its turn', () => {
  fc.assert(
    fc.property(fc.array(Act, { maxLength: 25 }), (acts) => {
      let now = 0;
      let passes: readonly Interval[] = [];
      for (const { kind, which, hours: length, pause } of acts) {
        now += pause * HOUR;
        const chosen = passes[which % Math.max(1, passes.length)];
        const change = (values: Partial<Interval>) => passes.map((pass) => (pass === chosen ? { ...pass, ...values } : pass));
        if (kind === 'activate') passes = [...passes, bought(now / HOUR, length)];
        if (kind === 'revoke' && chosen?.revokedAt === null) passes = change({ revokedAt: now });
        if (kind === 'restore') passes = change({ revokedAt: null });
        if (kind === 'lengthen' && chosen !== undefined && chosen.expiresAt > now)
          passes = change({ expiresAt: chosen.expiresAt + length * HOUR });
        const before = passes;
        passes = arrange(passes, now);
        expect(passes.map(({ startsAt, expiresAt }) => expiresAt - startsAt)).toEqual(before.map((pass) => pass.expiresAt - pass.startsAt));
        expect(arrange(passes, now)).toEqual(passes);

        const live = passes.filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > now);
        const inOrder = live.toSorted((a, b) => a.startsAt - b.startsAt);
        for (const [index, pass] of inOrder.entries()) {
          expect(pass.startsAt).toBeGreaterThanOrEqual(pass.activatedAt);
          const next = inOrder[index + 1];
          if (next !== undefined) expect(next.startsAt).toBe(pass.expiresAt);
        }
        if (inOrder[0] !== undefined) expect(inOrder[0].startsAt).toBeLessThanOrEqual(now);
      }
    }),
    { numRuns: 2_000 },
  );
});
