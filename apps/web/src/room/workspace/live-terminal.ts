import type { SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { copyText } from '../copyable.tsx';
import { connectTicket } from './connect-ticket.ts';
import { createScreen, drawByGraphicsCard, type ScreenParts } from './screen.ts';
import { openWithStyles } from './style-document.ts';
import { TerminalConnection, type KnownTab, type Link } from './terminal-connection.ts';
import type { TerminalSettings } from './terminal-settings.ts';
import { THEMES } from './themes.ts';

export interface TerminalListener {
  /** Tabs of the session that have a shell. */
  onTabs(tabs: readonly KnownTab[]): void;
  /** As a program set it: anything may be in it. */
  onTitle(title: string): void;
  onLink(link: Link): void;
  onCopied(done: boolean): void;
  onSearch(): void;
}

export interface TerminalOf {
  readonly examSessionId: string;
  /** The gateway's name of the tab. */
  readonly tab: string;
  readonly settings: TerminalSettings;
}

/** A screen in the page and its connection, until it is disposed of. */
export class LiveTerminal {
  readonly #element: HTMLElement;
  readonly #screen: ScreenParts;
  readonly #line: TerminalConnection;
  readonly #resizing: ResizeObserver;

  constructor(element: HTMLElement, { examSessionId, tab, settings }: TerminalOf, listener: TerminalListener) {
    this.#element = element;
    this.#screen = createScreen(settings);
    const { terminal } = this.#screen;
    openWithStyles(() => terminal.open(element));
    this.#fit();
    this.#line = new TerminalConnection(
      {
        tab,
        ticket: () => connectTicket(examSessionId, 'terminal'),
        connect: (url, protocols) => new WebSocket(url, [...protocols]),
      },
      {
        size: () => ({ cols: terminal.cols, rows: terminal.rows }),
        write: (data, shown) => writeInPieces(terminal, data, shown),
        onLink: (link) => listener.onLink(link),
        onTabs: (tabs) => listener.onTabs(tabs),
      },
    );
    terminal.onData((text) => this.#line.send(text));
    terminal.onBinary((text) => this.#line.sendBinary(text));
    terminal.onResize(({ cols, rows }) => this.#line.resize(cols, rows));
    terminal.onTitleChange((title) => listener.onTitle(title));
    terminal.attachCustomKeyEventHandler((event) => this.#obeys(event, listener));
    this.#resizing = new ResizeObserver(() => this.#fit());
    this.#resizing.observe(element);
    void this.#line.open();
    void drawByGraphicsCard(this.#screen);
  }

  get search(): SearchAddon {
    return this.#screen.search;
  }

  look({ fontSize, theme }: TerminalSettings): void {
    const { options } = this.#screen.terminal;
    options.fontSize = fontSize;
    options.theme = THEMES[theme];
    this.#fit();
  }

  focus(): void {
    this.#screen.terminal.focus();
  }

  /** Whether something was selected, and the browser allowed it. */
  async copy(): Promise<boolean> {
    const text = this.#screen.terminal.getSelection();
    return text !== '' && copyText(text);
  }

  /** As a paste by keys, which programs that ask for it can tell from typing. @returns whether the browser allowed it. */
  async paste(): Promise<boolean> {
    const text = await navigator.clipboard.readText().catch(() => null);
    if (text === null) return false;
    this.#screen.terminal.paste(text);
    this.focus();
    return true;
  }

  /** Opens its connection again after an end. */
  again(): void {
    void this.#line.open();
  }

  rename(name: string): void {
    this.#line.rename(name);
  }

  /** Ends its shell, and what runs in it. @returns false where nobody is there to be asked. */
  endShell(): boolean {
    return this.#line.endShell();
  }

  dispose(): void {
    this.#resizing.disconnect();
    this.#line.close();
    this.#screen.terminal.dispose();
  }

  /** A tab that is not shown keeps the size that it had. */
  #fit(): void {
    if (this.#element.clientWidth > 0) this.#screen.fit.fit();
  }

  /** @returns whether the key is the shell's, as all are but for few. A paste by keys is the browser's own, and needs no permission. */
  #obeys(event: KeyboardEvent, listener: TerminalListener): boolean {
    const wants = wish(event);
    if (wants === null) return true;
    event.preventDefault();
    if (wants === 'search') listener.onSearch();
    else if (this.#screen.terminal.hasSelection()) void this.copy().then((done) => listener.onCopied(done));
    return false;
  }
}

/** xterm lets the page breathe between pieces, after 12 ms of them, and never within one. */
const PIECE_BYTES = 8 * 1024;

function writeInPieces(terminal: Terminal, data: Uint8Array, shown: () => void): void {
  let from = 0;
  for (; data.length - from > PIECE_BYTES; from += PIECE_BYTES) terminal.write(data.subarray(from, from + PIECE_BYTES));
  terminal.write(data.subarray(from), shown);
}

function wish(event: KeyboardEvent): 'copy' | 'search' | null {
  if (event.type !== 'keydown' || !event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.shiftKey && event.code === 'KeyC') return 'copy';
  if (event.shiftKey && event.code === 'KeyF') return 'search';
  return !event.shiftKey && event.key === 'Insert' ? 'copy' : null;
}
