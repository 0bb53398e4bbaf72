import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ToolboxRole } from '../../provider.ts';
import type { DockerContext } from '../context.ts';
import { common } from './common.ts';
import { sharedMounts } from './engine.ts';

/** Setup has time until the first pod runs: a node that starts beside it (Docker's default is 1,024) goes first; so does a candidate. */
const CPU_SHARES: Readonly<Record<ToolboxRole, number>> = { setup: 128, grader: 1_024, checker: 128 };

export function toolboxOptions(context: DockerContext, spec: EnvironmentSpec, role: ToolboxRole): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, role, sharedMounts(spec.needs));
  return {
    ...options,
    Image: context.images.terminal,
    Cmd: ['toolbox'],
    // Not in the candidate's home, where setup works as root: they could not write it any more.
    Env: ['KUBECACHEDIR=/var/cache/kubectl'],
    Hostname: role,
    HostConfig: {
      ...host,
      CpuShares: CPU_SHARES[role],
      SecurityOpt: ['no-new-privileges'],
      // To find the processes that a script left running under another user, and end them.
      CapAdd: ['SYS_PTRACE'],
    },
  };
}
