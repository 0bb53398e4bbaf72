/** Over random states of the three lists: no live session is touched, and what has no owner goes in the end. */
import type { SweepAction } from '@ckx/contracts/maintenance-workflow';
import { SWEEP_MIN_AGE_MS } from '@ckx/contracts/maintenance-workflow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, MINUTE, NOW, OURS, seen, sessionId, world, type World } from '../test/worlds.ts';
import { decide, findingsOf } from './index.ts';

const LOOKS_APART = 2 * MINUTE;
const runs = { numRuns: 2_000 };

type Family = World['families'][number];

/** Whether somebody looks after it, said anew and not by the code under test. */
function isLive({ row, workflow }: Family): boolean {
  if (workflow === 'open') return true;
  return row?.state === 'created' && !row.seen && workflow === 'missing';
}
const isOpen = ({ row }: Family) => row !== null && row.state !== 'terminated' && row.state !== 'failed';

/** What would be done, by two looks two minutes apart; nothing where it alerts. */
function sweep(first: World, second: World, unanswered: readonly number[] = [], mayGo?: number) {
  const decision = decide(
    findingsOf(seen(first, NOW), SWEEP_MIN_AGE_MS),
    findingsOf(seen(second, NOW + LOOKS_APART, unanswered), SWEEP_MIN_AGE_MS),
    { lookIntervalMs: LOOKS_APART, mayGo },
  );
  return { ...decision, done: decision.alert === null ? decision.actions : [] };
}

const touching = (actions: readonly SweepAction[], { n }: Family) =>
  actions.filter(({ examSessionId }) => examSessionId === sessionId(n)).map(({ kind }) => kind);

describe('a live session', () => {
  it('is never touched but where it is overdue, and then it is only asked to end', () => {
    fc.assert(
      fc.property(world, world, fc.integer({ min: 0, max: 100 }), (first, second, mayGo) => {
        const { done } = sweep(first, second, [], mayGo);
        for (const [index, family] of second.families.entries()) {
          const kinds = touching(done, family);
          const before = first.families[index];
          if (!isLive(family) && before !== undefined && !isLive(before)) continue;
          const { row } = family;
          const idleSince = Math.max(row?.lastActivityAt ?? 0, row?.deadlineAt ?? 0);
          const waits = row?.state === 'created';
          const overdue = isOpen(family) && !waits && row !== null && NOW + LOOKS_APART >= idleSince + 2 * row.durationMs;
          expect(kinds.filter((kind) => kind !== 'abandon_session' || !overdue)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('is not touched while a single question has no answer', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 12 }), (state, unanswered) => {
        const { alert, done } = sweep(state, state, [unanswered], 100);
        expect(alert).toMatch(/did not say/);
        expect(done).toEqual([]);
      }),
      runs,
    );
  });

  it('is not touched by one look alone', () => {
    fc.assert(
      fc.property(world, (state) => {
        const owned = { ...state, families: state.families.map((family) => ({ ...family, workflow: 'open' as const })) };
        const { done } = sweep(owned, state, [], 100);
        expect(done.filter(({ kind }) => kind !== 'abandon_session')).toEqual([]);
      }),
      runs,
    );
  });
});

describe('a resource', () => {
  it('of another installation, of a silent host, or younger than five minutes is never removed', () => {
    fc.assert(
      fc.property(world, (state) => {
        const { done } = sweep(state, state, [], 100);
        for (const family of state.families) {
          const { found, record } = family;
          if (found === null || !touching(done, family).includes('remove_environment')) continue;
          const onItsHost = record === null || record.state === 'destroyed' || record.hostId === `host-${found.host}`;
          if (!onItsHost) continue;
          expect(found).toMatchObject({ installation: OURS });
          expect(found.ageMs).toBeGreaterThanOrEqual(SWEEP_MIN_AGE_MS);
          expect(state.silent).not.toContain(found.host);
        }
      }),
      runs,
    );
  });
});

it('no more than two, or a fifth, go at once', () => {
  fc.assert(
    fc.property(world, (state) => {
      const { done, limit } = sweep(state, state);
      const gone = state.families.filter((family) =>
        touching(done, family).some((kind) => !['reclaim_environment', 'mark_lost'].includes(kind)),
      );
      expect(gone.length).toBeLessThanOrEqual(Math.max(2, limit.of / 5));
    }),
    runs,
  );
});

it('with an empty Temporal and three sessions open, it stops', () => {
  fc.assert(
    fc.property(world, (state) => {
      const families = state.families.map((family) => ({ ...family, workflow: 'missing' as const }));
      fc.pre(families.filter((family) => isOpen(family) && !isLive(family)).length >= 3);
      const { alert, done } = sweep({ ...state, families }, { ...state, families });
      expect(alert).toMatch(/would go/);
      expect(done).toEqual([]);
    }),
    runs,
  );
});

it('what has no owner is gone in the end, and what has one is still there', () => {
  fc.assert(
    fc.property(world, (state) => {
      const start = { ...state, silent: [] };
      let now: World = start;
      // Records fail first, young resources grow older, a lost environment is found again.
      for (let round = 0; round < 4; round += 1) now = after(now, sweep(now, now, [], 100).done);
      for (const [index, family] of now.families.entries()) {
        const before = start.families[index];
        if (before === undefined) throw new Error('a family is missing');
        if (isLive(family)) {
          expect({ record: family.record, there: family.found !== null }).toEqual({ record: before.record, there: before.found !== null });
          continue;
        }
        expect(isOpen(family)).toBe(false);
        const { record, found } = family;
        const foreign = found?.installation !== undefined && found.installation !== OURS;
        if (foreign) continue;
        if (record !== null && found !== null && record.hostId !== `host-${found.host}`) continue;
        expect({ record: record?.state ?? 'destroyed', found }).toEqual({ record: 'destroyed', found: null });
      }
    }),
    runs,
  );
});
