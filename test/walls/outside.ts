/** The internet, as far as a test needs it: a network namespace behind this machine, with somebody who answers. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

export interface Outside {
  /** A public address (kept for documentation, RFC 5737). */
  readonly address: string;
  /** This machine as seen from there. */
  readonly gateway: string;
  /** The clouds' metadata address, answered from there; null where this machine has such a service already. */
  readonly special: string | null;
  readonly port: number;
  /** Whether a connection from there, over this machine as its router, is made. */
  reaches(address: string, port: number): Promise<boolean>;
  close(): Promise<void>;
}

const PORT = 8_099;
const METADATA = '169.254.169.254';
const SERVER = `require('node:net').createServer((socket) => socket.on('error', () => undefined).end('here\\n')).listen(${PORT}, () => console.log('listening'))`;

/** @param offset a multiple of 4 below 256: which addresses it takes. */
export async function openOutside(offset: number): Promise<Outside> {
  const name = `ckxw${randomBytes(3).toString('hex')}`;
  const link = `w${randomBytes(4).toString('hex')}`;
  const gateway = `203.0.113.${offset + 1}`;
  const address = `203.0.113.${offset + 2}`;
  const special = (await isAnswered(METADATA)) ? null : METADATA;
  await ip('netns', 'add', name);
  await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  await ip('addr', 'add', `${gateway}/30`, 'dev', link);
  await ip('link', 'set', link, 'up');
  await ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', 'eth0');
  await ip('-n', name, 'link', 'set', 'eth0', 'up');
  await ip('-n', name, 'link', 'set', 'lo', 'up');
  await ip('-n', name, 'route', 'add', 'default', 'via', gateway);
  if (special !== null) {
    await ip('-n', name, 'addr', 'add', `${special}/32`, 'dev', 'lo');
    await ip('route', 'add', `${special}/32`, 'via', address, 'dev', link);
  }
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  return {
    address,
    gateway,
    special,
    port: PORT,
    reaches: (target, port) =>
      run('ip', ['netns', 'exec', name, 'timeout', '2', 'bash', '-c', `exec 3<>/dev/tcp/${target}/${port}`]).then(
        () => true,
        () => false,
      ),
    close: async () => {
      server.kill();
      await once(server, 'exit');
      // The link and its routes go with it.
      await ip('netns', 'del', name);
    },
  };
}

function isAnswered(address: string): Promise<boolean> {
  return run('timeout', ['1', 'bash', '-c', `exec 3<>/dev/tcp/${address}/80`]).then(
    () => true,
    () => false,
  );
}
