/** Everything of an environment found by its labels: listed, removed, or started again. */
import { rm } from 'node:fs/promises';
import { CkxError, isCkxError, type ExamSessionId, type ExecutionEnvironmentId } from '@ckx/contracts';
import { z } from 'zod';
import type { ContainerStatus, EnvironmentInspection } from '../provider.ts';
import { inspect, removeContainer, start } from './containers.ts';
import type { DockerContext } from './context.ts';
import { engineCall, engineCallUnless } from './errors.ts';
import { assetsFolder, environmentFolder, LABEL, Part, readLabels } from './naming.ts';
import { findNamespaces, removeNamespace } from './shared/namespace.ts';

/** Of a volume, beyond what the client's types know (Docker API 1.41). */
const CreatedAt = z.object({ CreatedAt: z.string().default('') });

/** What the engine holds under these labels. */
async function find({ docker }: Pick<DockerContext, 'docker'>, labels: readonly string[]) {
  const filters = { label: [...labels] };
  const [containers, networks, volumes] = await Promise.all([
    engineCall(() => docker.listContainers({ all: true, filters })),
    engineCall(() => docker.listNetworks({ filters })),
    engineCall(() => docker.listVolumes({ filters })),
  ]);
  return { containers, networks, volumes: volumes.Volumes };
}

/**
 * Removes every trace of an environment: its namespace, containers, volumes, folders, and the network last, since it was made first and its label
 * says which session's folders are meant. A relay says that there was a namespace, and goes after it.
 *
 * @param examSessionId whose folders go too, where labels do not say it: they are as old as an environment that was made before its session.
 * @throws CkxError operational `NOT_REMOVED` where something of it is there still: a repeat goes on from there.
 */
export async function destroy(
  context: Pick<DockerContext, 'docker' | 'installation' | 'workDir'>,
  executionEnvironmentId: ExecutionEnvironmentId,
  examSessionId?: ExamSessionId,
): Promise<void> {
  const { docker } = context;
  const labels = [`${LABEL.installation}=${context.installation}`, `${LABEL.environment}=${executionEnvironmentId}`];
  const found = await find(context, labels);
  const isRelay = ({ Labels }: { Labels: Record<string, string> }) => readLabels(Labels)?.part === 'relay';
  const relays = found.containers.filter(isRelay);
  const [namespaceLeft] = await Promise.all([
    whyNamespaceIsLeft(context, executionEnvironmentId, relays.length > 0),
    ...found.containers.filter((container) => !isRelay(container)).map(({ Id }) => removeContainer(docker.getContainer(Id))),
  ]);
  if (namespaceLeft !== null) throw namespaceLeft;
  await Promise.all(relays.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  await Promise.all(found.volumes.map(({ Name }) => engineCallUnless([404], () => docker.getVolume(Name).remove())));
  const sessions = new Set([
    examSessionId,
    ...[...found.containers, ...found.volumes, ...found.networks].map(({ Labels }) => readLabels(Labels)?.examSessionId),
  ]);
  for (const id of sessions) if (id !== undefined) await removeFolders(context, id);
  await Promise.all(found.networks.map(({ Id }) => engineCallUnless([404], () => docker.getNetwork(Id).remove())));

  const left = await find(context, labels);
  const names = [
    ...left.containers.flatMap(({ Names }) => Names),
    ...left.volumes.map(({ Name }) => Name),
    ...left.networks.map(({ Name }) => Name),
  ];
  if (names.length > 0) {
    throw new CkxError('operational', 'NOT_REMOVED', `Of the environment is there still: ${names.join(', ')}.`);
  }
}

/** A node that does not answer holds up nobody who never came to it. */
async function whyNamespaceIsLeft(
  finder: Pick<DockerContext, 'docker' | 'installation'>,
  executionEnvironmentId: ExecutionEnvironmentId,
  hadOne: boolean,
): Promise<CkxError | null> {
  try {
    await removeNamespace(finder, executionEnvironmentId);
    return null;
  } catch (error) {
    if (!isCkxError(error)) throw error;
    return error.code === 'SHARED_NODE_AWAY' && !hadOne ? null : error;
  }
}

async function removeFolders(context: Pick<DockerContext, 'workDir'>, examSessionId: ExamSessionId): Promise<void> {
  for (const folder of [environmentFolder(context.workDir, examSessionId), assetsFolder(context.workDir, examSessionId)]) {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every environment of this installation, by what the engine holds and the node that sessions share; memory of its running containers. */
export async function list(context: Pick<DockerContext, 'docker' | 'installation'>): Promise<readonly EnvironmentInspection[]> {
  const [found, namespaces] = await Promise.all([
    find(context, [`${LABEL.installation}=${context.installation}`]),
    findNamespaces(context).catch((error: unknown) => {
      // One that does not answer is asked again by the next look.
      if (isCkxError(error) && error.code.startsWith('SHARED_NODE_')) return [];
      throw error;
    }),
  ]);
  const environments = new Map<
    ExecutionEnvironmentId,
    {
      examSessionId: ExamSessionId;
      installation: string;
      youngestAt: number;
      containers: Promise<ContainerStatus>[];
      networks: string[];
      volumes: string[];
      namespaces: string[];
    }
  >();
  const of = (labels: Record<string, string> | null | undefined, createdAt: number) => {
    const ids = readLabels(labels);
    if (ids === null) return null;
    const known = environments.get(ids.executionEnvironmentId);
    const installation = labels?.[LABEL.installation] ?? '';
    const nothing = { containers: [], networks: [], volumes: [], namespaces: [] };
    const entry = known ?? { examSessionId: ids.examSessionId, installation, youngestAt: 0, ...nothing };
    // An engine that does not say when it made something is taken to have made it just now.
    entry.youngestAt = Math.max(entry.youngestAt, Number.isFinite(createdAt) ? createdAt : Date.now());
    environments.set(ids.executionEnvironmentId, entry);
    return { ...entry, part: ids.part };
  };
  for (const { Id, Names, Labels, State, Created } of found.containers) {
    const entry = of(Labels, Created * 1_000);
    entry?.containers.push(
      memoryOf(context, Id, State === 'running').then((memoryBytes) => ({
        name: (Names[0] ?? Id).replace(/^\//, ''),
        part: entry.part,
        running: State === 'running',
        memoryBytes,
      })),
    );
  }
  for (const { Name, Labels, Created } of found.networks) of(Labels, Date.parse(Created))?.networks.push(Name);
  for (const volume of found.volumes) of(volume.Labels, Date.parse(CreatedAt.parse(volume).CreatedAt))?.volumes.push(volume.Name);
  for (const { name, labels, createdAt } of namespaces) {
    of({ ...labels, [LABEL.part]: 'namespace', [LABEL.installation]: context.installation }, createdAt)?.namespaces.push(name);
  }
  return Promise.all(
    [...environments].map(async ([executionEnvironmentId, { containers, ...rest }]) => ({
      executionEnvironmentId,
      ...rest,
      containers: await Promise.all(containers),
    })),
  );
}

/** Memory in use as `docker stats` counts it: without the page cache that can be dropped at any time. null where it does not run. */
async function memoryOf({ docker }: Pick<DockerContext, 'docker'>, id: string, running: boolean): Promise<number | null> {
  if (!running) return null;
  const stats = await engineCallUnless([404, 409], () => docker.getContainer(id).stats({ stream: false, 'one-shot': true }));
  const memory = stats?.memory_stats;
  if (memory?.usage === undefined) return null;
  const droppable = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
  return memory.usage - droppable;
}

/**
 * Starts again what ran before the machine or the engine went down: containers of this installation that are stopped although they
 * had been started. Those being removed at the same time are left alone.
 *
 * @returns names of the containers that were started.
 */
export async function resumeStopped(context: DockerContext): Promise<readonly string[]> {
  const { docker, logger, installation } = context;
  const filters = { label: [`${LABEL.installation}=${installation}`], status: ['exited'] };
  const stopped = await engineCall(() => docker.listContainers({ all: true, filters }));
  const started = await Promise.all(
    stopped.map(async ({ Id, Labels }) => {
      const container = docker.getContainer(Id);
      const info = await inspect(container);
      const isOurs = Part.safeParse(readLabels(Labels)?.part).success || Labels[LABEL.shared] === 'node';
      if (info === null || !isOurs) return null;
      try {
        await start(container);
        return info.Name.replace(/^\//, '');
      } catch (error) {
        // One environment that cannot be resumed must not keep the host from serving the others; its session's workflow notices.
        logger.error({ err: error, container: info.Name, ...readLabels(Labels) }, 'a stopped container could not be started again');
        return null;
      }
    }),
  );
  return started.filter((name) => name !== null);
}
