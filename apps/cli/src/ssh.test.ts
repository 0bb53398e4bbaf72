/** Against a real SSH server of this process, and a real shell behind it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import ssh2, { type Connection } from 'ssh2';
import { quoteWords, runRemote, type SshTarget } from './ssh.ts';

const hostKey = ssh2.utils.generateKeyPairSync('ed25519');
const userKey = ssh2.utils.generateKeyPairSync('ed25519');
const otherKey = ssh2.utils.generateKeyPairSync('ed25519');
const connections = new Set<Connection>();
const server = new ssh2.Server({ hostKeys: [hostKey.private] }, serve);
let target: SshTarget;

function serve(connection: Connection): void {
  connections.add(connection);
  const allowed = ssh2.utils.parseKey(userKey.public);
  if (allowed instanceof Error || Array.isArray(allowed)) throw new Error('the public key does not parse');
  connection.on('authentication', (attempt) => {
    if (attempt.method !== 'publickey' || !attempt.key.data.equals(allowed.getPublicSSH())) attempt.reject(['publickey']);
    else attempt.accept();
  });
  connection.on('error', () => undefined);
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      const shell = spawn('/bin/sh', ['-c', command]);
      channel.pipe(shell.stdin);
      shell.stdin.on('error', () => undefined);
      shell.stdout.pipe(channel, { end: false });
      shell.stderr.pipe(channel.stderr, { end: false });
      shell.on('close', (code) => {
        channel.exit(code ?? 1);
        channel.end();
      });
    });
  });
}

async function run(command: string, stdin: string | Readable | null = null, to = target) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runRemote(to, command, { stdin, stdout: (text) => (stdout += text), stderr: (text) => (stderr += text) });
  return { exitCode, stdout, stderr };
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = z.object({ port: z.int() }).parse(server.address());
  target = { user: 'candidate', host: '127.0.0.1', port: address.port, hostKey: hostKey.public, privateKey: userKey.private };
});
afterAll(() => {
  for (const connection of connections) connection.end();
  server.close();
});

describe('runRemote', () => {
  it('brings back both streams and the exit code', async () => {
    expect(await run('echo out; echo err >&2; exit 7')).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('passes standard input on, to its end', async () => {
    expect(await run('cat; echo done', 'äöü\n')).toMatchObject({ exitCode: 0, stdout: 'äöü\ndone\n' });
    expect((await run('wc -c', Readable.from(['a'.repeat(300_000)]))).stdout.trim()).toBe('300000');
  });

  it('ends with the command although standard input does not', async () => {
    const open = new Readable({ read: () => undefined });
    expect(await run('exit 3', open)).toMatchObject({ exitCode: 3 });
    expect(open.destroyed).toBe(true);
  });

  it('answers 255 when the terminal is closed under the command', async () => {
    const up = Promise.withResolvers<string>();
    const running = runRemote(target, 'echo up; exec sleep 30', { stdin: null, stdout: up.resolve, stderr: () => undefined });
    expect(await up.promise).toBe('up\n');
    for (const connection of connections) connection.end();
    expect(await running).toBe(255);
  });

  it('refuses a host with another key, and is refused with another key', async () => {
    await expect(run('true', null, { ...target, hostKey: otherKey.public })).rejects.toMatchObject({ code: 'TERMINAL_UNREACHABLE' });
    await expect(run('true', null, { ...target, hostKey: '' })).rejects.toMatchObject({ code: 'TERMINAL_UNREACHABLE' });
    await expect(run('true', null, { ...target, privateKey: otherKey.private })).rejects.toMatchObject({ code: 'TERMINAL_UNREACHABLE' });
  });
});

describe('quoteWords', () => {
  it.each([
    [['echo', 'a b', '$HOME', "it's", '"', '*', '', '-n', 'a\nb']],
    [['kubectl', 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}']],
    [['ä', '`id`', ';', '\\', '!', '~']],
  ])('a shell reads exactly %j', async (words) => {
    const { stdout } = await run(quoteWords(['printf', '%s\\0', ...words]));
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });
});
