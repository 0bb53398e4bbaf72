/** The machines of a session, into which its candidate goes from the terminal: the nodes of its cluster, and a Docker engine of its own. */
import { CkxError, type EnvironmentSpec, type KnownMachine } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ToolboxRole } from '../provider.ts';
import { newSshKeyPair, normalisePublicKey } from '../ssh-keys.ts';
import { putEntries } from './archive.ts';
import { inspect } from './containers.ts';
import type { DockerContext } from './context.ts';
import { runOwn } from './exec.ts';
import { HOST_KEY, untilFile } from './host-key.ts';
import { addressesIn, containerName, hostName, machinesOf } from './naming.ts';

type Machine = ReturnType<typeof machinesOf>[number];

/** Homes of those whom a machine lets in. On nodes the candidate is somebody, with `sudo` to be root, as in the real exams. */
const HOMES: Readonly<Record<'node' | 'engine', readonly { path: string; uid: number }[]>> = {
  node: [
    { path: '/root', uid: 0 },
    { path: '/home/candidate', uid: 1_000 },
  ],
  engine: [{ path: '/root', uid: 0 }],
};

function machinesIn({ docker }: DockerContext, spec: EnvironmentSpec) {
  return machinesOf(spec.needs).map((machine) => ({
    machine,
    container: docker.getContainer(containerName(spec.examSessionId, machine)),
  }));
}

const homesOf = (machine: Machine) => HOMES[machine === 'engine' ? 'engine' : 'node'];

/**
 * Lets one key, the terminal's, into each machine.
 *
 * @returns what to know the machines by: no question is asked at the first connection.
 */
export async function openMachines(
  context: DockerContext,
  spec: EnvironmentSpec,
  key: string,
  signal: AbortSignal,
): Promise<KnownMachine[]> {
  const addresses = addressesIn(spec.subnet);
  return Promise.all(
    machinesIn(context, spec).map(async ({ machine, container }) => {
      await putKeys(machine, container, `${normalisePublicKey(key)} candidate\n`);
      const hostKey = normalisePublicKey(await untilFile(container, HOST_KEY, signal));
      return { name: hostName(machine), address: addresses[machine], hostKey };
    }),
  );
}

/** Whom a machine lets in: nobody where empty. */
async function putKeys(machine: Machine, container: Docker.Container, content: string): Promise<void> {
  for (const { path, uid } of homesOf(machine)) {
    await putEntries(container, path, [
      { path: '.ssh', mode: 0o700, uid, gid: uid },
      { path: '.ssh/authorized_keys', mode: 0o600, uid, gid: uid, content },
    ]);
  }
}

const AUTHORIZE = `
key=$1; shift
for home; do
  file=$home/.ssh/authorized_keys
  grep -qxF "$key" "$file" 2>/dev/null || printf '%s\\n' "$key" >>"$file"
done`;

/**
 * Lets one key more into each machine, for whoever goes through the terminal with a client of their own (`ssh -J`). A machine that its
 * candidate has broken, or that starts just now, is left out, and said to be.
 */
export async function authorizeOnMachines(context: DockerContext, spec: EnvironmentSpec, key: string): Promise<void> {
  await Promise.all(
    machinesIn(context, spec).map(({ machine, container }) => {
      const homes = homesOf(machine).map(({ path }) => path);
      return unlessBroken(context, spec, container, AUTHORIZE, [key, ...homes], 'a machine did not take a key');
    }),
  );
}

/** For scripts of a pack: root on each machine. Whom they speak to, the candidate could be in any case, who is root there too. */
const SCRIPTS_TO_MACHINES = `Host controlplane node0* docker
  User root
  IdentityFile /root/.ssh/id_ed25519
  IdentitiesOnly yes
`;

/**
 * Lets a toolbox into each machine as root, with a key that is made for it, and is nowhere once it is closed. The machines keep the public half in a
 * file beside the candidate's keys (images: `AuthorizedKeysFile`), which are taken away before grading.
 */
export async function letToolboxIn(
  context: DockerContext,
  spec: EnvironmentSpec,
  role: ToolboxRole,
  toolbox: Docker.Container,
): Promise<void> {
  const machines = machinesIn(context, spec);
  if (machines.length === 0) return;
  const pair = newSshKeyPair(role);
  await Promise.all([
    putEntries(toolbox, '/root', [
      { path: '.ssh', mode: 0o700 },
      { path: '.ssh/id_ed25519', mode: 0o600, content: pair.private },
      { path: '.ssh/config', mode: 0o600, content: SCRIPTS_TO_MACHINES },
    ]),
    ...machines.map(({ container }) =>
      putEntries(container, '/etc', [
        { path: 'ckx', mode: 0o755 },
        { path: `ckx/${role}_keys`, mode: 0o600, content: `${pair.public}\n` },
      ]),
    ),
  ]);
}

/** There the candidate was root: what was started over SSH is in the group of its service, background jobs included. */
const END_ON_MACHINE = `systemctl kill --signal=SIGKILL ssh.service || true; systemctl restart ssh.service`;

/**
 * Takes every key away and ends what was started over SSH. The candidate may have broken the machine on purpose: then what counts is that
 * the terminal, the only way in, is closed.
 */
export async function closeMachines(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  await Promise.all(
    machinesIn(context, spec).map(async ({ machine, container }) => {
      const info = await inspect(container);
      if (info?.State.Running !== true) return;
      await putKeys(machine, container, '');
      await unlessBroken(context, spec, container, END_ON_MACHINE, [], 'a machine would not end the processes started on it');
    }),
  );
}

/** How long a machine gets: whoever asks waits, and the candidate may have broken it. */
const TIMEOUT_MS = 8_000;
const BROKEN = ['COMMAND_FAILED', 'CONTAINER_NOT_RUNNING'];

async function unlessBroken(
  context: DockerContext,
  { examSessionId, executionEnvironmentId }: EnvironmentSpec,
  container: Docker.Container,
  script: string,
  args: readonly string[],
  complaint: string,
): Promise<void> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  await runOwn(container, script, args, limit).catch((error: unknown) => {
    if (!limit.aborted && !(error instanceof CkxError && BROKEN.includes(error.code))) throw error;
    context.logger.warn({ err: error, container: container.id, examSessionId, executionEnvironmentId }, complaint);
  });
}
