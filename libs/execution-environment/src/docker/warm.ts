/** Environments that wait for a session: looked at while they do, and given their session's names when it comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, ExamSessionId, isCkxError, nodesOf, type EnvironmentSpec } from '@ckx/contracts';
import type { WaitOptions } from '../provider.ts';
import { inspect } from './containers.ts';
import type { DockerContext } from './context.ts';
import { engineCallUnless } from './errors.ts';
import { runOwn } from './exec.ts';
import { containerName } from './naming.ts';
import { awaitMilestone } from './node.ts';
import { containersOf } from './parts/index.ts';
import { awaitEngine } from './session-engine.ts';
import { awaitTerminal, prepareTerminal } from './terminal.ts';
import { emptyToolbox, KUBECONFIG } from './toolbox.ts';

/**
 * Gives the containers of an environment that was made before its session the session's names. Networks and volumes cannot be renamed, and labels not be
 * changed: those bear the environment's own id. What has its name already, or is not there, is left alone.
 */
export async function adopt(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  const { docker } = context;
  const bornAs = ExamSessionId.parse(spec.executionEnvironmentId);
  await Promise.all(
    [...containersOf(context, spec).map(({ part }) => part), 'setup' as const].map(async (part) => {
      const name = containerName(spec.examSessionId, part);
      const container = docker.getContainer(containerName(bornAs, part));
      // 409: another call is renaming it already. Who makes sure that it is there, and whose it is, comes after this.
      await engineCallUnless([404, 409], () => container.rename({ name }));
    }),
  );
}

/** All that a session would wait for and that is the same for any. */
export async function prepare(context: DockerContext, spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
  await Promise.all([prepareTerminal(context, spec, options), prepareToolbox(context, spec, options.signal)]);
}

/** kubectl asks a cluster what it knows before anything else, and keeps the answer for hours: here, once for all setups. */
async function prepareToolbox(context: DockerContext, spec: EnvironmentSpec, signal: AbortSignal): Promise<void> {
  const toolbox = await emptyToolbox(context, spec, 'setup', true);
  if (nodesOf(spec.needs).length > 0) await runOwn(toolbox, `KUBECONFIG=${KUBECONFIG} kubectl api-resources >/dev/null`, [], signal);
}

const LOOK_INTERVAL_MS = 10_000;
/** What was up is found to be up in a fraction of this. */
const LOOK_TIMEOUT_MS = 10_000;
/** A machine that is merely busy answers within this, and so does an engine that was restarted. */
const PATIENCE_MS = 30_000;

/** Returns why the environment cannot be given to anybody any more. */
export async function keep(context: DockerContext, spec: EnvironmentSpec, { signal, onProgress }: WaitOptions): Promise<string> {
  let answeredAt = performance.now();
  for (;;) {
    onProgress?.('a session');
    const limit = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    try {
      await look(context, spec, AbortSignal.any([signal, limit]));
      answeredAt = performance.now();
    } catch (error) {
      signal.throwIfAborted();
      const isSilent = limit.aborted || (isCkxError(error) && error.code === 'ENGINE_UNAVAILABLE');
      if (!isSilent || performance.now() - answeredAt > PATIENCE_MS) return limit.aborted ? 'It does not answer.' : reasonOf(error);
    }
    await sleep(LOOK_INTERVAL_MS, undefined, { signal });
  }
}

/** Everything that its session would wait for, once more. */
async function look(context: DockerContext, spec: EnvironmentSpec, signal: AbortSignal): Promise<void> {
  await Promise.all(
    containersOf(context, spec).map(async ({ part }) => {
      const info = await inspect(context.docker.getContainer(containerName(spec.examSessionId, part)));
      if (info?.State.Running !== true) throw new CkxError('operational', 'NODE_GONE', `The container of its ${part} does not run.`);
    }),
  );
  await Promise.all([
    awaitTerminal(context, spec, { signal }),
    nodesOf(spec.needs).length > 0 && awaitMilestone(context, spec, 'workloads', { signal }),
    spec.needs.dockerEngine && awaitEngine(context, spec, { signal }),
  ]);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
