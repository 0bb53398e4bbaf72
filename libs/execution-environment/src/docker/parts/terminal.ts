import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { common, published } from './common.ts';
import { sharedMounts } from './engine.ts';

export function terminalOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'terminal', sharedMounts(spec.needs));
  const ssh = published(22, [
    { address: context.hostAddress, port: spec.ports.sshTerminal },
    { address: context.jumphostAddress, port: spec.ports.sshJumphost },
  ]);
  return {
    ...options,
    ...ssh.exposed,
    Image: context.images.terminal,
    Hostname: 'terminal',
    HostConfig: { ...host, ...ssh.bindings, ...context.settings.terminal },
  };
}
