import {
  CONNECTION_ENDS,
  type ConnectionEnd,
  type ConnectionId,
  type ConnectionKind,
  type ExamSessionId,
  type TabId,
  type TerminalNotice,
  type UserId,
} from '@ckx/contracts';
import type { WebSocket } from 'ws';

/** A close frame's reason has room for so many bytes. */
const REASON_BYTES = 123;
/** A client that does not answer a close frame is let go of. */
const CLOSE_GRACE_MS = 2_000;
/** Close codes with which a browser says that it meant it: the page called close(), or was left. */
const MEANT = new Set([1000, 1001, 1005]);

export interface Ended {
  readonly code: ConnectionEnd;
  readonly message: string;
}

export interface About {
  readonly id: ConnectionId;
  readonly examSessionId: ExamSessionId;
  readonly userId: UserId;
  readonly kind: ConnectionKind;
  /** null for a desktop. */
  readonly tab: TabId | null;
}

/** One WebSocket from its acceptance to its end. It ends once, for one reason, however many there are. */
export class Connection {
  readonly about: About;
  readonly socket: WebSocket;
  readonly openedAt = new Date();
  /** From the client, and to it. */
  bytesIn = 0;
  bytesOut = 0;
  readonly ended: Promise<Ended>;
  #end: Ended | null = null;
  readonly #resolve: (ended: Ended) => void;
  /** By the clock of this process. */
  #heardAt = performance.now();
  #deadlineAt: number | null = null;

  constructor(about: About, socket: WebSocket) {
    this.about = about;
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<Ended>();
    this.ended = promise;
    this.#resolve = resolve;
    socket.on('pong', () => this.heard());
    socket.on('error', () => this.end('CONNECTION_LOST'));
    socket.on('close', (code: number) => this.end(MEANT.has(code) ? 'CLIENT_CLOSED' : 'CONNECTION_LOST'));
    // It may be gone by the time it was decided about.
    if (socket.readyState === socket.CLOSED) this.end('CONNECTION_LOST');
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  /** The client gave a sign of life. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  /** What the records said of it last. @param leftMs null while its session's clock has not started. */
  allow(leftMs: number | null): void {
    this.#deadlineAt = leftMs === null ? null : performance.now() + leftMs;
  }

  /** Until its deadline, as far as it is known; negative past it. */
  get leftMs(): number {
    return this.#deadlineAt === null ? Infinity : this.#deadlineAt - performance.now();
  }

  /** Ends it, unless it has ended. @param message for a person, where there is more to say than what the code stands for. */
  end(code: ConnectionEnd, message: string = CONNECTION_ENDS[code].message): void {
    if (this.#end !== null) return;
    this.#end = { code, message };
    this.#resolve(this.#end);
    sayEnd(this.socket, this.about.kind, this.#end);
  }
}

/** Tells a client why, by a frame where it reads frames of ours and by the close frame, and lets go of it. */
export function sayEnd(socket: WebSocket, kind: ConnectionKind, { code, message }: Ended): void {
  const { closeCode, again } = CONNECTION_ENDS[code];
  if (socket.readyState === socket.OPEN) {
    if (kind === 'terminal') socket.send(JSON.stringify({ type: 'ended', code, message, again } satisfies TerminalNotice));
    socket.close(closeCode, shortened(message));
  }
  // A socket that was paused would never read the answer.
  socket.resume();
  setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
}

/** As much of a text as a close frame holds, without cutting a character. */
function shortened(text: string): string {
  if (Buffer.byteLength(text) <= REASON_BYTES) return text;
  let short = '';
  for (const character of text) {
    if (Buffer.byteLength(short) + Buffer.byteLength(character) > REASON_BYTES - 3) break;
    short += character;
  }
  return `${short}…`;
}
