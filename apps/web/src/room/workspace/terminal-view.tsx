import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import { LinkState } from './link-state.tsx';
import { LiveTerminal, type TerminalListener } from './live-terminal.ts';
import type { KnownTab, Link } from './terminal-connection.ts';
import { TerminalSearch } from './terminal-search.tsx';
import { useTerminalSettings } from './terminal-settings.ts';

interface TerminalViewProps extends TerminalListener {
  readonly examSessionId: string;
  /** The gateway's name of it. */
  readonly tab: string;
  readonly searching: boolean;
  readonly onSearchEnd: () => void;
  /** null when it goes. */
  readonly onLive: (live: LiveTerminal | null) => void;
}

/** One tab's screen, with what there is to say of its connection above it. */
export function TerminalView(props: TerminalViewProps) {
  const { terminal: texts } = useTexts(roomTexts);
  const { examSessionId, tab } = props;
  const settings = useTerminalSettings();
  const place = useRef<HTMLDivElement>(null);
  const [first] = useState(settings);
  const [live, setLive] = useState<LiveTerminal | null>(null);
  const [link, setLink] = useState<Link>({ kind: 'connecting' });
  const onLink = useEffectEvent((now: Link) => {
    setLink(now);
    props.onLink(now);
  });
  const onTabs = useEffectEvent((tabs: readonly KnownTab[]) => props.onTabs(tabs));
  const onTitle = useEffectEvent((title: string) => props.onTitle(title));
  const onCopied = useEffectEvent((done: boolean) => props.onCopied(done));
  const onSearch = useEffectEvent(() => props.onSearch());
  const onLive = useEffectEvent((now: LiveTerminal | null) => {
    setLive(now);
    props.onLive(now);
  });

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new LiveTerminal(place.current, { examSessionId, tab, settings: first }, { onLink, onTabs, onTitle, onCopied, onSearch });
    onLive(made);
    return () => {
      made.dispose();
      onLive(null);
    };
  }, [examSessionId, tab, first]);
  useEffect(() => live?.look(settings), [live, settings]);

  return (
    <div className="terminal" data-theme={settings.theme}>
      {props.searching && live !== null && (
        <TerminalSearch
          search={live.search}
          onClose={() => {
            props.onSearchEnd();
            live.focus();
          }}
        />
      )}
      <LinkState link={link} lost={texts.lost} onAgain={() => live?.again()} />
      <div ref={place} className="terminal-screen" />
    </div>
  );
}
