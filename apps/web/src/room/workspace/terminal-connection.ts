/**
 * A terminal's way to the gateway: one ticket per connection, output acknowledged as it is shown, and back again by itself after a loss.
 * What the gateway says at an end decides whether to come again; a loss that nobody explained is one to come again from.
 */

/** Of `POST /sessions/:id/connect`. */
export interface Ticket {
  readonly url: string;
  readonly protocols: readonly string[];
}

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** Comes again by itself. */
  | { readonly kind: 'lost' }
  /** Comes again when somebody asks for it. */
  | { readonly kind: 'ended'; readonly code: string; readonly message: string };

/** A tab that has a shell on the server, and what its candidate called it. */
export interface KnownTab {
  readonly tab: string;
  readonly name: string | null;
}

export interface Screen {
  size(): { readonly cols: number; readonly rows: number };
  /** Calls back when it is shown. */
  write(data: Uint8Array, shown: () => void): void;
  onLink(link: Link): void;
  onTabs(tabs: readonly KnownTab[]): void;
}

interface Socket {
  binaryType: string;
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

export interface TerminalLine {
  /** The gateway's name of the tab. */
  readonly tab: string;
  ticket(): Promise<Ticket>;
  connect(url: string, protocols: readonly string[]): Socket;
}

const OPEN = 1;
/** An eighth of what may be under way unacknowledged. */
const ACK_EVERY_BYTES = 32 * 1024;
const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 8_000;
/** A paste goes in pieces: a frame has a limit, and nothing that is under way is stopped in the midst of one. */
const PIECE_LETTERS = 64 * 1024;
const encoder = new TextEncoder();

export class TerminalConnection {
  readonly #line: TerminalLine;
  readonly #screen: Screen;
  #socket: Socket | null = null;
  #connectionId: string | null = null;
  #unacknowledged = 0;
  #retryMs = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ended: { readonly code: string; readonly message: string; readonly again: boolean } | null = null;
  #closed = false;
  /** Whether the screen has anything on it yet. */
  #shownOnce = false;

  constructor(line: TerminalLine, screen: Screen) {
    this.#line = line;
    this.#screen = screen;
  }

  /** Opens it, and again after an end; while one is open it changes nothing. */
  async open(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#closed || this.#socket !== null) return;
    this.#ended = null;
    this.#screen.onLink({ kind: 'connecting' });
    let ticket: Ticket;
    try {
      ticket = await this.#line.ticket();
    } catch {
      this.#comeAgain();
      return;
    }
    if (this.#closed) return;
    this.#connect(ticket);
  }

  send(text: string): void {
    if (this.#socket?.readyState !== OPEN) return;
    for (const piece of piecesOf(text)) this.#socket.send(encoder.encode(piece));
  }

  /** Bytes that are no text, as a mouse sends them. */
  sendBinary(latin1: string): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(Uint8Array.from(latin1, (letter) => letter.charCodeAt(0)));
  }

  resize(cols: number, rows: number): void {
    this.#say({ type: 'resize', cols, rows });
  }

  /** Wherever the tab is opened from now on. */
  rename(name: string): void {
    this.#say({ type: 'name', name });
  }

  /** Ends the tab's shell, and what runs in it. @returns false where nobody is there to be asked. */
  endShell(): boolean {
    this.#say({ type: 'close' });
    return this.#socket?.readyState === OPEN;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  #connect({ url, protocols }: Ticket): void {
    const address = new URL(url);
    const { cols, rows } = this.#screen.size();
    address.searchParams.set('tab', this.#line.tab);
    address.searchParams.set('cols', String(cols));
    address.searchParams.set('rows', String(rows));
    if (!this.#shownOnce) address.searchParams.set('history', '1');
    if (this.#connectionId !== null) address.searchParams.set('resume', this.#connectionId);
    const socket = this.#line.connect(address.href, protocols);
    this.#socket = socket;
    this.#unacknowledged = 0;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) this.#show(socket, new Uint8Array(data));
      else if (typeof data === 'string') this.#obey(data);
    });
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#over();
    });
  }

  #show(socket: Socket, bytes: Uint8Array): void {
    this.#shownOnce = true;
    this.#screen.write(bytes, () => {
      // What an earlier connection sent is not this one's to acknowledge.
      if (this.#socket !== socket) return;
      this.#unacknowledged += bytes.length;
      if (this.#unacknowledged < ACK_EVERY_BYTES) return;
      this.#say({ type: 'ack', bytes: this.#unacknowledged });
      this.#unacknowledged = 0;
    });
  }

  #obey(text: string): void {
    const notice = parseNotice(text);
    if (notice?.type === 'opened') {
      this.#connectionId = notice.connectionId;
      this.#retryMs = FIRST_RETRY_MS;
      this.#screen.onLink({ kind: 'open' });
      this.#screen.onTabs(notice.tabs);
    } else if (notice?.type === 'ended') {
      this.#ended = notice;
    }
  }

  #over(): void {
    if (this.#closed) return;
    const ended = this.#ended;
    if (ended !== null && !ended.again) {
      // A shell that ended is not resumed: the next one is new.
      this.#connectionId = null;
      this.#screen.onLink({ kind: 'ended', code: ended.code, message: ended.message });
    } else {
      this.#comeAgain();
    }
  }

  #comeAgain(): void {
    if (this.#closed) return;
    this.#screen.onLink({ kind: 'lost' });
    this.#retry = setTimeout(() => void this.open(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #say(request: object): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(request));
  }
}

/** Without cutting a letter that is two. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const last = text.charCodeAt(from + PIECE_LETTERS - 1);
    const to = from + PIECE_LETTERS - (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

type Notice =
  | { readonly type: 'opened'; readonly connectionId: string; readonly tabs: readonly KnownTab[] }
  | { readonly type: 'ended'; readonly code: string; readonly message: string; readonly again: boolean };

function isTab(value: unknown): value is KnownTab {
  if (typeof value !== 'object' || value === null || !('tab' in value) || !('name' in value)) return false;
  return typeof value.tab === 'string' && (value.name === null || typeof value.name === 'string');
}

/** @returns null for what is no notice: a page does not break by a word that a newer gateway says. */
function parseNotice(text: string): Notice | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (value.type === 'opened' && 'connectionId' in value && typeof value.connectionId === 'string') {
    return {
      type: 'opened',
      connectionId: value.connectionId,
      tabs: 'tabs' in value && Array.isArray(value.tabs) ? value.tabs.filter(isTab) : [],
    };
  }
  if (value.type !== 'ended' || !('code' in value) || !('message' in value) || !('again' in value)) return null;
  const { code, message, again } = value;
  if (typeof code !== 'string' || typeof message !== 'string' || typeof again !== 'boolean') return null;
  return { type: 'ended', code, message, again };
}
