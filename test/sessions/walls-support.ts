/** Guests of the walls' tests: sessions of users of their own, and what each can try against another. */
import { request } from 'node:https';
import { once } from 'node:events';
import { ExamPorts, SessionView, type ExamSessionId, type SessionPorts, type SshKey } from '@ckx/contracts';
import { openShell, shellExec, type ApiClient } from '@ckx/test-support/client';
import Docker from 'dockerode';
import ssh2 from 'ssh2';

const docker = new Docker();

export interface Guest {
  readonly client: ApiClient;
  readonly id: ExamSessionId;
  readonly key: SshKey;
  readonly shell: ssh2.Client;
  readonly ports: SessionPorts;
  readonly environmentId: string;
  readonly gateway: string;
  readonly node: string;
  readonly terminal: string;
  /** The candidate's own, as it is in the terminal. */
  readonly kubeconfig: string;
  /** Private key that the terminal holds for the node. */
  readonly nodeKey: string;
}

/** A session that runs, of a user of its own, with its shell open. */
export async function settle(client: ApiClient, id: ExamSessionId): Promise<Guest> {
  await client.waitForState(id, 'ready', 240_000);
  await client.send('POST', `/sessions/${id}/start`);
  await client.waitForState(id, 'running');
  const view = await client.get(`/sessions/${id}`, SessionView);
  const { ports } = await client.get(`/exams/${id}/ports`, ExamPorts);
  const key = await client.sshKey(id);
  const shell = await openShell(key);
  const out = async (command: string) => (await shellExec(shell, command)).stdout;
  const [node, terminal] = await Promise.all([networkOf(`ckx-node-${id}`), networkOf(`ckx-ssh-${id}`)]);
  return {
    client,
    id,
    key,
    shell,
    ports,
    environmentId: view.executionEnvironmentId ?? '',
    gateway: node.Gateway,
    node: node.IPAddress,
    terminal: terminal.IPAddress,
    kubeconfig: await out('cat ~/.kube/config'),
    nodeKey: await out('cat ~/.ssh/id_ed25519'),
  };
}

async function networkOf(name: string): Promise<Docker.NetworkInfo> {
  const { NetworkSettings } = await docker.getContainer(name).inspect();
  const [network] = Object.values(NetworkSettings.Networks);
  if (network === undefined) throw new Error(`${name} has no network`);
  return network;
}

/** A place in a session from which connections are tried: the terminal, or root on its node. */
export const PLACES = { terminal: 'bash -s', node: 'ssh controlplane sudo bash -s' } as const;

/** Which of these connections can be made from there, and which of these names are known. */
export async function reached(
  from: Guest,
  place: keyof typeof PLACES,
  targets: Readonly<Record<string, readonly [address: string, port: number]>>,
  names: readonly string[],
): Promise<string[]> {
  const script = [
    ...Object.entries(targets).map(
      ([what, [address, port]]) => `(timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo "${what}") &`,
    ),
    ...names.map((name) => `(getent hosts ${name} >/dev/null && echo "${name}") &`),
    'wait',
  ].join('\n');
  const { stdout } = await shellExec(from.shell, PLACES[place], script);
  return stdout.split('\n').filter(Boolean).sort();
}

/** Whether an SSH server lets this key in. */
export async function letsIn(host: string, port: number, username: string, privateKey: string): Promise<boolean> {
  const client = new ssh2.Client();
  const ready = once(client, 'ready');
  client.connect({ host, port, username, privateKey, readyTimeout: 10_000 });
  return ready
    .then(
      () => true,
      () => false,
    )
    .finally(() => client.end());
}

const field = (kubeconfig: string, name: string) => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? '', 'base64');

/**
 * Asks an API server for the secrets of kube-system, as the holder of a kubeconfig.
 *
 * @param trusting takes whatever certificate the server shows.
 * @returns the answer's status, or the error's code where there was none.
 */
export function askForSecrets(kubeconfig: string, port: number, trusting: boolean): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/v1/namespaces/kube-system/secrets',
        servername: 'controlplane',
        ca: field(kubeconfig, 'certificate-authority-data'),
        cert: field(kubeconfig, 'client-certificate-data'),
        key: field(kubeconfig, 'client-key-data'),
        rejectUnauthorized: !trusting,
        agent: false,
        timeout: 10_000,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

export interface Heart {
  /** Beats so far. */
  readonly beats: number;
  /** The slowest answer, milliseconds. */
  readonly slowestMs: number;
  /** What went wrong, with its time; empty where nothing did. */
  readonly faults: readonly string[];
  /** Ends the beats. @returns the longest pause of a program in the candidate's own tmux, milliseconds */
  stop(): Promise<number>;
}

const BEAT_MS = 1_000;

/** Uses a session as its candidate would, once a second over one connection: Kubernetes asked, and a program going on in tmux. */
export async function beat({ key, shell }: Guest): Promise<Heart> {
  const connection = await openShell(key);
  await shellExec(shell, `tmux new-session -d -s beats 'while :; do date +%s%3N >> ~/beats; sleep 0.2; done'`);
  const faults: string[] = [];
  const fault = (what: string) => void faults.push(`${new Date().toISOString()} ${what}`);
  connection.on('close', () => going && fault('the connection was closed')).on('error', (error) => fault(error.message));
  let going = true;
  let beats = 0;
  let slowestMs = 0;
  const loop = (async () => {
    while (going) {
      const askedAt = performance.now();
      const { exitCode, stdout, stderr } = await shellExec(connection, 'kubectl get --raw /readyz --request-timeout=10s');
      if (exitCode !== 0 || stdout !== 'ok') fault(`${exitCode} ${stdout}${stderr}`);
      beats += 1;
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - askedAt));
      await new Promise((done) => setTimeout(done, Math.max(0, BEAT_MS - (performance.now() - askedAt))));
    }
  })().catch((error: unknown) => fault(String(error)));
  return {
    get beats() {
      return beats;
    },
    get slowestMs() {
      return slowestMs;
    },
    faults,
    stop: async () => {
      going = false;
      await loop;
      connection.end();
      const times = (await shellExec(shell, 'cat ~/beats')).stdout.trim().split('\n').map(Number);
      return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
    },
  };
}
