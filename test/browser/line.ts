/** The line between a browser and a server, which can be cut: a cable that is pulled, not a server that says goodbye. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  /** Where it leads; nowhere before. */
  to(port: number): void;
  /** Nothing goes through any more, and nothing is told to either side. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openLine(): Promise<Line> {
  let target: number | null = null;
  let isCut = false;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (isCut || target === null) {
      socket.destroy();
      return;
    }
    const peer = connect(target, '127.0.0.1');
    const ends: readonly [Socket, Socket][] = [
      [socket, peer],
      [peer, socket],
    ];
    for (const [one, other] of ends) {
      sockets.add(one);
      one.on('data', (data: Buffer) => {
        if (!isCut && !other.write(data)) one.pause();
      });
      one.on('drain', () => other.resume());
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        if (!isCut) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    to: (where) => {
      target = where;
    },
    cut: () => {
      isCut = true;
    },
    mend: () => {
      // What was lost while it was cut never comes: those connections are of no use.
      for (const socket of sockets) socket.destroy();
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
