/** The terminal: credentials put in, the way in opened, and closed again. */
import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { knownHost, KnownMachine, nodesOf, type EnvironmentFacts, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import ssh2 from 'ssh2';
import { z } from 'zod';
import type { WaitOptions } from '../provider.ts';
import { normalisePublicKey } from '../ssh-keys.ts';
import { getFile, putEntries } from './archive.ts';
import { inspect, whileRunning } from './containers.ts';
import type { DockerContext } from './context.ts';
import { runOwn } from './exec.ts';
import { letGatewayIn } from './gateway-key.ts';
import { HOST_KEY, untilFile } from './host-key.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { authorizeOnMachines, closeMachines, openMachines } from './machines.ts';
import { addressesIn, containerName, hostName } from './naming.ts';
import { untilRelayLeads } from './shared/relay.ts';

/** Where the terminal image keeps what it makes at its first start, and what it reads. */
export const TERMINAL_PATHS = {
  /** Host key, fresh per container. */
  hostKey: HOST_KEY,
  /** The candidate's key to the nodes. */
  nodeKey: '/home/candidate/.ssh/id_ed25519.pub',
  /** Keys that sshd accepts for the candidate. */
  authorizedKeys: '/etc/ckx/authorized_keys',
  /** Once the introductions of a warm environment were made: what they made known. */
  introduced: '/etc/ckx/introduced',
};

/** The user `candidate` of the terminal image. */
const CANDIDATE = { uid: 1_000, gid: 1_000 };

const RETRY_MS = 100;

function terminalOf({ docker }: DockerContext, spec: EnvironmentSpec): Docker.Container {
  return docker.getContainer(containerName(spec.examSessionId, 'terminal'));
}

/**
 * Gives the candidate a kubeconfig and the way into the nodes, and waits until the terminal's sshd answers on its published port.
 *
 * @returns public facts to record, the host key for clients to pin among them.
 */
export async function openTerminal(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<EnvironmentFacts> {
  const terminal = terminalOf(context, spec);
  const nodes = nodesOf(spec.needs);
  return whileRunning(
    terminal,
    options,
    () => 'the terminal',
    async (signal) => {
      const [{ sshHostKey, machines }, terminalKey] = await Promise.all([
        introduced(context, spec, terminal, signal),
        context.gatewayKey &&
          letGatewayIn(terminal, spec, { gateway: context.gatewayKey, authorizedKeys: TERMINAL_PATHS.authorizedKeys, signal }),
      ]);
      await Promise.all([
        untilHandshake(context.hostAddress, spec.ports.sshTerminal, sshHostKey, signal),
        spec.needs.cluster === 'namespace' && untilRelayLeads(context, spec, signal),
      ]);
      return {
        sshHostKey: normalisePublicKey(sshHostKey),
        ...(terminalKey !== undefined && { terminalKey }),
        nodes: nodes.map((node) => ({ name: hostName(node), address: addressesIn(spec.subnet)[node] })),
        machines,
      };
    },
  );
}

/** What terminal and machines are known by. */
const Introductions = z.object({ sshHostKey: z.string(), machines: z.array(KnownMachine) });
type Introductions = z.infer<typeof Introductions>;

/** The introductions, made where they were not before, while the environment waited for its session. */
async function introduced(context: DockerContext, spec: EnvironmentSpec, terminal: Docker.Container, signal: AbortSignal) {
  const before = spec.bornWarm === true ? await getFile(terminal, TERMINAL_PATHS.introduced) : null;
  return before === null ? introduce(context, spec, terminal, signal) : Introductions.parse(JSON.parse(before));
}

/** Makes terminal and machines known to each other, and gives the candidate a kubeconfig. */
async function introduce(
  context: DockerContext,
  spec: EnvironmentSpec,
  terminal: Docker.Container,
  signal: AbortSignal,
): Promise<Introductions> {
  const [sshHostKey, nodeKey, kubeconfig] = await Promise.all([
    untilFile(terminal, TERMINAL_PATHS.hostKey, signal),
    untilFile(terminal, TERMINAL_PATHS.nodeKey, signal),
    kubeconfigOf(context, spec, 'candidate'),
  ]);
  const [machines] = await Promise.all([openMachines(context, spec, nodeKey, signal), kubeconfig && putKubeconfig(terminal, kubeconfig)]);
  const known = machines.map((machine) => `${knownHost(machine)}\n`).join('');
  await putEntries(terminal, '/etc/ssh', [{ path: 'ssh_known_hosts', mode: 0o644, content: known }]);
  return { sshHostKey, machines };
}

/** All of a terminal that needs no session, of an environment that waits for one. The gateway is let in when it is known whose it is. */
export async function prepareTerminal(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
  const terminal = terminalOf(context, spec);
  await whileRunning(
    terminal,
    options,
    () => 'the terminal',
    async (signal) => {
      const content = JSON.stringify(await introduce(context, spec, terminal, signal));
      const { dir, base } = posix.parse(TERMINAL_PATHS.introduced);
      await putEntries(terminal, dir, [{ path: base, mode: 0o600, content }]);
    },
  );
}

function putKubeconfig(terminal: Docker.Container, content: string): Promise<void> {
  return putEntries(terminal, '/home/candidate', [
    { path: '.kube', mode: 0o750, ...CANDIDATE },
    { path: '.kube/config', mode: 0o600, ...CANDIDATE, content },
  ]);
}

/** Returns when a terminal that was opened before answers, with the key that it had. */
export async function awaitTerminal(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
  const terminal = terminalOf(context, spec);
  const work = async (signal: AbortSignal) => {
    const hostKey = await untilFile(terminal, TERMINAL_PATHS.hostKey, signal);
    await untilHandshake(context.hostAddress, spec.ports.sshTerminal, hostKey, signal);
  };
  await whileRunning(terminal, options, () => 'the terminal', work);
}

/** Returns when an SSH server with this host key answers. Nobody logs in: the key is proven before that. */
async function untilHandshake(host: string, port: number, hostKey: string, signal: AbortSignal): Promise<void> {
  const expected = Buffer.from(normalisePublicKey(hostKey).split(' ')[1] ?? '', 'base64');
  for (;;) {
    signal.throwIfAborted();
    if (await answersWith(host, port, expected)) return;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

async function answersWith(host: string, port: number, expected: Buffer): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const client = new ssh2.Client();
  let proven = false;
  client.on('ready', () => resolve(proven));
  // Refused at the login, as it should be: the handshake before it has proven the key.
  client.on('error', () => resolve(proven));
  client.on('close', () => resolve(proven));
  client.connect({
    host,
    port,
    username: 'candidate',
    readyTimeout: 5_000,
    algorithms: { serverHostKey: ['ssh-ed25519'] },
    hostVerifier: (key: Buffer) => (proven = key.equals(expected)),
  });
  try {
    return await promise;
  } finally {
    client.end();
  }
}

/** Lets one more key in. A key that is there already is not added twice. */
export async function authorizeKey(context: DockerContext, spec: EnvironmentSpec, publicKey: string): Promise<void> {
  const key = normalisePublicKey(publicKey);
  const authorize = `grep -qxF "$1" ${TERMINAL_PATHS.authorizedKeys} 2>/dev/null || printf '%s\\n' "$1" >>${TERMINAL_PATHS.authorizedKeys}`;
  await Promise.all([
    runOwn(terminalOf(context, spec), authorize, [key], AbortSignal.timeout(30_000)),
    authorizeOnMachines(context, spec, key),
  ]);
}

/** Ends all processes of the candidate and every SSH connection in the terminal, until none is left. */
const END_IN_TERMINAL = `
: >${TERMINAL_PATHS.authorizedKeys}
for _ in $(seq 50); do
  pkill -KILL -u candidate || true
  # Of sshd only the listener stays; it is the container's main process.
  pkill -KILL -f '^sshd(-session)?: (candidate|\\[|unknown)' || true
  pgrep -u candidate >/dev/null || exit 0
  sleep 0.05
done
echo 'processes of the candidate would not end' >&2
exit 1`;

/**
 * Takes every key away and ends every process of the candidate. The cluster stays as it is.
 *
 * @throws CkxError operational, where processes in the terminal would not end.
 */
export async function closeTerminal(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  const terminal = terminalOf(context, spec);
  const info = await inspect(terminal);
  await Promise.all([
    ...(info?.State.Running === true ? [runOwn(terminal, END_IN_TERMINAL, [], AbortSignal.timeout(30_000))] : []),
    closeMachines(context, spec),
  ]);
}
