import { TERMINAL_WINDOW_BYTES, TerminalRequest } from '@ckx/contracts';
import type { AsciicastWriter } from '@ckx/terminal-recording';
import type { RawData } from 'ws';
import type { Connection } from './connection.ts';
import type { Shell } from './shell.ts';

/** Frames of a flood are so far apart. */
const FRAME_EVERY_MS = 4;
/** Input that waits for the terminal; the client is not read from while it is more. */
const INPUT_WAITING_BYTES = 1024 ** 2;

/**
 * Joins a WebSocket and a shell until either ends.
 *
 * What a terminal shows is held back until the client has shown it: not what its kernel took counts, but what it acknowledged. So a flood
 * fills nobody's memory, and the answer to Ctrl-C is never behind more than {@link TERMINAL_WINDOW_BYTES} of it.
 */
export function joinTerminal(connection: Connection, shell: Shell, recorder: AsciicastWriter | null): void {
  const { socket } = connection;
  const { stream } = shell;
  let underWay = 0;

  const frames = new Frames((bytes) => {
    if (socket.readyState === socket.OPEN) socket.send(bytes);
  });
  void connection.ended.then(() => frames.drop());

  if (shell.history.length > 0) {
    // Recorded when it was shown.
    connection.bytesOut += shell.history.length;
    underWay += shell.history.length;
    frames.add(shell.history);
  }
  stream.on('data', (data: Buffer) => {
    connection.bytesOut += data.length;
    underWay += data.length;
    recorder?.output(data);
    frames.add(data);
    if (underWay >= TERMINAL_WINDOW_BYTES) stream.pause();
  });
  stream.on('end', () => frames.flush());
  stream.on('drain', () => socket.resume());

  const obey = (request: TerminalRequest): void => {
    switch (request.type) {
      case 'resize':
        shell.resize(request);
        recorder?.resize(request);
        break;
      case 'ack':
        underWay = Math.max(0, underWay - request.bytes);
        if (underWay < TERMINAL_WINDOW_BYTES && stream.isPaused()) stream.resume();
        break;
      case 'name':
        void shell.name(request.name);
        break;
      case 'close':
        void shell.end().then(() => connection.end('TAB_CLOSED'));
    }
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    connection.heard();
    if (connection.isOver) return;
    if (!isBinary) {
      const request = TerminalRequest.safeParse(parsed(data));
      if (request.success) obey(request.data);
      else connection.end('PROTOCOL_ERROR');
      return;
    }
    const bytes = bytesOf(data);
    connection.bytesIn += bytes.length;
    if (!stream.writable) return;
    stream.write(bytes);
    if (stream.writableLength > INPUT_WAITING_BYTES) socket.pause();
  });
}

/**
 * Gathers what comes in a rush: in a flood tmux writes a few bytes at a time, and thousands of frames a second are more work for a browser than
 * what is in them. What comes by itself, as the echo of a key does, goes at once.
 */
class Frames {
  readonly #send: (bytes: Buffer) => void;
  #waiting: Buffer[] = [];
  #sentAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (bytes: Buffer) => void) {
    this.#send = send;
  }

  add(data: Buffer): void {
    this.#waiting.push(data);
    if (this.#timer !== null) return;
    const waitMs = FRAME_EVERY_MS - (performance.now() - this.#sentAt);
    if (waitMs > 0) this.#timer = setTimeout(() => this.flush(), waitMs);
    else this.flush();
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const [only, ...more] = this.#waiting;
    if (only === undefined) return;
    this.#send(more.length === 0 ? only : Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#sentAt = performance.now();
  }

  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting = [];
  }
}

/** Why a shell that was joined has ended: it exited, is shown elsewhere, or nobody answers any more. */
export async function whyEnded(shell: Shell): Promise<'SHELL_EXITED' | 'OPENED_ELSEWHERE' | 'PART_LOST'> {
  const isThere = await shell.isThere();
  if (isThere === null) return 'PART_LOST';
  return isThere ? 'OPENED_ELSEWHERE' : 'SHELL_EXITED';
}

export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

function parsed(data: RawData): unknown {
  try {
    return JSON.parse(bytesOf(data).toString());
  } catch {
    return undefined;
  }
}
