/** A provider of tests on the real engine, whose every resource is removed at the end. */
import { randomInt, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentSpec } from '@ckx/contracts';
import { DockerProvider, type DockerProviderOptions, type ExecResult, newSshKeyPair } from '@ckx/execution-environment';
import { createLogger } from '@ckx/logging';
import { freePort } from '@ckx/toolchain';
import Docker from 'dockerode';
import ssh2 from 'ssh2';
import { z } from 'zod';

/** Set by the test command, which builds the images. */
const Images = z.object({
  CKX_NODE_IMAGE: z.string().min(1),
  CKX_TERMINAL_IMAGE: z.string().min(1),
  CKX_DESKTOP_IMAGE: z.string().min(1).default('not built'),
  CKX_ENGINE_IMAGE: z.string().min(1).optional(),
});

/** Of this process: beside those of others on the same engine. */
const SUBNET_POOL = `10.217.${randomInt(256)}.0/24`;

export interface TestEngine extends AsyncDisposable {
  readonly provider: DockerProvider;
  readonly docker: Docker;
  readonly installation: string;
  readonly workDir: string;
  /** Names of what is left of this test's installation. */
  remains(): Promise<string[]>;
}

/** A provider of an installation of tests, as another process of its host would have one. */
export function testProvider(
  { installation, workDir }: Pick<TestEngine, 'installation' | 'workDir'>,
  more: Pick<DockerProviderOptions, 'gatewayKey' | 'capacity'>,
): Promise<DockerProvider> {
  const images = Images.parse(process.env);
  return DockerProvider.open({
    dockerHost: process.env['DOCKER_HOST'],
    logger: createLogger('test', 'warn'),
    installation,
    hostAddress: '127.0.0.1',
    jumphostAddress: '127.0.0.1',
    images: {
      node: images.CKX_NODE_IMAGE,
      terminal: images.CKX_TERMINAL_IMAGE,
      desktop: images.CKX_DESKTOP_IMAGE,
      engine: images.CKX_ENGINE_IMAGE,
    },
    workDir,
    subnetPool: SUBNET_POOL,
    ...more,
  });
}

/** @param gatewayKey the public key that secrets for the gateway are sealed to. */
export async function testEngine(gatewayKey?: KeyObject): Promise<TestEngine> {
  const installation = `test-${randomUUID().slice(0, 8)}`;
  const workDir = await mkdtemp(join(tmpdir(), 'ckx-engine-test-'));
  const provider = await testProvider({ installation, workDir }, { gatewayKey });
  const docker = new Docker();
  const remains = async () => {
    const filters = { label: [`ckx.installation=${installation}`] };
    const containers = await docker.listContainers({ all: true, filters });
    const networks = await docker.listNetworks({ filters });
    const { Volumes } = await docker.listVolumes({ filters });
    return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name), ...Volumes.map(({ Name }) => Name)];
  };
  return {
    provider,
    docker,
    installation,
    workDir,
    remains,
    [Symbol.asyncDispose]: async () => {
      for (const { executionEnvironmentId } of await provider.list()) await provider.destroy(executionEnvironmentId);
      await provider.removeSharedNode();
      await rm(workDir, { recursive: true, force: true });
    },
  };
}

export async function testSpec(): Promise<EnvironmentSpec> {
  return EnvironmentSpec.parse({
    userId: randomUUID(),
    examSessionId: randomUUID(),
    executionEnvironmentId: randomUUID(),
    hostId: 'test',
    needs: {},
    subnet: `10.215.${randomInt(256)}.${randomInt(4) * 64}/26`,
    ports: { vnc: await freePort(), sshTerminal: await freePort(), sshJumphost: await freePort(), k8sApi: await freePort() },
  });
}

/** Builds an environment, and opens a connection to its terminal as its candidate would. */
export async function testShell({ provider }: TestEngine, spec: EnvironmentSpec): Promise<ssh2.Client> {
  const patiently = { signal: new AbortController().signal };
  const key = newSshKeyPair();
  await provider.create(spec, patiently);
  await provider.awaitMilestone(spec, 'workloads', patiently);
  const { sshHostKey } = await provider.openTerminal(spec, patiently);
  await provider.authorizeKey(spec, key.public);
  return sshConnect(spec.ports.sshTerminal, key.private, sshHostKey);
}

/** A connection as the candidate's own SSH client would open it. @throws the client's error where it is refused. */
export async function sshConnect(port: number, privateKey: string, hostKey: string): Promise<ssh2.Client> {
  const pinned = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
  const client = new ssh2.Client();
  const ready = once(client, 'ready');
  client.connect({
    host: '127.0.0.1',
    port,
    username: 'candidate',
    privateKey,
    readyTimeout: 10_000,
    hostVerifier: (key: Buffer) => key.equals(pinned),
  });
  await ready;
  return client;
}

export async function sshRun(client: ssh2.Client, command: string): Promise<Pick<ExecResult, 'exitCode' | 'stdout' | 'stderr'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<ExecResult, 'exitCode' | 'stdout' | 'stderr'>>();
  client.exec(command, (error, stream) => {
    if (error !== undefined) return reject(error);
    const output = { stdout: '', stderr: '' };
    stream.on('data', (data: Buffer) => (output.stdout += data.toString()));
    stream.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
    stream.on('close', (exitCode: number | null) => resolve({ exitCode, ...output }));
  });
  return promise;
}
