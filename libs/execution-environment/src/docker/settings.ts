/** What the images ask of the engine, read from the file beside each image, where the reason for each of it is written. */
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { z } from 'zod';

const WithReasons = z.record(z.string(), z.string());

const ContainerFile = z.strictObject({
  /** Capabilities taken away from those an engine gives by itself; `ALL` for every one. */
  dropped: z.array(z.string()),
  /** Capability that is added → reason. */
  capabilities: WithReasons,
  /** Security option as in `docker run --security-opt` → reason. `seccomp=<file>` names a file beside this one. */
  securityOptions: WithReasons,
  /** Path → mount options. */
  tmpfs: WithReasons,
  /** Device of the host → reason. */
  devices: WithReasons,
});

/** The part of a container's host configuration that follows from its image. */
export interface ContainerSettings extends Docker.HostConfig {
  readonly CgroupnsMode: 'private';
}

/** Known to the command line only: it stands for no masked and no read-only paths. */
const SYSTEM_PATHS = 'systempaths=unconfined';

/** @param image folder in `images/`. */
export async function readContainerSettings(image: 'node' | 'terminal' | 'desktop' | 'engine'): Promise<ContainerSettings> {
  const folder = new URL(`../../../../images/${image}/`, import.meta.url);
  const { dropped, capabilities, securityOptions, tmpfs, devices } = ContainerFile.parse(
    JSON.parse(await readFile(new URL('container.json', folder), 'utf8')),
  );
  return {
    CgroupnsMode: 'private',
    CapDrop: dropped,
    CapAdd: Object.keys(capabilities),
    SecurityOpt: await Promise.all(
      Object.keys(securityOptions)
        .filter((option) => option !== SYSTEM_PATHS)
        .map((option) => withFilter(option, folder)),
    ),
    ...(SYSTEM_PATHS in securityOptions ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    Tmpfs: tmpfs,
    Devices: Object.keys(devices).map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' })),
  };
}

/** The engine is given the filter itself, as the command line does it, not the name of a file that may be on another machine. */
async function withFilter(option: string, folder: URL): Promise<string> {
  const [, file] = /^seccomp=(.+\.json)$/.exec(option) ?? [];
  if (file === undefined) return option;
  return `seccomp=${JSON.stringify(JSON.parse(await readFile(new URL(file, folder), 'utf8')))}`;
}
