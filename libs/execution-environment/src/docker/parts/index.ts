/** What an environment is made of: its containers and volumes, by its needs. */
import { watchedPartsOf, type EnvironmentNeeds, type EnvironmentSpec, type WatchedPart } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { SHARED, type Mount } from './common.ts';
import { desktopOptions } from './desktop.ts';
import { ENGINE_MOUNTS, engineOptions } from './engine.ts';
import { nodeMounts, nodeOptions } from './node.ts';
import { relayOptions } from './relay.ts';
import { terminalOptions } from './terminal.ts';

interface PartDefinition {
  readonly mounts: readonly Mount[];
  readonly options: (context: DockerContext, spec: EnvironmentSpec) => Docker.ContainerCreateOptions;
}

function define(part: WatchedPart): PartDefinition {
  switch (part) {
    case 'node':
    case 'node01':
    case 'node02':
      return { mounts: nodeMounts(part), options: (context, spec) => nodeOptions(context, spec, part) };
    case 'terminal':
      return { mounts: SHARED, options: terminalOptions };
    case 'engine':
      return { mounts: ENGINE_MOUNTS, options: engineOptions };
    case 'relay':
      return { mounts: [], options: relayOptions };
    case 'desktop':
      return { mounts: [], options: desktopOptions };
  }
}

/** A desktop comes when the others are ready: nobody waits for it. A relay comes in turn with the node to which it leads. */
const COME_APART: readonly WatchedPart[] = ['desktop', 'relay'];

/**
 * The containers that a session is built from, each with what it is asked of the engine.
 *
 * @throws CkxError user `NEEDS_NOT_SUPPORTED`.
 */
export function containersOf(context: DockerContext, spec: EnvironmentSpec) {
  const parts = watchedPartsOf(spec.needs).filter((part) => !COME_APART.includes(part));
  return parts.map((part) => ({ part, options: define(part).options(context, spec) }));
}

/** Purposes of its volumes: image stores of nodes, the candidate's home, what is shared at /tmp/exam. @throws as {@link containersOf}. */
export function volumesOf(needs: EnvironmentNeeds): readonly string[] {
  return [...new Set(watchedPartsOf(needs).flatMap((part) => define(part).mounts.map(({ volume }) => volume)))];
}
