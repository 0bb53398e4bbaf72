import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { CkxError, CONNECTION_ENDS } from '@ckx/contracts';
import { greetViewer, logIn } from '@ckx/remote-framebuffer';
import type { RawData } from 'ws';
import type { Connection } from './connection.ts';
import type { DesktopAccess } from './target.ts';
import { bytesOf } from './terminal.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
/** What may wait for the client, or for the desktop, before the other side is not read from any more. */
const WAITING_BYTES = 512 * 1024;

/** Opens the session's VNC port and logs in. @throws CkxError operational `UNREACHABLE`; bug `DESKTOP_REFUSED`. */
export async function openDesktop({ host, port, secret }: DesktopAccess): Promise<TLSSocket> {
  const socket = connect({ host, port, noDelay: true });
  const limit = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_TIMEOUT_MS);
  try {
    await once(socket, 'connect');
    const peer = await logIn(socket, secret);
    socket.setKeepAlive(true, 10_000);
    return peer;
  } catch (cause) {
    socket.destroy();
    if (cause instanceof CkxError) throw cause;
    throw new CkxError('operational', 'UNREACHABLE', CONNECTION_ENDS.UNREACHABLE.message, { cause });
  } finally {
    clearTimeout(limit);
  }
}

/**
 * Greets the browser in the desktop's place, which needs no secret for it, and then passes bytes both ways, as fast as the slower side takes
 * them, until either ends.
 *
 * @throws CkxError user `PROTOCOL_ERROR` where the browser does not speak as a viewer does.
 */
export async function joinDesktop(connection: Connection, peer: TLSSocket): Promise<void> {
  const { socket } = connection;
  const said = new PassThrough({ highWaterMark: WAITING_BYTES });
  said.on('error', () => undefined).on('drain', () => socket.resume());
  void connection.ended.then(() => said.destroy());
  const show = (data: Buffer) => {
    connection.bytesOut += data.length;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(data, () => {
      if (socket.bufferedAmount < WAITING_BYTES / 2) peer.resume();
    });
    if (socket.bufferedAmount > WAITING_BYTES) peer.pause();
  };
  socket.on('message', (data: RawData) => {
    connection.heard();
    const bytes = bytesOf(data);
    connection.bytesIn += bytes.length;
    if (!said.writable) return;
    if (!said.write(bytes)) socket.pause();
  });
  socket.resume();

  const greeted = await Promise.race([greets(said, show), sleep(GREETING_TIMEOUT_MS, false, { ref: false })]);
  if (connection.isOver) return;
  if (!greeted) throw new CkxError('user', 'PROTOCOL_ERROR', CONNECTION_ENDS.PROTOCOL_ERROR.message);
  peer.on('data', show);
  said.pipe(peer);
}

function greets(said: PassThrough, show: (data: Buffer) => void): Promise<boolean> {
  return greetViewer(said, show).then(
    () => true,
    () => false,
  );
}
