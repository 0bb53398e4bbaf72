/** Which tabs there are in the right-hand side of the exam room, and which of them are shown, in one pane or two. */

/** `terminal:main`, `terminal:t2`, …, `desktop`, `ssh`. */
export type TabKey = `terminal:${string}` | 'desktop' | 'ssh';
export type Split = 'none' | 'beside' | 'below';
export type PaneIndex = 0 | 1;

export interface Layout {
  readonly tabs: readonly TabKey[];
  /** One pane or two; never the same tab twice. */
  readonly shown: readonly [TabKey] | readonly [TabKey, TabKey];
  readonly active: PaneIndex;
  readonly split: Split;
  /** Of the first pane, in percent. */
  readonly share: number;
}

export type Deed =
  | { readonly kind: 'open' | 'close' | 'show'; readonly tab: TabKey }
  /** Tabs that the server knows of. */
  | { readonly kind: 'found'; readonly tabs: readonly TabKey[] }
  | { readonly kind: 'activate'; readonly pane: PaneIndex }
  | { readonly kind: 'split'; readonly split: Split }
  | { readonly kind: 'share'; readonly percent: number };

export const MAIN: TabKey = 'terminal:main';
/** Of a session's 16 connections, with room for a second window that takes over. */
export const MOST_TERMINALS = 7;
const [LEAST_SHARE, MOST_SHARE] = [15, 85];

export const isTerminal = (tab: TabKey): tab is `terminal:${string}` => tab.startsWith('terminal:');
/** The gateway's name of a terminal's tab. */
export const tabIdOf = (tab: `terminal:${string}`): string => tab.slice('terminal:'.length);
/** 1 for the first terminal. */
export const terminalNumber = (tab: TabKey): number => Number(/^terminal:t(\d+)$/.exec(tab)?.[1] ?? 1);
const terminalsOf = ({ tabs }: Layout): readonly TabKey[] => tabs.filter(isTerminal);
export const activeTab = ({ shown, active }: Layout): TabKey => shown[active] ?? shown[0];
/** null while it is not shown. */
export const paneOf = ({ shown }: Layout, tab: TabKey): PaneIndex | null => (shown[0] === tab ? 0 : shown[1] === tab ? 1 : null);

/** A terminal that is not there yet; null where there are as many as there may be. */
export function newTerminal(layout: Layout): TabKey | null {
  if (terminalsOf(layout).length >= MOST_TERMINALS) return null;
  for (let number = 2; ; number += 1) {
    const tab: TabKey = `terminal:t${number}`;
    if (!layout.tabs.includes(tab)) return tab;
  }
}

/** @param second what was last shown beside the terminal, where two panes were. */
export function firstLayout(kept: { readonly split: Split; readonly share: number; readonly second: TabKey | null }): Layout {
  const layout: Layout = { tabs: [MAIN], shown: [MAIN], active: 0, split: 'none', share: withinShare(kept.share) };
  if (kept.split === 'none') return layout;
  const second = kept.second ?? 'terminal:t2';
  return { ...layout, tabs: [MAIN, second], shown: [MAIN, second], split: kept.split };
}

export function applyDeed(layout: Layout, deed: Deed): Layout {
  switch (deed.kind) {
    case 'open':
      return showTab({ ...layout, tabs: sorted([...layout.tabs, deed.tab]) }, deed.tab);
    case 'show':
      return layout.tabs.includes(deed.tab) ? showTab(layout, deed.tab) : layout;
    case 'close':
      return closeTab(layout, deed.tab);
    case 'found': {
      const tabs = sorted([...layout.tabs, ...deed.tabs]);
      return tabs.length === layout.tabs.length ? layout : { ...layout, tabs };
    }
    case 'activate':
      return layout.active === deed.pane || layout.shown[deed.pane] === undefined ? layout : { ...layout, active: deed.pane };
    case 'split':
      return splitInto(layout, deed.split);
    case 'share':
      return { ...layout, share: withinShare(deed.percent) };
  }
}

const withinShare = (percent: number) => Math.min(MOST_SHARE, Math.max(LEAST_SHARE, percent || 50));

function showTab(layout: Layout, tab: TabKey): Layout {
  const there = paneOf(layout, tab);
  if (there !== null) return { ...layout, active: there };
  const [first, second] = layout.shown;
  if (second === undefined) return { ...layout, shown: [tab] };
  return { ...layout, shown: layout.active === 0 ? [tab, second] : [first, tab] };
}

/** The last tab stays. */
function closeTab(layout: Layout, tab: TabKey): Layout {
  const tabs = layout.tabs.filter((other) => other !== tab);
  if (tabs.length === 0 || tabs.length === layout.tabs.length) return layout;
  const at = layout.tabs.indexOf(tab);
  const left = { ...layout, tabs };
  const pane = paneOf(layout, tab);
  if (pane === null) return left;
  const other = layout.shown[pane === 0 ? 1 : 0];
  // The neighbour comes in its place, as it does everywhere.
  const neighbour = [tabs[at], tabs[at - 1], ...tabs].find((one) => one !== undefined && one !== other);
  if (other === undefined) return { ...left, shown: [neighbour ?? MAIN], active: 0 };
  if (neighbour === undefined) return { ...left, shown: [other], active: 0, split: 'none' };
  return { ...left, shown: pane === 0 ? [neighbour, other] : [other, neighbour] };
}

function splitInto(layout: Layout, split: Split): Layout {
  if (split === 'none') return { ...layout, split, shown: [activeTab(layout)], active: 0 };
  if (layout.shown.length === 2) return { ...layout, split };
  const [first] = layout.shown;
  const second = layout.tabs.find((tab) => tab !== first) ?? newTerminal(layout);
  if (second === null) return layout;
  return { ...layout, split, tabs: sorted([...layout.tabs, second]), shown: [first, second], active: 1 };
}

/** Terminals by their numbers, then the rest; each once. */
function sorted(tabs: readonly TabKey[]): readonly TabKey[] {
  const rank = (tab: TabKey) => (isTerminal(tab) ? terminalNumber(tab) : tab === 'desktop' ? 1_000 : 1_001);
  return [...new Set(tabs)].sort((a, b) => rank(a) - rank(b));
}
