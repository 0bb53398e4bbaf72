import { useEffect, useRef, useState } from 'react';
import { readPreference, writePreference } from '../auth/browser.ts';
import { Search, Terminal as TerminalIcon } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { copyText } from './copyable.tsx';
import { connectTicket } from './connect-ticket.ts';
import { createScreen, type ScreenParts } from './screen.ts';
import { SshAccess } from './ssh-access.tsx';
import { openWithStyles } from './style-document.ts';
import './terminal.css';
import { TerminalConnection, type Link } from './terminal-connection.ts';
import { TerminalSearch } from './terminal-search.tsx';
import { roomTexts } from './texts.ts';

interface TerminalPaneProps {
  readonly examSessionId: string;
  readonly onCopied: (message: string) => void;
}

const FONT_KEY = 'ckx.font-size';
const [SMALLEST, USUAL, LARGEST] = [10, 14, 24];

/** Where the candidate works: the shell in the browser, or the way in by their own client. */
export function TerminalPane({ examSessionId, onCopied }: TerminalPaneProps) {
  const { terminal: texts } = useTexts(roomTexts);
  const [own, setOwn] = useState(false);
  const [fontSize, setFontSize] = useState(() => sizeWithin(Number(readPreference(FONT_KEY) ?? USUAL)));
  const [searching, setSearching] = useState(false);
  const { place, parts, link, again } = useTerminal(examSessionId, fontSize, onCopied, texts.copied);
  const zoom = (by: number) => {
    const size = sizeWithin(fontSize + by);
    setFontSize(size);
    writePreference(FONT_KEY, String(size));
  };
  return (
    <>
      <div className="terminal-bar">
        <span className="terminal-name">
          <TerminalIcon size={16} />
          {own ? texts.own : texts.shell}
        </span>
        <button type="button" className="button quiet" onClick={() => setOwn(!own)}>
          {own ? texts.toShell : texts.toOwn}
        </button>
        <button type="button" className="button quiet icon" aria-label={texts.search} onClick={() => setSearching(!searching)}>
          <Search size={16} />
        </button>
        <button type="button" className="button quiet icon" aria-label={texts.smaller} onClick={() => zoom(-1)}>
          A−
        </button>
        <button type="button" className="button quiet icon" aria-label={texts.larger} onClick={() => zoom(1)}>
          A+
        </button>
      </div>
      {searching && parts !== null && <TerminalSearch search={parts.search} onClose={() => setSearching(false)} />}
      <LinkState link={link} onAgain={again} />
      <div ref={place} className="terminal-screen" hidden={own} />
      {own && <SshAccess examSessionId={examSessionId} onCopied={onCopied} />}
    </>
  );
}

const sizeWithin = (size: number) => Math.min(LARGEST, Math.max(SMALLEST, size || USUAL));

function LinkState({ link, onAgain }: { readonly link: Link; readonly onAgain: () => void }) {
  const { terminal: texts } = useTexts(roomTexts);
  if (link.kind === 'open') return null;
  return (
    <div className="terminal-state" role="status">
      <span>{link.kind === 'ended' ? link.message : texts[link.kind]}</span>
      {link.kind === 'ended' && (
        <button type="button" className="button" onClick={onAgain}>
          {link.code === 'OPENED_ELSEWHERE' ? texts.takeOver : texts.openAgain}
        </button>
      )}
    </div>
  );
}

/** The screen and its connection, for as long as the pane is there. */
function useTerminal(examSessionId: string, fontSize: number, onCopied: (message: string) => void, copied: string) {
  const place = useRef<HTMLDivElement>(null);
  const connection = useRef<TerminalConnection>(null);
  const [parts, setParts] = useState<ScreenParts | null>(null);
  const [link, setLink] = useState<Link>({ kind: 'connecting' });
  const [firstSize] = useState(fontSize);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const screen = createScreen(firstSize);
    const { terminal, fit } = screen;
    openWithStyles(() => terminal.open(element));
    fit.fit();
    const line = new TerminalConnection(
      { ticket: () => connectTicket(examSessionId), connect: (url, protocols) => new WebSocket(url, [...protocols]) },
      { size: () => ({ cols: terminal.cols, rows: terminal.rows }), write: (data, shown) => terminal.write(data, shown), onLink: setLink },
    );
    connection.current = line;
    terminal.onData((text) => line.send(text));
    terminal.onBinary((text) => line.sendBinary(text));
    terminal.onResize(({ cols, rows }) => line.resize(cols, rows));
    terminal.attachCustomKeyEventHandler((event) => {
      // F6 leaves the terminal, Ctrl-Shift-C copies; everything else is the shell's.
      if (event.key === 'F6') return false;
      if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey || event.code !== 'KeyC') return true;
      event.preventDefault();
      void copyText(terminal.getSelection()).then((done) => done && onCopied(copied));
      return false;
    });
    const resizing = new ResizeObserver(() => element.clientWidth > 0 && fit.fit());
    resizing.observe(element);
    setParts(screen);
    void line.open();
    void addWebgl(screen);
    return () => {
      resizing.disconnect();
      line.close();
      terminal.dispose();
    };
  }, [examSessionId, firstSize, onCopied, copied]);

  useEffect(() => {
    parts?.setFontSize(fontSize);
  }, [parts, fontSize]);

  return { place, parts, link, again: () => void connection.current?.open() };
}

/** Drawn by the graphics card where there is one; loaded apart, as nothing waits for it. */
async function addWebgl({ terminal }: ScreenParts): Promise<void> {
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl');
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    terminal.loadAddon(addon);
  } catch {
    // Without one the screen is drawn as elements.
  }
}
