/** The terminal of a session over SSH, its host key pinned. */
import type { Readable, Writable } from 'node:stream';
import { CkxError } from '@ckx/contracts';
import { Client as SshClient, type ClientChannel } from 'ssh2';

export interface SshTarget {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** Public key in OpenSSH's format: the only one that is accepted. */
  readonly hostKey: string;
  /** PEM or OpenSSH format. */
  readonly privateKey: string;
}

export interface RemoteStreams {
  readonly stdin: Readable | string | null;
  readonly stdout: Writable | ((text: string) => void);
  readonly stderr: Writable | ((text: string) => void);
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A terminal that is gone is noticed after four missed answers. */
const KEEPALIVE_MS = 5_000;

/** Exit code where a command did not end by itself, as OpenSSH's client has it. */
const CONNECTION_LOST = 255;

/**
 * Runs one command line.
 *
 * @returns its exit code; 255 where the connection ended before it did or a signal ended it.
 */
export async function runRemote(target: SshTarget, commandLine: string, streams: RemoteStreams, signal?: AbortSignal): Promise<number> {
  return withConnection(target, signal, (ssh) => useChannel((opened) => ssh.exec(commandLine, opened), streams));
}

/** An interactive shell on this process' own terminal. @returns the shell's exit code. */
export async function openShell(target: SshTarget): Promise<number> {
  const { stdin, stdout } = process;
  return withConnection(target, undefined, async (ssh) => {
    let channel: ClientChannel | undefined;
    const resize = () => channel?.setWindow(stdout.rows, stdout.columns, 0, 0);
    const window = { term: process.env['TERM'] ?? 'xterm-256color', rows: stdout.rows, cols: stdout.columns };
    stdin.setRawMode(true);
    stdout.on('resize', resize);
    try {
      return await useChannel(
        (opened) =>
          ssh.shell(window, (error, shell) => {
            channel = shell;
            opened(error, shell);
          }),
        { stdin, stdout, stderr: process.stderr },
      );
    } finally {
      stdout.off('resize', resize);
      stdin.setRawMode(false);
    }
  });
}

/** Joins words so that a POSIX shell reads exactly these words. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)).join(' ');
}

async function withConnection<T>(target: SshTarget, signal: AbortSignal | undefined, work: (ssh: SshClient) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const ssh = new SshClient();
  const abort = () => ssh.end();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      ssh.once('ready', resolve).once('error', (cause: Error) => reject(unreachable(target, cause)));
      ssh.connect({
        host: target.host,
        port: target.port,
        username: target.user,
        privateKey: target.privateKey,
        readyTimeout: CONNECT_TIMEOUT_MS,
        keepaliveInterval: KEEPALIVE_MS,
        hostVerifier: (key: Buffer) => key.equals(Buffer.from(target.hostKey.split(' ')[1] ?? '', 'base64')),
      });
    });
    // Later errors show as a closed channel; without a listener they would end the process.
    ssh.on('error', () => undefined);
    return await work(ssh);
  } finally {
    signal?.removeEventListener('abort', abort);
    ssh.end();
  }
}

function unreachable(target: SshTarget, cause: Error): CkxError {
  return new CkxError('operational', 'TERMINAL_UNREACHABLE', `The terminal at ${target.host}:${target.port} refused: ${cause.message}.`, {
    remedy: 'Look at the session with: ckx session status',
    cause,
  });
}

type Opened = (error: Error | undefined, channel: ClientChannel) => void;

/** Opens a channel and connects it at once: what it says may come in the same packet as its opening. @returns the exit code. */
function useChannel(open: (opened: Opened) => unknown, streams: RemoteStreams): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    open((error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      connect(channel, streams);
      resolve(exitOf(channel, streams.stdin));
    });
  }).catch((cause: Error) => {
    throw new CkxError('operational', 'TERMINAL_REFUSED', `The terminal refused the command: ${cause.message}.`, {
      remedy: 'Look at the session with: ckx session status',
      cause,
    });
  });
}

function connect(channel: ClientChannel, streams: RemoteStreams): void {
  pour(channel, streams.stdout);
  pour(channel.stderr, streams.stderr);
  if (streams.stdin === null) channel.end();
  else if (typeof streams.stdin === 'string') channel.end(streams.stdin);
  else streams.stdin.pipe(channel);
}

function pour(from: Readable, to: Writable | ((text: string) => void)): void {
  if (typeof to === 'function') from.setEncoding('utf8').on('data', to);
  else from.pipe(to, { end: false });
}

function exitOf(channel: ClientChannel, stdin: Readable | string | null): Promise<number> {
  return new Promise((resolve) => {
    let exitCode: number | null = null;
    channel.on('exit', (code: number | null) => {
      exitCode = code;
    });
    channel.on('close', () => {
      if (stdin !== null && typeof stdin !== 'string') {
        stdin.unpipe(channel);
        stdin.destroy();
      }
      resolve(exitCode ?? CONNECTION_LOST);
    });
  });
}
