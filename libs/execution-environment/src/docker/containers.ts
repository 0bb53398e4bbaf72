/** Containers: found, made where missing, started where stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import { delegateCgroups } from './cgroups.ts';
import type { DockerContext } from './context.ts';
import { engineCall, engineCallUnless } from './errors.ts';
import { readLabels } from './naming.ts';
import { limitUserNamespace } from './user-limits.ts';

/**
 * The container with this name, created if missing and started if stopped. What exists is kept as it is.
 *
 * @throws CkxError `IMAGE_MISSING`, `PORT_IN_USE`, `NAME_TAKEN` (user), `ENGINE_…`.
 */
export async function ensureRunning(
  context: DockerContext,
  spec: EnvironmentSpec,
  name: string,
  wanted: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const found = context.docker.getContainer(name);
  let info = await inspect(found);
  if (info === null) {
    await engineCallUnless([409], () => context.docker.createContainer({ ...wanted, name }));
    info = await untilVisible(found);
  }
  if (readLabels(info.Config.Labels)?.executionEnvironmentId !== spec.executionEnvironmentId) {
    throw new CkxError('user', 'NAME_TAKEN', `The container ${name} is there and belongs to another environment.`, {
      remedy: `Find out what it is, then: docker rm -f ${name}`,
    });
  }
  const container = context.docker.getContainer(info.Id);
  // One that runs as well: whoever started it may have been killed before they handed it anything.
  await start(container);
  return container;
}

const APPEARANCE_TIMEOUT_MS = 5_000;

/** After a 409, since another call was quicker, the engine has given the name away and shows the container a little later. */
async function untilVisible(container: Docker.Container): Promise<Docker.ContainerInspectInfo> {
  const givenUpAt = performance.now() + APPEARANCE_TIMEOUT_MS;
  for (;;) {
    const info = performance.now() > givenUpAt ? await engineCall(() => container.inspect()) : await inspect(container);
    if (info !== null) return info;
    await sleep(50);
  }
}

/** Starts a container where it does not run, hands it its control groups and its share of what the kernel counts for all. */
export async function start(container: Docker.Container): Promise<void> {
  await engineCallUnless([304], () => container.start());
  const { Id, State } = await engineCall(() => container.inspect());
  await Promise.all([delegateCgroups(Id, State.Pid), limitUserNamespace(State.Pid)]);
}

/** What the engine knows of a container, or null where there is none. */
export async function inspect(container: Docker.Container): Promise<Docker.ContainerInspectInfo | null> {
  return engineCallUnless([404], () => container.inspect());
}

const REMOVAL_TIMEOUT_MS = 30_000;

/**
 * Removes a container with its anonymous volumes, running or not; returns when it is gone.
 *
 * @throws CkxError operational `NOT_REMOVED` after 30 s.
 */
export async function removeContainer(container: Docker.Container): Promise<void> {
  // 409: another call is removing it already.
  await engineCallUnless([404, 409], () => container.remove({ force: true, v: true }));
  const givenUpAt = performance.now() + REMOVAL_TIMEOUT_MS;
  while ((await inspect(container)) !== null) {
    if (performance.now() > givenUpAt)
      throw new CkxError('operational', 'NOT_REMOVED', `The engine does not remove container ${container.id}.`);
    await sleep(100);
  }
}

/** The last lines that a container printed, colours and control characters taken out. */
async function lastLines(container: Docker.Container, lines: number): Promise<string> {
  const log = await engineCallUnless([404], () => container.logs({ stdout: true, stderr: true, tail: lines }));
  if (log === null) return '';
  const text = Buffer.from(log).toString('utf8');

  return text
    .replaceAll(/[\u0000-\u0002]\u0000{3}[^]{4}/g, '')
    .replaceAll(/\u001b\[[0-9;]*[A-Za-z]|[^\P{C}\n\t]/gu, '')
    .trim();
}

/**
 * Runs `work` and ends it at once when the container ends, or the signal does.
 *
 * @param describe for `onProgress`, about once a second.
 * @throws CkxError `NODE_EXITED` (bug: a node does not end by itself) with its last lines.
 */
export async function whileRunning<T>(
  container: Docker.Container,
  options: { readonly signal: AbortSignal; readonly onProgress?: (detail: string) => void },
  describe: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const watch = async (): Promise<never> => {
    for (;;) {
      const info = await inspect(container);
      if (info === null) throw new CkxError('operational', 'NODE_GONE', 'The container of a node is not there.');
      if (!info.State.Running) {
        const reason = info.State.OOMKilled ? 'it needed more memory than it may use' : `exit code ${info.State.ExitCode}`;
        throw new CkxError('bug', 'NODE_EXITED', `A node ended by itself (${reason}). It said last:\n${await lastLines(container, 20)}`);
      }
      options.onProgress?.(describe());
      await sleep(1_000, undefined, { signal });
    }
  };
  try {
    return await Promise.race([work(signal), watch()]);
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
}
