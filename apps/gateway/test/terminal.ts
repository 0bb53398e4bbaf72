/** The terminal image alone, as the gateway meets it: an SSH server on a port of this machine, with a key of the gateway's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { newSshKeyPair, readContainerSettings } from '@ckx/execution-environment';
import { freePort } from '@ckx/toolchain';
import Docker from 'dockerode';

const MIB = 2 ** 20;

export interface TestTerminal extends AsyncDisposable {
  readonly port: number;
  readonly hostKey: string;
  readonly privateKey: string;
  /** Runs a script as root. */
  inside(script: string, user?: string): Promise<string>;
}

/** @param image the one that the test command built, and the engine that answers here, where not given. */
export async function startTerminal(image = process.env['CKX_TERMINAL_IMAGE'] ?? '', docker = new Docker()): Promise<TestTerminal> {
  const port = await freePort();
  const container = await docker.createContainer({
    Image: image,
    Hostname: 'terminal',
    Volumes: { '/home/candidate': {}, '/tmp/exam': {} },
    ExposedPorts: { '22/tcp': {} },
    HostConfig: {
      ...(await readContainerSettings('terminal')),
      // As a session's terminal has: a flood is not to be answered by more than it may use.
      Memory: 512 * MIB,
      CpuPeriod: 100_000,
      CpuQuota: 50_000,
      PidsLimit: 512,
      PortBindings: { '22/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  const dispose = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const inside = async (script: string, user = 'root') => {
      const exec = await container.exec({ Cmd: ['bash', '-c', script], User: user, Tty: true, AttachStdout: true, AttachStderr: true });
      return (await text(await exec.start({ hijack: true, stdin: false, Tty: true }))).replaceAll('\r', '').trim();
    };
    const key = newSshKeyPair();
    await inside(`echo '${key.public}' >/etc/ckx/authorized_keys`);
    let hostKey = '';
    for (let tries = 0; tries < 200 && !hostKey.startsWith('ssh-ed25519 '); tries += 1) {
      await sleep(100);
      hostKey = await inside('pgrep -x sshd >/dev/null && cat /etc/ssh/ssh_host_ed25519_key.pub');
    }
    return { port, hostKey, privateKey: key.private, inside, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
