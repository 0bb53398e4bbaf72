import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CkxError, CONNECTION_ENDS } from '@ckx/contracts';
import type { RawData } from 'ws';
import type { Connection } from './connection.ts';
import { bytesOf } from './terminal.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** What may wait for the client, or for the desktop, before the other side is not read from any more. */
const WAITING_BYTES = 512 * 1024;

/** Opens the session's VNC port. @throws CkxError operational `UNREACHABLE`. */
export async function openDesktop(host: string, port: number): Promise<Socket> {
  const peer = connect({ host, port, noDelay: true, timeout: CONNECT_TIMEOUT_MS });
  peer.once('timeout', () => peer.destroy(new Error('no answer')));
  try {
    await once(peer, 'connect');
  } catch (cause) {
    throw new CkxError('operational', 'UNREACHABLE', CONNECTION_ENDS.UNREACHABLE.message, { cause });
  }
  peer.setTimeout(0);
  peer.setKeepAlive(true, 10_000);
  peer.on('error', () => peer.destroy());
  return peer;
}

/** Passes bytes both ways, as fast as the slower side takes them, until either ends. */
export function joinDesktop(connection: Connection, peer: Socket): void {
  const { socket } = connection;
  peer.on('data', (data: Buffer) => {
    connection.bytesOut += data.length;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(data, () => {
      if (socket.bufferedAmount < WAITING_BYTES / 2) peer.resume();
    });
    if (socket.bufferedAmount > WAITING_BYTES) peer.pause();
  });
  peer.on('drain', () => socket.resume());
  socket.on('message', (data: RawData) => {
    connection.heard();
    const bytes = bytesOf(data);
    connection.bytesIn += bytes.length;
    if (!peer.writable) return;
    peer.write(bytes);
    if (peer.writableLength > WAITING_BYTES) socket.pause();
  });
}
