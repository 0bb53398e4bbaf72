import { CkxError, type EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { hostName } from '../naming.ts';
import { common, SHARED, type Mount } from './common.ts';

/** Where the engine's socket is for those who share its volume. It is the session's own; the host's is nowhere. */
const SOCKET: Mount = { volume: 'socket', path: '/run/engine' };

/** As in the variable DOCKER_HOST: in the terminal, in toolboxes, and in the engine's container itself. */
export const SESSION_DOCKER_HOST = `unix://${SOCKET.path}/docker.sock`;

/** The candidate's folders are at the same paths as in the terminal, so that `docker run -v` finds there what the shell shows. */
export const ENGINE_MOUNTS: readonly Mount[] = [{ volume: 'engine', path: '/var/lib/docker' }, SOCKET, ...SHARED];

/** What terminal, desktop and toolboxes share; the engine's socket too, where there is one. */
export function sharedMounts({ dockerEngine }: EnvironmentNeeds): readonly Mount[] {
  return dockerEngine ? [...SHARED, SOCKET] : SHARED;
}

/** @throws CkxError user `NEEDS_NOT_SUPPORTED` where the host was given no image for it. */
export function engineOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'engine', ENGINE_MOUNTS);
  if (context.images.engine === undefined) {
    throw new CkxError('user', 'NEEDS_NOT_SUPPORTED', 'The lab needs a Docker engine of its own, and this host has no image for one.', {
      remedy: 'Set CKX_ENGINE_IMAGE on the host, or take the image that npm start builds.',
    });
  }
  return {
    ...options,
    // With a terminal the container has /dev/console, on which the engine says how its start goes.
    Tty: true,
    Image: context.images.engine,
    Hostname: hostName('engine'),
    Env: [`CKX_EGRESS=${spec.needs.egress}`],
    HostConfig: { ...host, ...context.settings.engine },
  };
}
