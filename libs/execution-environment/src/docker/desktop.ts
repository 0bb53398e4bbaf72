/** The desktop: made beside a terminal that is open, let into it, and closed again. */
import { createHash, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DESKTOP_SECRET_PURPOSE, isCkxError, type DesktopSecret, type EnvironmentFacts, type EnvironmentSpec } from '@ckx/contracts';
import { documentationHosts } from '@ckx/documentation';
import { passwordFile } from '@ckx/remote-framebuffer';
import { seal } from '@ckx/sealed-secrets';
import type Docker from 'dockerode';
import type { WaitOptions } from '../provider.ts';
import { normalisePublicKey } from '../ssh-keys.ts';
import { putEntries } from './archive.ts';
import { ensureRunning, inspect, removeContainer, whileRunning } from './containers.ts';
import type { DockerContext } from './context.ts';
import { closeDocumentation, documentationFolder, openDocumentation } from './documentation.ts';
import { engineCallUnless } from './errors.ts';
import { runOwn } from './exec.ts';
import { firefoxPolicies, START_PAGE, startPage } from './firefox.ts';
import { untilFile } from './host-key.ts';
import { addressesIn, containerName } from './naming.ts';
import { desktopOptions } from './parts/desktop.ts';
import { TERMINAL_PATHS } from './terminal.ts';

/** What the desktop image makes at its first start, and what it reads. */
const PATHS = {
  key: '/home/desktop/.ckx/ssh.pub',
  certificate: '/home/desktop/.ckx/certificate.pem',
};

const RETRY_MS = 100;

function desktopOf({ docker }: DockerContext, { examSessionId }: EnvironmentSpec): Docker.Container {
  return docker.getContainer(containerName(examSessionId, 'desktop'));
}

/**
 * Makes the desktop of a session whose terminal is open, or starts the one that there is, lets it into the terminal, and waits until its server
 * answers on its published port.
 *
 * @returns the secret that the gateway comes in with, sealed to it; without one where this host knows no gateway.
 */
export async function openDesktop(
  context: DockerContext,
  spec: EnvironmentSpec,
  options: WaitOptions,
): Promise<Pick<EnvironmentFacts, 'desktopSecret'>> {
  await openDocumentation(context, spec);
  const desktop = await makeDesktop(context, spec);
  return whileRunning(
    desktop,
    options,
    () => 'the desktop',
    async (signal) => {
      const [key, certificate] = await Promise.all([
        untilFile(desktop, PATHS.key, signal),
        untilFile(desktop, PATHS.certificate, signal),
        introduceTerminal(context, spec, desktop, signal),
      ]);
      const [desktopSecret] = await Promise.all([
        context.gatewayKey && letGatewayIn(desktop, spec, { gateway: context.gatewayKey, certificate, signal }),
        letIntoTerminal(context, spec, key, signal),
        untilAnswered(context, spec, signal),
      ]);
      return desktopSecret === undefined ? {} : { desktopSecret };
    },
  );
}

/** One that was made, and could not start since something else has its port, would be in the way of one with another port. */
async function makeDesktop(context: DockerContext, spec: EnvironmentSpec): Promise<Docker.Container> {
  try {
    return await ensureRunning(context, spec, containerName(spec.examSessionId, 'desktop'), desktopOptions(context, spec));
  } catch (error) {
    if (isCkxError(error) && error.code === 'PORT_IN_USE') await removeContainer(desktopOf(context, spec));
    throw error;
  }
}

/** Returns when a desktop that was opened before answers. */
export async function awaitDesktop(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
  await openDocumentation(context, spec);
  const work = (signal: AbortSignal) => untilAnswered(context, spec, signal);
  await whileRunning(desktopOf(context, spec), options, () => 'the desktop', work);
}

/** What to know the terminal by, and what Firefox may do. */
async function introduceTerminal(context: DockerContext, spec: EnvironmentSpec, desktop: Docker.Container, signal: AbortSignal) {
  const terminal = context.docker.getContainer(containerName(spec.examSessionId, 'terminal'));
  const hostKey = normalisePublicKey(await untilFile(terminal, TERMINAL_PATHS.hostKey, signal));
  const hosts = documentationHosts(spec.category);
  const reachable = documentationFolder(context, spec) !== null;
  await putEntries(desktop, '/etc', [
    { path: 'ckx/known_hosts', mode: 0o644, content: `terminal ${hostKey}\n` },
    { path: START_PAGE.replace('/etc/', ''), mode: 0o644, content: startPage(hosts, reachable) },
    { path: 'firefox/policies/policies.json', mode: 0o644, content: firefoxPolicies(hosts) },
  ]);
}

/** From the desktop's address, to a shell, and to nothing that lies behind the terminal. */
const AUTHORIZE = `
line="restrict,pty,from=\\"$2\\" $1 desktop"
grep -qxF "$line" ${TERMINAL_PATHS.authorizedKeys} 2>/dev/null || printf '%s\\n' "$line" >>${TERMINAL_PATHS.authorizedKeys}`;

async function letIntoTerminal(context: DockerContext, spec: EnvironmentSpec, key: string, signal: AbortSignal): Promise<void> {
  const terminal = context.docker.getContainer(containerName(spec.examSessionId, 'terminal'));
  await runOwn(terminal, AUTHORIZE, [normalisePublicKey(key), addressesIn(spec.subnet).desktop], signal);
}

/** As with the terminal's key: whoever is first leaves the secret, whoever comes later finds it. */
const INSTALL = `
made=/etc/ckx/vnc-secret
printf '%s\n%s\n' "$1" "$2" >$made.$$
ln $made.$$ $made 2>/dev/null || [ -e $made ]
rm -f $made.$$
{ read -r password; read -r sealed; } <$made
printf '%s' "$password" | base64 -d >/etc/ckx/vnc-password
printf '%s' "$sealed"`;

interface SecretOptions {
  readonly gateway: KeyObject;
  /** PEM. */
  readonly certificate: string;
  readonly signal: AbortSignal;
}

/** @returns the secret, sealed to the gateway for this session; the same each time. */
async function letGatewayIn(
  desktop: Docker.Container,
  spec: EnvironmentSpec,
  { gateway, certificate, signal }: SecretOptions,
): Promise<string> {
  const secret: DesktopSecret = {
    password: randomBytes(6).toString('base64url'),
    certificate: createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex'),
  };
  const sealed = seal(gateway, JSON.stringify(secret), { examSessionId: spec.examSessionId, purpose: DESKTOP_SECRET_PURPOSE });
  return runOwn(desktop, INSTALL, [passwordFile(secret.password).toString('base64'), sealed], signal);
}

/** Returns when a server says on the published port that it speaks the protocol. */
async function untilAnswered({ hostAddress }: DockerContext, { ports }: EnvironmentSpec, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await greets(hostAddress, ports.vnc)) return;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** A port that is published accepts whatever listens behind it: what counts is a word. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data: Buffer) => done(data.toString('latin1').startsWith('RFB ')));
    socket
      .once('timeout', () => done(false))
      .once('error', () => done(false))
      .once('close', () => done(false));
  });
}

/** Ends every program of a desktop. It is nothing that is graded, so nothing of it is kept running. */
export async function closeDesktop(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  await closeDocumentation(context, spec.executionEnvironmentId);
  const desktop = desktopOf(context, spec);
  const info = await inspect(desktop);
  // 409: it has ended meanwhile.
  if (info?.State.Running === true) await engineCallUnless([404, 409], () => desktop.kill());
}
