import { SESSION_STATES, type ClockEntry, type SessionState } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import {
  addEntry,
  assertTransition,
  canTransition,
  creditFor,
  CREDIT_CAP_MS,
  deadline,
  entails,
  isFreeEntryId,
  isTerminal,
  startEntries,
} from './index.ts';

describe('transitions', () => {
  // The table of the design, once more by hand.
  const legal: readonly (readonly [SessionState, SessionState])[] = [
    ['created', 'initializing'],
    ['initializing', 'ready'],
    ['ready', 'running'],
    ['running', 'terminated'],
    ['created', 'terminated'],
    ['initializing', 'terminated'],
    ['ready', 'terminated'],
    ['created', 'failed'],
    ['initializing', 'failed'],
    ['ready', 'failed'],
    ['running', 'failed'],
  ];

  it('are these and no others', () => {
    const found = SESSION_STATES.flatMap((from) => SESSION_STATES.filter((to) => canTransition(from, to)).map((to) => `${from} ${to}`));
    expect(found.toSorted()).toEqual(legal.map(([from, to]) => `${from} ${to}`).toSorted());
  });

  it('are refused with what would be legal', () => {
    const illegal = { kind: 'user', code: 'ILLEGAL_TRANSITION', details: { from: 'created', to: 'running' } };
    expect(() => assertTransition('created', 'running')).toThrow(expect.objectContaining(illegal));
    expect(() => assertTransition('ready', 'ready')).toThrow(
      expect.objectContaining({ remedy: 'From ready it may become running, terminated, failed.' }),
    );
  });

  it('end in terminated and failed', () => {
    expect(SESSION_STATES.filter(isTerminal)).toEqual(['terminated', 'failed']);
  });
});

describe('entails', () => {
  const nothing = { graded: false, recorded: false, counted: false, givesTimeBack: false };

  it('grades what was handed in, by the candidate or by the deadline', () => {
    const sat = { graded: true, recorded: true, counted: true, givesTimeBack: false };
    expect(entails({ outcome: 'submitted' }, true)).toEqual(sat);
    expect(entails({ outcome: 'expired' }, true)).toEqual(sat);
  });

  it('counts what was given up, once its questions had been seen', () => {
    expect(entails({ outcome: 'cancelled' }, true)).toEqual({ ...nothing, recorded: true, counted: true });
    expect(entails({ outcome: 'abandoned' }, true)).toEqual({ ...nothing, recorded: true, counted: true });
    expect(entails({ outcome: 'cancelled' }, false)).toEqual(nothing);
  });

  it('costs the candidate nothing when it was taken away', () => {
    for (const end of [{ failure: 'init' }, { failure: 'runtime' }, { failure: 'infra' }, { outcome: 'terminated_by_admin' }] as const) {
      expect(entails(end, true)).toEqual({ ...nothing, recorded: true, givesTimeBack: true });
      expect(entails(end, false)).toEqual({ ...nothing, givesTimeBack: true });
    }
  });

  it('gives nothing back where the right was missing', () => {
    expect(entails({ failure: 'access' }, false)).toEqual(nothing);
  });
});

describe('the clock', () => {
  const minute = 60_000;
  const entry = (kind: ClockEntry['kind'], minutes: number, id: string = kind): ClockEntry => ({
    id,
    kind,
    milliseconds: minutes * minute,
    at: 1_000,
    reason: 'test',
  });

  it('has no deadline before it starts', () => {
    expect(deadline([])).toBeNull();
    expect(deadline([entry('credit', 5)])).toBeNull();
  });

  it('ends after the duration, extensions and credits, in whatever order they came', () => {
    const entries = [entry('extension', 10), entry('start', 30), entry('credit', 2), entry('extension', 5, 'more')];
    expect(deadline(entries)).toBe(1_000 + 47 * minute);
    expect(deadline(entries.toReversed())).toBe(deadline(entries));
  });

  it('caps credit by rule, but not extensions', () => {
    const entries = [entry('start', 30), entry('credit', 10, 'gap:host:1'), entry('credit', 10, 'gap:engine:2'), entry('extension', 60)];
    expect(CREDIT_CAP_MS).toBe(15 * minute);
    expect(deadline(entries)).toBe(1_000 + (30 + 15 + 60) * minute);
    expect(deadline(entries, 0)).toBe(1_000 + 90 * minute);
  });

  it('counts what an administrator credits in full, and apart from what the rule gave', () => {
    const entries = [entry('start', 30), entry('credit', 14, 'gap:host:1'), entry('credit', 20, 'a-decision')];
    expect(deadline(entries)).toBe(1_000 + 64 * minute);
    expect(deadline([...entries, entry('credit', 14, 'gap:host:2')])).toBe(1_000 + 65 * minute);
  });

  it('credits a gap once, as far as the clock ran', () => {
    const ledger = startEntries(1_000, 30 * minute, 0);
    const gap = { cause: 'host', fromMs: 5_000, toMs: 25_000 } as const;
    const credit = creditFor(ledger, gap, 30_000);
    expect(credit).toMatchObject({
      kind: 'credit',
      milliseconds: 20_000,
      at: 30_000,
      reason: expect.stringMatching(/ for 20 s\.$/) as string,
    });
    const credited = credit === null ? ledger : addEntry(ledger, credit);
    expect(deadline(credited)).toBe(1_000 + 30 * minute + 20_000);
    // Told once more, by an attempt that ended later.
    const again = creditFor(ledger, { ...gap, toMs: 40_000 }, 50_000);
    expect(again === null ? null : addEntry(credited, again)).toBe(credited);
    expect(creditFor(ledger, { ...gap, fromMs: 0, toMs: 1_500 }, 2_000)).toMatchObject({ milliseconds: 500 });
    expect(creditFor(ledger, { ...gap, fromMs: 0, toMs: 1_000 }, 2_000)).toBeNull();
    expect(creditFor([], gap, 30_000)).toBeNull();
  });

  it('begins with the extra time of those who are entitled to it', () => {
    expect(startEntries(1_000, 30 * minute, 0)).toHaveLength(1);
    expect(deadline(startEntries(1_000, 30 * minute, 10 * minute))).toBe(1_000 + 40 * minute);
  });

  it('keeps the ids of its own entries to itself', () => {
    const own = startEntries(1_000, minute, minute).map(({ id }) => id);
    expect([...own, 'gap:host:1', 'e3b0c442'].map(isFreeEntryId)).toEqual([false, false, false, true]);
  });

  it('takes an entry once by its id, and one start', () => {
    const ledger = addEntry([], entry('start', 30));
    const extended = addEntry(ledger, entry('extension', 5, 'x'));
    expect(addEntry(extended, entry('extension', 50, 'x'))).toBe(extended);
    expect(addEntry(extended, entry('start', 60))).toBe(extended);
    expect(() => addEntry(extended, entry('start', 60, 'again'))).toThrow(expect.objectContaining({ code: 'CLOCK_STARTED_TWICE' }));
  });
});
