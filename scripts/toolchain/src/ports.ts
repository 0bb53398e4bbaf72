/** TCP ports of this machine. */
import { createServer } from 'node:net';
import { CkxError } from '@ckx/contracts';
import { hasCode } from './lock.ts';

/** A port on loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return tryPort(0);
}

/** @throws CkxError `PORT_IN_USE` that names what wanted the port. */
export async function requireFreePort(port: number, wantedBy: string, remedy: string): Promise<void> {
  try {
    await tryPort(port);
  } catch (cause) {
    if (!hasCode(cause, 'EADDRINUSE')) throw cause;
    throw new CkxError('operational', 'PORT_IN_USE', `Port ${port}, which ${wantedBy} wants, is in use.`, { remedy, cause });
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
