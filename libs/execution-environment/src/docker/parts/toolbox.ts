import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ToolboxRole } from '../../provider.ts';
import type { DockerContext } from '../context.ts';
import { common } from './common.ts';
import { sharedMounts } from './engine.ts';

/** Setup has time until the first pod runs: a node that starts beside it (Docker's default is 1,024) goes first; so does a candidate. */
const CPU_SHARES: Readonly<Record<ToolboxRole, number>> = { setup: 128, grader: 1_024, checker: 128 };
/** Setup in a cluster that was up before: nothing starts beside it but what it asked for itself, and its end is waited for first. */
const WARM_SETUP_SHARES = 4_096;

/** @param warm whether the cluster was up before the session. */
export function toolboxOptions(
  context: DockerContext,
  spec: EnvironmentSpec,
  role: ToolboxRole,
  warm: boolean,
): Docker.ContainerCreateOptions {
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
      CpuShares: warm && role === 'setup' ? WARM_SETUP_SHARES : CPU_SHARES[role],
      SecurityOpt: ['no-new-privileges'],
      // To find the processes that a script left running under another user, and end them.
      CapAdd: ['SYS_PTRACE'],
    },
  };
}
