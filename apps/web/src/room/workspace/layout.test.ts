import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeTab, applyDeed, firstLayout, MAIN, MOST_TERMINALS, newTerminal, type Deed, type Layout, type TabKey } from './layout.ts';

const EMPTY = firstLayout({ split: 'none', share: 50, second: null });
const after = (...deeds: Deed[]): Layout => deeds.reduce(applyDeed, EMPTY);

describe('tabs and panes', () => {
  test('a tab is shown where one works, and its neighbour comes when it is closed', () => {
    const three = after({ kind: 'open', tab: 'terminal:t2' }, { kind: 'open', tab: 'terminal:t3' });
    expect(three.tabs).toEqual([MAIN, 'terminal:t2', 'terminal:t3']);
    expect(activeTab(three)).toBe('terminal:t3');
    expect(activeTab(applyDeed(three, { kind: 'close', tab: 'terminal:t3' }))).toBe('terminal:t2');
  });

  test('a split shows what is there already, or a new terminal', () => {
    expect(after({ kind: 'split', split: 'beside' }).shown).toEqual([MAIN, 'terminal:t2']);
    expect(after({ kind: 'found', tabs: ['desktop'] }, { kind: 'split', split: 'below' }).shown).toEqual([MAIN, 'desktop']);
    expect(firstLayout({ split: 'below', share: 30, second: 'desktop' })).toMatchObject({ shown: [MAIN, 'desktop'], share: 30 });
  });

  test('what is shown already is gone to, and not shown twice', () => {
    const split = after({ kind: 'split', split: 'beside' });
    expect(split.active).toBe(1);
    expect(applyDeed(split, { kind: 'show', tab: MAIN })).toMatchObject({ shown: split.shown, active: 0 });
  });

  test('tabs of the server take nobody’s place', () => {
    expect(after({ kind: 'found', tabs: ['terminal:t3', MAIN] })).toMatchObject({ tabs: [MAIN, 'terminal:t3'], shown: [MAIN] });
  });

  test('there are so many terminals and no more, and the last tab stays', () => {
    let layout = EMPTY;
    for (let tab = newTerminal(layout); tab !== null; tab = newTerminal(layout)) layout = applyDeed(layout, { kind: 'open', tab });
    expect(layout.tabs).toHaveLength(MOST_TERMINALS);
    expect(after({ kind: 'close', tab: MAIN })).toEqual(EMPTY);
  });

  test('whatever is done, one or two tabs are shown that are there, never the same', () => {
    const tab = fc.constantFrom<TabKey>(MAIN, 'terminal:t2', 'terminal:t3', 'desktop', 'ssh');
    const deed: fc.Arbitrary<Deed> = fc.oneof(
      fc.record({ kind: fc.constantFrom('open' as const, 'close' as const, 'show' as const), tab }),
      fc.record({ kind: fc.constant('found' as const), tabs: fc.array(tab) }),
      fc.record({ kind: fc.constant('activate' as const), pane: fc.constantFrom(0 as const, 1 as const) }),
      fc.record({ kind: fc.constant('split' as const), split: fc.constantFrom('none' as const, 'beside' as const, 'below' as const) }),
      fc.record({ kind: fc.constant('share' as const), percent: fc.double() }),
    );
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
        const { tabs, shown, active, split, share } = after(...deeds);
        expect(new Set(tabs).size).toBe(tabs.length);
        expect(new Set<TabKey>(shown).size).toBe(shown.length);
        for (const one of shown) expect(tabs).toContain(one);
        expect(shown.length).toBe(split === 'none' ? 1 : 2);
        expect(shown[active]).toBeDefined();
        expect(share).toBeGreaterThanOrEqual(15);
        expect(share).toBeLessThanOrEqual(85);
      }),
    );
  });
});
