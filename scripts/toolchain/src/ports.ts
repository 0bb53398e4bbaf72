/** TCP ports of this machine. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { CkxError } from '@ckx/contracts';
import { hasCode } from './lock.ts';

/**
 * Below the ports that Linux and macOS give to outgoing connections (ip(7), `ip_local_port_range`): one of those may be taken between the look
 * at it and its use.
 */
const CHOICE = { first: 28_000, last: 32_000 };
const given = new Set<number>();

/** A port on loopback that was free a moment ago; none is given twice by one process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(CHOICE.first, CHOICE.last + 1);
    if (given.has(port)) continue;
    given.add(port);
    try {
      return await tryPort(port);
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error;
    }
  }
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
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(port)));
  });
}
