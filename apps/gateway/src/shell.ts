import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CkxError, CONNECTION_ENDS, type TabId, type TabView, type TerminalQuery } from '@ckx/contracts';
import type { Size } from '@ckx/terminal-recording';
import ssh2 from 'ssh2';
import type { TerminalAccess } from './target.ts';
import { endTab, hasTab, HISTORY_BYTES, LIST_TABS, nameTab, printHistory, readTabs, showTab } from './tmux.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE = { keepaliveInterval: 10_000, keepaliveCountMax: 3 };
const COMMAND_TIMEOUT_MS = 5_000;

export interface Shell {
  /** Bytes of the terminal, both ways. */
  readonly stream: ssh2.ClientChannel;
  /** Whether the tab's shell was there already. */
  readonly kept: boolean;
  /** Of this terminal, this one among them. */
  readonly tabs: readonly TabView[];
  /** It exited, is shown elsewhere, or its terminal is gone. */
  readonly ended: Promise<void>;
  /** What scrolled out of a tab that was there already, as a terminal shows it, where it was asked for. */
  readonly history: Buffer;
  resize(size: Size): void;
  name(name: string): Promise<void>;
  /** Ends the tab's shell, and what runs in it. */
  end(): Promise<void>;
  /** Whether the tab's shell is still there; null where nobody answers any more. */
  isThere(): Promise<boolean | null>;
  /** Lets go of it; the shell goes on. */
  leave(): void;
}

/**
 * Opens a tab's shell over SSH, as the terminal's one user.
 *
 * @throws CkxError operational `UNREACHABLE` where the terminal does not answer, has another host key than it had, or refuses the key.
 */
export async function openShell(access: TerminalAccess, tab: TabId, wanted: Size & Pick<TerminalQuery, 'history'>): Promise<Shell> {
  const { cols, rows } = wanted;
  const client = await logIn(access);
  try {
    const run = (command: string) => runQuietly(client, command).then(({ code }) => code);
    const others = readTabs((await runQuietly(client, LIST_TABS)).output.toString());
    const kept = others.some((other) => other.tab === tab);
    const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
      client.exec(showTab(tab), { pty: { cols, rows, term: 'xterm-256color' } }, (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });
    const ended = new Promise<void>((resolve) => {
      stream.once('close', resolve);
      client.once('close', () => resolve());
    });
    // The connection's end says the same.
    client.on('error', () => undefined);
    stream.stderr.resume();
    return {
      stream,
      kept,
      history: kept && wanted.history === '1' ? asShown((await runQuietly(client, printHistory(tab))).output) : Buffer.alloc(0),
      tabs: kept ? others : [...others, { tab, name: null }],
      ended,
      resize: (size) => stream.setWindow(size.rows, size.cols, 0, 0),
      name: async (name) => void (await run(nameTab(tab, name))),
      end: async () => void (await run(endTab(tab))),
      isThere: () => run(hasTab(tab)).then((code) => (code === null ? null : code === 0)),
      leave: () => client.end(),
    };
  } catch (error) {
    client.end();
    throw error instanceof CkxError ? error : unreachable(error);
  }
}

async function logIn({ host, port, hostKey, privateKey }: TerminalAccess): Promise<ssh2.Client> {
  const socket: Socket = connect({ host, port, noDelay: true, timeout: CONNECT_TIMEOUT_MS });
  const client = new ssh2.Client();
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  try {
    const ready = once(client, 'ready');
    client.connect({
      sock: socket,
      username: 'candidate',
      privateKey,
      readyTimeout: CONNECT_TIMEOUT_MS,
      ...KEEPALIVE,
      algorithms: { serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (key: Buffer) => key.equals(hostKey),
    });
    await ready;
    socket.setTimeout(0);
    return client;
  } catch (error) {
    // Whatever it says from now on, nobody waits for it.
    client.on('error', () => undefined);
    client.end();
    socket.destroy();
    throw unreachable(error);
  }
}

interface Ran {
  /** null where the connection is gone, or does not answer. */
  readonly code: number | null;
  /** The first {@link HISTORY_BYTES} of it. */
  readonly output: Buffer;
}

function runQuietly(client: ssh2.Client, command: string): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const output: Buffer[] = [];
  let bytes = 0;
  const end = (code: number | null) => resolve({ code, output: Buffer.concat(output) });
  const timer = setTimeout(() => end(null), COMMAND_TIMEOUT_MS);
  try {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return end(null);
      channel.on('data', (data: Buffer) => {
        if (bytes < HISTORY_BYTES) output.push(data);
        bytes += data.length;
      });
      channel.on('close', (code: number | null | undefined) => end(code ?? null));
      channel.stderr.resume();
    });
  } catch {
    // It throws where it is not connected any more.
    end(null);
  }
  return promise.finally(() => clearTimeout(timer));
}

/** Lines as a terminal ends them; the first may have lost its beginning. */
function asShown(printed: Buffer): Buffer {
  const text = printed.length < HISTORY_BYTES ? printed : printed.subarray(printed.indexOf(0x0a) + 1);
  return Buffer.from(text.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

function unreachable(cause: unknown): CkxError {
  return new CkxError('operational', 'UNREACHABLE', CONNECTION_ENDS.UNREACHABLE.message, { cause });
}
