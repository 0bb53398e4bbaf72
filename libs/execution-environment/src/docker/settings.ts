/** What the images ask of the engine, read from the file beside each image, where the reason for each of it is written. */
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { z } from 'zod';

const WithReasons = z.record(z.string(), z.string());

const ContainerFile = z.object({
  /** Capability → reason. All others are dropped. */
  capabilities: WithReasons,
  /** Security option → reason. */
  securityOptions: WithReasons.default({}),
  /** Path → mount options. */
  tmpfs: WithReasons.default({}),
  /** Device of the host → reason. */
  devices: WithReasons.default({}),
});

/** The part of a container's host configuration that follows from its image. */
export type ContainerSettings = Docker.HostConfig;

/** @param image folder in `images/`. */
export async function readContainerSettings(image: 'node' | 'terminal'): Promise<ContainerSettings> {
  const file = new URL(`../../../../images/${image}/container.json`, import.meta.url);
  const { capabilities, securityOptions, tmpfs, devices } = ContainerFile.parse(JSON.parse(await readFile(file, 'utf8')));
  return {
    CapDrop: ['ALL'],
    CapAdd: Object.keys(capabilities),
    SecurityOpt: Object.keys(securityOptions),
    Tmpfs: tmpfs,
    Devices: Object.keys(devices).map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' })),
  };
}
