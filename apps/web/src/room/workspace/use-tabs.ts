import { useRef, useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import { activeTab, isTerminal, newTerminal, terminalNumber, type Deed, type Layout, type TabKey } from './layout.ts';
import type { KnownTab, Link } from './terminal-connection.ts';
import { plainTitle } from './titles.ts';
import type { LiveDesktop } from './live-desktop.ts';
import type { LiveTerminal } from './live-terminal.ts';
import { useLayout } from './use-layout.ts';

/** What a tab shows, while it does. */
type Live = LiveTerminal | LiveDesktop;

export interface Tabs {
  readonly layout: Layout;
  readonly act: (deed: Deed) => void;
  readonly labelOf: (tab: TabKey) => string;
  readonly nameOf: (tab: TabKey) => string;
  /** Tabs that were shown once: a terminal connects when it is first seen, and stays. */
  readonly seen: ReadonlySet<TabKey>;
  readonly liveOf: (tab: TabKey) => Live | undefined;
  readonly setLive: (tab: TabKey, live: Live | null) => void;
  readonly onTabs: (tabs: readonly KnownTab[]) => void;
  readonly onTitle: (tab: TabKey, title: string) => void;
  readonly onLink: (tab: TabKey, link: Link) => void;
  readonly rename: (tab: TabKey, name: string) => void;
  readonly openTerminal: (() => void) | null;
  readonly focusActive: () => void;
}

/** The tabs of the workspace: which there are, what they are called, and how they are reached. */
export function useTabs(hasDesktop: boolean): Tabs {
  const { workspace: texts } = useTexts(roomTexts);
  const [layout, act] = useLayout(hasDesktop);
  const [names, setNames] = useState<ReadonlyMap<TabKey, string>>(new Map());
  const [titles, setTitles] = useState<ReadonlyMap<TabKey, string>>(new Map());
  const [seen, setSeen] = useState<ReadonlySet<TabKey>>(new Set(layout.shown));
  const lives = useRef(new Map<TabKey, Live>());
  if (layout.shown.some((tab) => !seen.has(tab))) setSeen(new Set([...seen, ...layout.shown]));
  const free = newTerminal(layout);

  const own = (tab: TabKey) =>
    isTerminal(tab) ? texts.terminal(terminalNumber(tab)) : tab === 'desktop' ? texts.desktop : texts.ownClient;
  return {
    layout,
    act,
    seen,
    labelOf: (tab) => names.get(tab) || titles.get(tab) || own(tab),
    nameOf: (tab) => names.get(tab) ?? '',
    liveOf: (tab) => lives.current.get(tab),
    setLive: (tab, live) => {
      if (live === null) lives.current.delete(tab);
      else lives.current.set(tab, live);
    },
    onTabs: (tabs) => {
      const known = tabs.map(({ tab, name }) => [`terminal:${tab}` as const, name] as const);
      act({ kind: 'found', tabs: known.map(([tab]) => tab) });
      setNames(
        (before) => new Map([...before, ...known.flatMap(([tab, name]) => (name === null ? [] : [[tab, plainTitle(name)] as const]))]),
      );
    },
    onTitle: (tab, title) => setTitles((before) => new Map(before).set(tab, plainTitle(title))),
    onLink: (tab, link) => {
      // As everywhere: a shell that was left closes its tab, but for the last one.
      if (link.kind === 'ended' && (link.code === 'SHELL_EXITED' || link.code === 'TAB_CLOSED')) act({ kind: 'close', tab });
    },
    rename: (tab, name) => {
      const live = lives.current.get(tab);
      if (live !== undefined && 'rename' in live) live.rename(name);
      setNames((before) => new Map(before).set(tab, plainTitle(name)));
    },
    openTerminal: free === null ? null : () => act({ kind: 'open', tab: free }),
    focusActive: () => {
      const tab = activeTab(layout);
      const live = lives.current.get(tab);
      if (live !== undefined) live.focus();
      else document.getElementById(`pane-${tab}`)?.focus();
    },
  };
}
