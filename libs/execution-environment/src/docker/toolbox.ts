/** Toolboxes: containers beside the session from which setup and checks run. The candidate never holds what is in them. */
import { hasCluster, namespaceOf, type EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ExecRequest, ExecResult, ToolboxRole } from '../provider.ts';
import { folderEntries, putEntries } from './archive.ts';
import { ensureRunning, inspect, removeContainer } from './containers.ts';
import type { DockerContext } from './context.ts';
import { runInContainer } from './exec.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { letToolboxIn } from './machines.ts';
import { containerName } from './naming.ts';
import { SESSION_DOCKER_HOST } from './parts/engine.ts';
import { toolboxOptions } from './parts/toolbox.ts';

/** Where the administrator's kubeconfig is in a toolbox; the candidate's own stays in the home folder. */
export const KUBECONFIG = '/etc/ckx/kubeconfig';

/** Default for what runs in a toolbox: the administrator's account, and none of the candidate's preferences for kubectl and docker. */
function environmentOf(spec: EnvironmentSpec, role: ToolboxRole): Readonly<Record<string, string>> {
  return {
    // Programs read what they find at home (.jq, .curlrc, caches and plugins of clients): what a candidate put there must decide nothing.
    HOME: role === 'setup' ? '/home/candidate' : '/root',
    LANG: 'C.UTF-8',
    ...(hasCluster(spec.needs) && { KUBECONFIG, KUBERC: 'off' }),
    ...(spec.needs.cluster === 'namespace' && { CKX_NAMESPACE: namespaceOf(spec.examSessionId) }),
    // A folder that is not there: the candidate's own could name plugins, which would run here.
    ...(spec.needs.dockerEngine && { DOCKER_HOST: SESSION_DOCKER_HOST, DOCKER_CONFIG: '/etc/ckx/docker' }),
  };
}

/** A fresh toolbox with these assets: one that exists, from an attempt before, is replaced. One that waited for its session is used. */
export async function openToolbox(context: DockerContext, spec: EnvironmentSpec, role: ToolboxRole, assets: string): Promise<void> {
  const [toolbox, entries] = await Promise.all([
    (await waitingToolbox(context, spec, role)) ?? emptyToolbox(context, spec, role, spec.bornWarm === true),
    folderEntries(assets, 'exam-assets'),
  ]);
  await putEntries(toolbox, '/tmp', entries);
}

/** That for setup was made with the environment where that was warm; where it ended meanwhile there is none. */
async function waitingToolbox({ docker }: DockerContext, spec: EnvironmentSpec, role: ToolboxRole): Promise<Docker.Container | null> {
  if (role !== 'setup' || spec.bornWarm !== true) return null;
  const toolbox = docker.getContainer(containerName(spec.examSessionId, role));
  return (await inspect(toolbox))?.State.Running === true ? toolbox : null;
}

/** A fresh toolbox with a way into the cluster and the machines, and nothing of a pack yet. @param warm as {@link toolboxOptions}. */
export async function emptyToolbox(
  context: DockerContext,
  spec: EnvironmentSpec,
  role: ToolboxRole,
  warm: boolean,
): Promise<Docker.Container> {
  const name = containerName(spec.examSessionId, role);
  const [kubeconfig] = await Promise.all([kubeconfigOf(context, spec, 'platform'), removeContainer(context.docker.getContainer(name))]);
  const toolbox = await ensureRunning(context, spec, name, toolboxOptions(context, spec, role, warm));
  const content = kubeconfig === null ? [] : [{ path: 'ckx/kubeconfig', mode: 0o600, content: kubeconfig }];
  await Promise.all([putEntries(toolbox, '/etc', [{ path: 'ckx', mode: 0o755 }, ...content]), letToolboxIn(context, spec, role, toolbox)]);
  return toolbox;
}

/** @throws CkxError operational `CONTAINER_NOT_RUNNING` where the toolbox was not opened, or went down with its host. */
export async function execInToolbox(
  context: DockerContext,
  spec: EnvironmentSpec,
  role: ToolboxRole,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecResult> {
  const toolbox = context.docker.getContainer(containerName(spec.examSessionId, role));
  return runInContainer(toolbox, { ...request, env: { ...environmentOf(spec, role), ...request.env } }, signal);
}

export async function closeToolbox(context: DockerContext, spec: EnvironmentSpec, role: ToolboxRole): Promise<void> {
  await removeContainer(context.docker.getContainer(containerName(spec.examSessionId, role)));
}
