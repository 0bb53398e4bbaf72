/** A browser's part of a terminal, without the browser. */
import { setTimeout as sleep } from 'node:timers/promises';
import { offeredProtocols, TERMINAL_WINDOW_BYTES, TerminalNotice } from '@ckx/contracts';
import { WebSocket, type RawData } from 'ws';
import { bytesOf } from '../src/terminal.ts';
import { ORIGIN, type Harness, type TestSession } from './harness.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type Opened = Extract<TerminalNotice, { type: 'opened' }>;
type EndedNotice = Extract<TerminalNotice, { type: 'ended' }>;

export class TerminalClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  bytes = 0;
  opened: Opened | null = null;
  ended: EndedNotice | null = null;
  /** Whether output is acknowledged as it comes. */
  acknowledges = true;
  #owed = 0;
  #parts: Buffer[] = [];

  constructor(url: string, ticket: string, headers: Record<string, string> = { origin: ORIGIN }) {
    this.socket = new WebSocket(url, offeredProtocols(ticket), { headers, perMessageDeflate: false });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = bytesOf(data);
      if (!isBinary) {
        const notice = TerminalNotice.parse(JSON.parse(bytes.toString()));
        if (notice.type === 'opened') this.opened = notice;
        else this.ended = notice;
        return;
      }
      this.bytes += bytes.length;
      this.#parts.push(bytes);
      if (this.#parts.length > 1_000) this.#parts.splice(0, 500);
      this.#owed += bytes.length;
      if (this.acknowledges && this.#owed >= TERMINAL_WINDOW_BYTES / 8) this.acknowledge();
    });
  }

  acknowledge(): void {
    if (this.#owed > 0) this.send({ type: 'ack', bytes: this.#owed });
    this.#owed = 0;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  type(text: string | Buffer): void {
    this.socket.send(Buffer.from(text as string), { binary: true });
  }

  /** What was shown of late. */
  get shown(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts).subarray(-256 * 1024)];
    return this.#parts[0] ?? Buffer.alloc(0);
  }

  /** What was shown, without the sequences that move and colour. */
  get text(): string {
    return plain(this.shown);
  }

  /** Waits for a condition. @throws with what was shown last. */
  async until(what: string | RegExp | (() => boolean), timeoutMs = 15_000): Promise<void> {
    const holds = typeof what === 'function' ? what : () => (typeof what === 'string' ? this.text.includes(what) : what.test(this.text));
    const givenUpAt = performance.now() + timeoutMs;
    while (!holds()) {
      if (performance.now() > givenUpAt) {
        const said = { what: String(what), ended: this.ended, state: this.socket.readyState, shown: this.text.slice(-1_500) };
        throw new Error(`After ${timeoutMs} ms still not: ${JSON.stringify(said)}`);
      }
      await sleep(2);
    }
  }

  /** Types a command and waits for what it printed; the command itself never shows the mark. */
  async run(command: string, timeoutMs?: number): Promise<string> {
    const mark = `m${Math.random().toString(36).slice(2, 8)}`;
    this.type(`${command}; echo ${mark.slice(0, 3)}''${mark.slice(3)}\r`);
    await this.until(mark, timeoutMs);
    const { text } = this;
    return text.slice(text.lastIndexOf(`''${mark.slice(3)}`) - command.length - 20);
  }

  /** As a cable that is cut: no close frame, nothing. */
  cut(): void {
    this.socket.terminate();
  }
}

function plain(bytes: Buffer): string {
  return bytes.toString().replaceAll(/\u001b(\[[0-9;?>]*[a-zA-Z]|\(B|[=>])/g, '');
}

/** Opens a tab and waits for its prompt. */
export async function openTab(
  harness: Harness,
  session: TestSession,
  query: Record<string, string | number> = {},
): Promise<TerminalClient & { opened: Opened }> {
  const client = new TerminalClient(harness.url(session, query), await harness.ticket(session));
  await client.until(() => client.opened !== null || client.ended !== null);
  if (client.opened === null) throw new Error(`not opened: ${JSON.stringify(client.ended)}`);
  await client.until(/\$ /);
  return client as TerminalClient & { opened: Opened };
}
