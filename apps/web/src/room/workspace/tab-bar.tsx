import { useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { Cross, Terminal } from '../../components/icons.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import { Desktop, Key, Plus } from './icons.tsx';
import { activeTab, isTerminal, paneOf, type Layout, type TabKey } from './layout.ts';

interface TabBarProps {
  readonly layout: Layout;
  readonly labelOf: (tab: TabKey) => string;
  readonly onShow: (tab: TabKey) => void;
  /** By mouse, on the tab that is shown already: one wants to type there. */
  readonly onPick: () => void;
  readonly onClose: (tab: TabKey) => void;
  readonly onRename: (tab: TabKey) => void;
  /** null where there are as many terminals as there may be. */
  readonly onNew: (() => void) | null;
}

/** Tabs as in a browser: arrows go along, Delete closes, F2 names; by mouse a cross, the middle button, a double click. */
export function TabBar({ layout, labelOf, onShow, onPick, onClose, onRename, onNew }: TabBarProps) {
  const { workspace: texts } = useTexts(roomTexts);
  const list = useRef<HTMLDivElement>(null);
  const active = activeTab(layout);
  const isOnly = layout.tabs.length === 1;
  const close = (tab: TabKey) => {
    if (!isOnly && tab !== 'desktop') onClose(tab);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = layout.tabs.indexOf(active);
    const count = layout.tabs.length;
    const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at + count - 1) % count, Home: 0, End: count - 1 }[event.key];
    if (to !== undefined) {
      const tab = layout.tabs[to];
      if (tab !== undefined) onShow(tab);
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
    } else if (event.key === 'Delete') close(active);
    else if (event.key === 'F2' && isTerminal(active)) onRename(active);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent<HTMLElement>, tab: TabKey) => {
    if (event.target instanceof Element && event.target.closest('.tab-close') !== null) return close(tab);
    // By mouse, and not by Enter: the keyboard goes on in what was chosen, not in the row of tabs.
    if (event.detail > 0) event.currentTarget.blur();
    if (tab !== active) onShow(tab);
    else if (event.detail > 0) onPick();
  };
  return (
    <div className="tab-bar">
      <div ref={list} role="tablist" aria-label={texts.tabs} onKeyDown={onKeyDown}>
        {layout.tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === active}
            aria-controls={`pane-${tab}`}
            tabIndex={tab === active ? 0 : -1}
            className={paneOf(layout, tab) === null ? 'tab' : 'tab shown'}
            title={isTerminal(tab) ? texts.tabHint : undefined}
            onClick={(event) => onClick(event, tab)}
            onAuxClick={(event) => event.button === 1 && close(tab)}
            onDoubleClick={() => isTerminal(tab) && onRename(tab)}
          >
            <TabSign tab={tab} />
            <span className="tab-name">{labelOf(tab)}</span>
            {!isOnly && tab !== 'desktop' && (
              <span className="tab-close" aria-hidden="true">
                <Cross size={14} />
              </span>
            )}
          </button>
        ))}
      </div>
      {onNew !== null && (
        <button type="button" className="button quiet icon" aria-label={texts.newTerminal} title={texts.newTerminal} onClick={onNew}>
          <Plus />
        </button>
      )}
    </div>
  );
}

function TabSign({ tab }: { readonly tab: TabKey }) {
  if (tab === 'desktop') return <Desktop size={16} />;
  return tab === 'ssh' ? <Key size={16} /> : <Terminal size={16} />;
}
