/** Containers of the images as they are, each with the settings that its folder asks for, and nothing of a provider around them. */
import { randomInt, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { readContainerSettings, startContainer } from '@ckx/execution-environment';
import Docker from 'dockerode';
import { z } from 'zod';

/** Set by the test command, which builds the images. */
const { CKX_NODE_IMAGE, CKX_TERMINAL_IMAGE } = z
  .object({ CKX_NODE_IMAGE: z.string().min(1), CKX_TERMINAL_IMAGE: z.string().min(1) })
  .parse(process.env);

const MIB = 2 ** 20;
const docker = new Docker();

/** A network with containers, all of it removed at the end. */
export interface Bench extends AsyncDisposable {
  node(): Promise<Docker.Container>;
  /** @param ports of the host → 22. */
  terminal(hostPort: number): Promise<Docker.Container>;
  /** The same image with its other command, on the terminal's volumes. */
  toolbox(terminal: Docker.Container): Promise<Docker.Container>;
}

export async function openBench(): Promise<Bench> {
  const name = `ckx-images-${randomUUID().slice(0, 8)}`;
  const prefix = `10.216.${randomInt(256)}`;
  const network = await docker.createNetwork({ Name: name, IPAM: { Config: [{ Subnet: `${prefix}.0/24` }] } });
  const containers: Docker.Container[] = [];
  const run = async (options: Docker.ContainerCreateOptions, host: Docker.HostConfig) => {
    const address = `${prefix}.${containers.length + 10}`;
    const container = await docker.createContainer({
      ...options,
      HostConfig: { ...host, NetworkMode: name },
      NetworkingConfig: { EndpointsConfig: { [name]: { IPAMConfig: { IPv4Address: address } } } },
    });
    containers.push(container);
    await startContainer(container);
    return container;
  };
  return {
    node: async () =>
      run(
        { Image: CKX_NODE_IMAGE, Hostname: 'controlplane' },
        { ...(await readContainerSettings('node')), Memory: 4_096 * MIB, CpuPeriod: 100_000, CpuQuota: 200_000, PidsLimit: 4_096 },
      ),
    terminal: async (hostPort) =>
      run(
        {
          Image: CKX_TERMINAL_IMAGE,
          Hostname: 'terminal',
          Volumes: { '/home/candidate': {}, '/tmp/exam': {} },
          ExposedPorts: { '22/tcp': {} },
        },
        {
          ...(await readContainerSettings('terminal')),
          Memory: 512 * MIB,
          PortBindings: { '22/tcp': [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }] },
          ExtraHosts: [`controlplane:${prefix}.10`],
        },
      ),
    toolbox: (terminal) => run({ Image: CKX_TERMINAL_IMAGE, Cmd: ['toolbox'] }, { VolumesFrom: [terminal.id] }),
    [Symbol.asyncDispose]: async () => {
      for (const container of containers.reverse()) await container.remove({ force: true, v: true });
      await network.remove();
    },
  };
}

export interface Said {
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
}

/** Runs a script in a login shell. */
export async function inside(container: Docker.Container, script: string, user = 'root'): Promise<Said> {
  const exec = await container.exec({ Cmd: ['bash', '-lc', script], User: user, Tty: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false, Tty: true });
  const output = (await text(stream)).replaceAll('\r', '').trim();
  return { code: (await exec.inspect()).ExitCode, output };
}

/** Repeats a script until it exits with 0. @throws with what it said last when `timeoutMs` is over. */
export async function until(container: Docker.Container, script: string, timeoutMs: number, user?: string): Promise<string> {
  const givenUpAt = performance.now() + timeoutMs;
  for (;;) {
    const said = await inside(container, script, user);
    if (said.code === 0) return said.output;
    if (performance.now() > givenUpAt) throw new Error(`After ${timeoutMs} ms still: ${script}\n${said.output}`);
    await delay(300);
  }
}

export async function killAndStart(container: Docker.Container): Promise<void> {
  await container.kill({ signal: 'SIGKILL' });
  await container.wait();
  await startContainer(container);
}
