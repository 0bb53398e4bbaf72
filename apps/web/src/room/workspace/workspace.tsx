import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Splitter } from '../splitter.tsx';
import { roomTexts } from '../texts.ts';
import { CloseDialog } from './close-dialog.tsx';
import { activeTab, isTerminal, paneOf, tabIdOf, type TabKey } from './layout.ts';
import { DesktopView } from './desktop-view.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { SshAccess } from './ssh-access.tsx';
import { TabBar } from './tab-bar.tsx';
import { TerminalView } from './terminal-view.tsx';
import { Tools } from './tools.tsx';
import { useTabs, type Tabs } from './use-tabs.ts';
import './workspace.css';

/** What keys of the room do with the workspace. */
export interface WorkspaceHandle {
  focus(): void;
  /** @param number of the tab, from 1. */
  show(number: number): void;
  openTerminal(): void;
  toggleSplit(): void;
}

interface WorkspaceProps {
  readonly ref: Ref<WorkspaceHandle>;
  readonly examSessionId: string;
  readonly hasDesktop: boolean;
  readonly desktopOpen: boolean;
  readonly wide: boolean;
  readonly onWide: () => void;
  readonly onFullScreen: () => void;
  /** Says something in passing. */
  readonly onSay: (message: string) => void;
}

type Open = { readonly what: 'settings' } | { readonly what: 'rename' | 'close'; readonly tab: TabKey } | null;

/** Where the candidate works: terminals, the desktop, the way in by their own client, in one pane or two. */
export function Workspace({ ref, examSessionId, hasDesktop, desktopOpen, wide, onWide, onFullScreen, onSay }: WorkspaceProps) {
  const { workspace: texts } = useTexts(roomTexts);
  const tabs = useTabs(hasDesktop);
  const { layout, act } = tabs;
  const [open, setOpen] = useState<Open>(null);
  const [searching, setSearching] = useState<TabKey | null>(null);
  const active = activeTab(layout);
  // Asked when it is used: what a tab shows comes and goes without this being drawn anew.
  const at = () => tabs.liveOf(active);
  const close = () => setOpen(null);
  const toggleSplit = () => act({ kind: 'split', split: layout.split === 'none' ? 'beside' : 'none' });
  useImperativeHandle(ref, () => ({
    focus: tabs.focusActive,
    show: (number) => {
      const tab = layout.tabs[number - 1];
      if (tab !== undefined) act({ kind: 'show', tab });
    },
    openTerminal: () => tabs.openTerminal?.(),
    toggleSplit,
  }));
  useFocusOfTab(active, tabs);
  const pasted = (done: boolean) => {
    if (!done) onSay(texts.notPasted);
    else if (active === 'desktop') onSay(texts.sent);
  };
  const copied = (done: boolean) => onSay(done ? texts.copied : texts.nothingSelected);

  return (
    <>
      <div className="workspace-bar">
        <TabBar
          layout={layout}
          labelOf={tabs.labelOf}
          onPick={tabs.focusActive}
          onShow={(tab) => act({ kind: 'show', tab })}
          onClose={(tab) => (isTerminal(tab) ? setOpen({ what: 'close', tab }) : act({ kind: 'close', tab }))}
          onRename={(tab) => setOpen({ what: 'rename', tab })}
          onNew={tabs.openTerminal}
        />
        <Tools
          kind={isTerminal(active) ? 'terminal' : active === 'desktop' ? 'desktop' : 'other'}
          split={layout.split}
          wide={wide}
          onCopy={() => void at()?.copy().then(copied)}
          onPaste={() => void at()?.paste().then(pasted)}
          onSearch={() => setSearching(searching === active ? null : active)}
          onSettings={() => setOpen({ what: 'settings' })}
          onOwnClient={() => act({ kind: 'open', tab: 'ssh' })}
          onSplit={(split) => act({ kind: 'split', split })}
          onWide={onWide}
          onFullScreen={onFullScreen}
        />
      </div>
      <div className={`panes ${layout.split}`} style={tracks(layout.split, layout.share)} data-divided>
        {layout.split !== 'none' && (
          <Splitter
            label={texts.divide}
            orientation={layout.split === 'beside' ? 'vertical' : 'horizontal'}
            value={layout.share}
            least={15}
            most={85}
            usual={50}
            onChange={(percent) => act({ kind: 'share', percent })}
          />
        )}
        {layout.tabs
          .filter((tab) => tabs.seen.has(tab))
          .map((tab) => (
            <div
              key={tab}
              id={`pane-${tab}`}
              role="tabpanel"
              aria-labelledby={`tab-${tab}`}
              tabIndex={-1}
              className={tab === active ? 'pane active' : 'pane'}
              data-place={paneOf(layout, tab)}
              hidden={paneOf(layout, tab) === null}
              onFocusCapture={() => act({ kind: 'activate', pane: paneOf(layout, tab) ?? 0 })}
            >
              {isTerminal(tab) ? (
                <TerminalView
                  examSessionId={examSessionId}
                  tab={tabIdOf(tab)}
                  searching={searching === tab}
                  onSearch={() => setSearching(tab)}
                  onSearchEnd={() => setSearching(null)}
                  onLive={(live) => tabs.setLive(tab, live)}
                  onTabs={tabs.onTabs}
                  onTitle={(title) => tabs.onTitle(tab, title)}
                  onLink={(link) => tabs.onLink(tab, link)}
                  onCopied={copied}
                />
              ) : tab === 'desktop' ? (
                <DesktopView examSessionId={examSessionId} open={desktopOpen} onLive={(live) => tabs.setLive(tab, live)} />
              ) : (
                <SshAccess examSessionId={examSessionId} onCopied={onSay} />
              )}
            </div>
          ))}
      </div>
      {open?.what === 'settings' && <SettingsDialog onClose={close} />}
      {open?.what === 'rename' && (
        <RenameDialog
          name={tabs.nameOf(open.tab)}
          onClose={close}
          onName={(name) => {
            tabs.rename(open.tab, name);
            close();
          }}
        />
      )}
      {open?.what === 'close' && (
        <CloseDialog
          name={tabs.labelOf(open.tab)}
          onClose={close}
          onYes={() => {
            // Where nobody answers, nothing is ended, and the tab stays.
            const live = tabs.liveOf(open.tab);
            if (live === undefined || !('endShell' in live) || !live.endShell()) onSay(texts.notClosed);
            close();
          }}
        />
      )}
    </>
  );
}

/** Whoever goes to another tab wants to type there, but not when the page opens, and not out of the row of tabs. */
function useFocusOfTab(active: TabKey, { focusActive }: Tabs): void {
  const last = useRef(active);
  useEffect(() => {
    if (last.current === active) return;
    last.current = active;
    if (document.activeElement?.getAttribute('role') !== 'tab') focusActive();
  }, [active, focusActive]);
}

function tracks(split: string, share: number) {
  const value = `minmax(0, ${share}fr) 7px minmax(0, ${100 - share}fr)`;
  if (split === 'beside') return { gridTemplateColumns: value };
  return split === 'below' ? { gridTemplateRows: value } : undefined;
}
