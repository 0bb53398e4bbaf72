import { TERMINAL_WINDOW_BYTES, TerminalQuery, TerminalRequest, type TerminalNotice } from '@ckx/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TerminalConnection, type Link } from './terminal-connection.ts';

const SESSION = 'a1d3a3c5-3c1e-4b1e-9d0a-2f1f0c9b7a11';
const CONNECTION = 'b1d3a3c5-3c1e-4b1e-9d0a-2f1f0c9b7a22';

class FakeSocket {
  binaryType = '';
  readyState = 1;
  readonly sent: (string | Uint8Array)[] = [];
  readonly url: string;
  readonly #listeners = new Map<string, (event: never) => void>();

  constructor(url: string) {
    this.url = url;
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.end();
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  say(notice: TerminalNotice): void {
    this.#listeners.get('message')?.({ data: JSON.stringify(notice) } as never);
  }

  output(bytes: number): void {
    this.#listeners.get('message')?.({ data: new ArrayBuffer(bytes) } as never);
  }

  end(): void {
    this.readyState = 3;
    this.#listeners.get('close')?.({ code: 1006, reason: '' } as never);
  }

  /** Every text frame, as the gateway would read it. */
  get requests() {
    return this.sent.filter((data) => typeof data === 'string').map((data) => TerminalRequest.parse(JSON.parse(data)));
  }
}

const OPENED: TerminalNotice = {
  type: 'opened',
  connectionId: CONNECTION as never,
  resumed: false,
  message: null,
  shell: 'new',
  tabs: [{ tab: 'main', name: null }],
  resumeWindowMs: 60_000,
  recorded: true,
};

function terminal() {
  const sockets: FakeSocket[] = [];
  const links: Link[] = [];
  const tabs: unknown[] = [];
  const pending: (() => void)[] = [];
  let tickets = 0;
  const state = { refuse: false, hold: false };
  const connection = new TerminalConnection(
    {
      tab: 't2',
      ticket: () => {
        tickets += 1;
        return state.refuse
          ? Promise.reject(new Error('no'))
          : Promise.resolve({ url: `ws://gateway:1/ws/terminal?session=${SESSION}`, protocols: ['ckx.v1', `t${tickets}`] });
      },
      connect: (url) => {
        const socket = new FakeSocket(url);
        sockets.push(socket);
        return socket;
      },
    },
    {
      size: () => ({ cols: 120, rows: 40 }),
      write: (_, shown) => (state.hold ? pending.push(shown) : shown()),
      onLink: (link) => links.push(link),
      onTabs: (found) => tabs.push(...found),
    },
  );
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('Nothing was opened.');
    return socket;
  };
  return { connection, sockets, links, tabs, pending, state, last, tickets: () => tickets };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a terminal’s connection', () => {
  test('opens as the gateway’s contract wants it', async () => {
    const { connection, last, links, tabs } = terminal();
    await connection.open();
    expect(TerminalQuery.parse(Object.fromEntries(new URL(last().url).searchParams))).toMatchObject({
      session: SESSION,
      cols: 120,
      rows: 40,
      tab: 't2',
      history: '1',
    });
    last().say(OPENED);
    connection.send('ls\r');
    connection.resize(100, 30);
    expect(last().sent[0]).toEqual(new TextEncoder().encode('ls\r'));
    expect(last().requests).toEqual([{ type: 'resize', cols: 100, rows: 30 }]);
    expect(links.map(({ kind }) => kind)).toEqual(['connecting', 'open']);
    expect(tabs).toEqual([{ tab: 'main', name: null }]);
    connection.rename('logs');
    connection.endShell();
    expect(last().requests.slice(1)).toEqual([{ type: 'name', name: 'logs' }, { type: 'close' }]);
  });

  test('sends a paste in pieces, and no letter in two', async () => {
    const { connection, last } = terminal();
    await connection.open();
    last().say(OPENED);
    const text = `${'x'.repeat(64 * 1024 - 1)}😀${'y'.repeat(100_000)}`;
    connection.send(text);
    const pieces = last().sent.filter((data) => typeof data !== 'string');
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(256 * 1024);
    expect(pieces.map((piece) => new TextDecoder('utf-8', { fatal: true }).decode(piece)).join('')).toBe(text);
  });

  test('acknowledges what was shown, and nothing before, well within the window', async () => {
    const { connection, last, state, pending } = terminal();
    await connection.open();
    state.hold = true;
    for (let sent = 0; sent < TERMINAL_WINDOW_BYTES; sent += 8192) last().output(8192);
    expect(last().requests).toEqual([]);
    for (const shown of pending) shown();
    const acknowledged = last().requests.map((request) => (request.type === 'ack' ? request.bytes : 0));
    expect(acknowledged.reduce((a, b) => a + b, 0)).toBe(TERMINAL_WINDOW_BYTES);
    expect(Math.max(...acknowledged)).toBeLessThanOrEqual(TERMINAL_WINDOW_BYTES / 4);
  });

  test('comes again after a loss, with a fresh ticket, and asks for what it had', async () => {
    const { connection, last, sockets, links, tickets } = terminal();
    await connection.open();
    last().say(OPENED);
    last().output(10);
    last().end();
    expect(links.at(-1)).toEqual({ kind: 'lost' });
    await vi.advanceTimersByTimeAsync(1000);
    expect([sockets.length, tickets()]).toEqual([2, 2]);
    expect(new URL(last().url).searchParams.get('resume')).toBe(CONNECTION);
    // The screen still has what it had.
    expect(new URL(last().url).searchParams.has('history')).toBe(false);
  });

  test('waits longer each time, and never gives up by itself', async () => {
    const { connection, state, tickets } = terminal();
    state.refuse = true;
    await connection.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tickets()).toBeGreaterThan(8);
    expect(tickets()).toBeLessThan(25);
  });

  test.each(['OPENED_ELSEWHERE', 'SHELL_EXITED', 'SESSION_OVER'])('does not come again by itself after %s', async (code) => {
    const { connection, last, sockets, links } = terminal();
    await connection.open();
    last().say(OPENED);
    last().say({ type: 'ended', code, message: 'So it is.', again: false });
    last().end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(links.at(-1)).toEqual({ kind: 'ended', code, message: 'So it is.' });
    await connection.open();
    expect(new URL(last().url).searchParams.has('resume')).toBe(false);
  });

  test('nothing comes after it is closed', async () => {
    const { connection, last, sockets, links } = terminal();
    await connection.open();
    connection.close();
    const told = links.length;
    last().end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([sockets.length, links.length]).toEqual([1, told]);
  });
});
