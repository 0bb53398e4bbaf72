/** The checks of a session one after the other, each over an SSH connection of its own, in the place and with the environment that a grader gives them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentSpec, QuestionId, Verdict } from '@ckx/contracts';
import { DockerProvider } from '@ckx/execution-environment';
import { verdictOf } from '@ckx/grading';
import { CHECK_FUNCTIONS_FOLDER, stageCheckFunctions, stagePack, type LabPack, type PackCheck } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { openShell, shellExec } from '@ckx/test-support/client';
import { connectDocker, type Images } from '@ckx/toolchain';
import ssh2 from 'ssh2';

/** Where a grader has the pack. */
const ASSETS = '/tmp/exam-assets';

/**
 * Makes an SSH server of the grader's container, into which the key $1 leads as root; answers its host key. The mark by which a command's processes are
 * found and ended is not inherited.
 */
const SERVE = `cd /run
printf '%s\\n' "$1" > bench-keys
ssh-keygen -q -t ed25519 -N '' -f bench-host-key
printf '%s\\n' 'HostKey /run/bench-host-key' 'AuthorizedKeysFile /run/bench-keys' 'PermitRootLogin prohibit-password' 'StrictModes no' \\
  'UsePAM no' 'UseDNS no' 'PidFile none' > bench-sshd
env -u CKX_EXEC /usr/sbin/sshd -f /run/bench-sshd
cat bench-host-key.pub`;

export interface OneByOneRequest {
  readonly spec: EnvironmentSpec;
  readonly pack: LabPack;
  /** Those of the session, in order. */
  readonly questionIds: readonly QuestionId[];
  readonly images: Images;
  /** Label of the installation whose session it is. */
  readonly installation: string;
  readonly dockerHost: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface OneByOne {
  /** From the first connection to the end of the last check; the container was there before. */
  readonly totalMs: number;
  readonly connectingMs: number;
  /** By `<question>/<check>`. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** @throws Error where a connection is refused. The container is gone when this returns. */
export async function runOneByOne(request: OneByOneRequest): Promise<OneByOne> {
  const { spec, pack, questionIds, images, installation, dockerHost, say, signal } = request;
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ckx-bench-grading-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const assets = join(folder, 'assets');
  await stagePack(pack, assets);
  await stageCheckFunctions(assets);
  const address = '127.0.0.1';
  const logger = createLogger('bench', 'warn');
  const provider = await DockerProvider.open({
    dockerHost,
    logger,
    installation,
    hostAddress: address,
    jumphostAddress: address,
    images,
    workDir: folder,
    subnetPool: '10.213.0.0/16',
  });
  await provider.openToolbox(spec, 'grader', assets);
  cleanup.defer(() => provider.closeToolbox(spec, 'grader'));
  const connect = await serve(provider, spec, dockerHost, signal);
  const environment = await environmentOf(provider, spec, signal);

  const verdicts = new Map<string, Verdict>();
  let connectingMs = 0;
  const begun = performance.now();
  for (const id of questionIds) {
    const checks = pack.questions.find(({ view }) => view.id === id)?.checks ?? [];
    const begunQuestion = performance.now();
    for (const check of checks) {
      signal.throwIfAborted();
      const connecting = performance.now();
      const client = await connect();
      connectingMs += performance.now() - connecting;
      try {
        verdicts.set(`${id}/${check.id}`, await runCheck(client, check, environment));
      } finally {
        client.end();
      }
    }
    say(`${id}: ${checks.length} checks in ${((performance.now() - begunQuestion) / 1_000).toFixed(1)} s`);
  }
  return { totalMs: performance.now() - begun, connectingMs, verdicts };
}

async function serve(provider: DockerProvider, spec: EnvironmentSpec, dockerHost: string, signal: AbortSignal) {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const command = ['bash', '-euc', SERVE, 'ckx-bench', key.public];
  const { exitCode, stdout, stderr } = await provider.exec(spec, 'grader', { command, timeoutMs: 20_000, outputLimitBytes: 4_096 }, signal);
  if (exitCode !== 0) throw new Error(`There is no SSH server in the grader: ${stderr}`);
  const { NetworkSettings } = await connectDocker(dockerHost).getContainer(`ckx-grader-${spec.examSessionId}`).inspect();
  const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress;
  if (host === undefined) throw new Error('The grader has no address.');
  const target = { host, port: 22, user: 'root', privateKey: key.private, publicKey: key.public, hostKey: stdout };
  return () => openShell(target);
}

/** What a check finds in its environment, as words for `env`. */
async function environmentOf(provider: DockerProvider, spec: EnvironmentSpec, signal: AbortSignal): Promise<readonly string[]> {
  const env = { CKX_CHECKS: `${ASSETS}/${CHECK_FUNCTIONS_FOLDER}` };
  const request = { command: ['env', '-0'], env, timeoutMs: 10_000, outputLimitBytes: 64 * 1024 };
  const { stdout } = await provider.exec(spec, 'grader', request, signal);
  return stdout.split('\0').filter((word) => /^[A-Z_]+=/i.test(word) && !/^(_|PWD|SHLVL|CKX_EXEC)=/.test(word));
}

async function runCheck(client: ssh2.Client, { script, timeoutMs }: PackCheck, environment: readonly string[]): Promise<Verdict> {
  if (script === null) return 'errored';
  const words = ['env', '-i', ...environment, 'timeout', '--signal=KILL', String(timeoutMs / 1_000), 'bash', `${ASSETS}/${script.path}`];
  const begun = performance.now();
  const { exitCode, stderr } = await shellExec(client, `cd /home/candidate && exec ${words.map(quote).join(' ')}`);
  const timedOut = exitCode === KILLED && performance.now() - begun >= timeoutMs;
  return verdictOf({ exitCode: timedOut ? null : exitCode, timedOut, stderr, timeoutMs }).verdict;
}

/** What `timeout` answers when it had to kill. */
const KILLED = 137;

const quote = (word: string) => `'${word.replaceAll("'", String.raw`'\''`)}'`;
