/** The engine: how to reach it, and how far its walls come up to design's. */
import { hostname } from 'node:os';
import { firewallGaps, isOnThisMachine } from '@ckx/host-walls';
import Docker from 'dockerode';
import { z } from 'zod';
import type { EngineFacts } from '../provider.ts';
import { engineCall } from './errors.ts';

const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * A client for an engine.
 *
 * @param dockerHost as in the variable DOCKER_HOST; the socket of this machine where undefined.
 */
export function connectEngine(dockerHost: string | undefined): Docker {
  if (dockerHost === undefined) return new Docker({ socketPath: DEFAULT_SOCKET });
  if (dockerHost.startsWith('unix://')) return new Docker({ socketPath: dockerHost.slice('unix://'.length) });
  // tcp:// and ssh:// with their certificates and keys: dockerode reads DOCKER_HOST and its companions by itself.
  return new Docker();
}

/** The parts of `/version` and `/info` that are read here (Docker API 1.41). */
const Version = z.object({ Version: z.string(), ApiVersion: z.string() });
const Info = z.object({
  /** Name of the machine it runs on. */
  Name: z.string(),
  NCPU: z.int(),
  MemTotal: z.int(),
  SecurityOptions: z.array(z.string()).nullish(),
  LiveRestoreEnabled: z.boolean().nullish(),
  DockerRootDir: z.string(),
});

/** A machine of its own (Docker Desktop, another host) keeps its rules to itself. */
async function gapsOfFirewall(engineHostname: string): Promise<string[]> {
  if (isOnThisMachine(undefined) && engineHostname === hostname()) return firewallGaps();
  return [
    'The Docker engine runs on another machine than this worker: whether a firewall keeps its sessions apart cannot be seen from here.',
  ];
}

export async function describeEngine(docker: Docker): Promise<EngineFacts> {
  const [version, info] = await Promise.all([
    engineCall(() => docker.version()).then((value) => Version.parse(value)),
    engineCall(() => docker.info()).then((value: unknown) => Info.parse(value)),
  ]);
  const options = (info.SecurityOptions ?? []).map((option) => /name=([^,]+)/.exec(option)?.[1] ?? option);
  const userNamespaces = options.includes('userns') || options.includes('rootless');
  const liveRestore = info.LiveRestoreEnabled === true;
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    cpus: info.NCPU,
    memoryMib: Math.floor(info.MemTotal / 2 ** 20),
    userNamespaces,
    liveRestore,
    dataDir: info.DockerRootDir,
    thinWalls: [
      ...(userNamespaces
        ? []
        : [
            'The Docker engine maps no users (no --userns-remap): who is root on a node of an exam is root on this host if they break out.',
          ]),
      ...(liveRestore
        ? []
        : ['The Docker engine does not keep containers over its own restart (no --live-restore): sessions end with it.']),
      ...(await gapsOfFirewall(info.Name)),
    ],
  };
}
