/** Workers are introduced to their cluster: what the control plane makes for each is carried over by this host, and by nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nodesOf, type EnvironmentSpec } from '@ckx/contracts';
import { getFile, putEntries } from './archive.ts';
import type { DockerContext } from './context.ts';
import { containerName, hostName } from './naming.ts';
import type { NodePart } from './parts/node.ts';

/** Where the control plane leaves it, a file for each worker by its name, and where the worker looks for it (images/node, ckx-worker-init). */
const LEFT_IN = '/var/lib/ckx/join';
const TAKEN_FROM = '/var/lib/ckx/join';

/** Until there is something to carry, every moment counts. */
const FIRST_LOOK_MS = 100;
const LATER_LOOK_MS = 1_000;

/**
 * Carries to each worker what its control plane has for it, while `work` goes on: a control plane whose first start is cut short begins
 * anew, with other keys. Ends with `work`.
 */
export async function whileIntroducing<T>(
  context: DockerContext,
  spec: EnvironmentSpec,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const within = AbortSignal.any([signal, over.signal]);
  const [first, ...workers] = nodesOf(spec.needs);
  const introducing = first === undefined ? [] : workers.map((worker) => introduce(context, spec, first, worker, within));
  try {
    return await Promise.race([work(within), ...introducing]);
  } finally {
    over.abort();
  }
}

/** @throws the signal's reason, in the end. */
async function introduce(
  { docker }: DockerContext,
  { examSessionId }: EnvironmentSpec,
  first: NodePart,
  part: NodePart,
  signal: AbortSignal,
): Promise<never> {
  const controlPlane = docker.getContainer(containerName(examSessionId, first));
  const worker = docker.getContainer(containerName(examSessionId, part));
  for (let carried = false; ;) {
    signal.throwIfAborted();
    const content = await getFile(controlPlane, `${LEFT_IN}/${hostName(part)}`);
    if (content !== null && (await getFile(worker, TAKEN_FROM)) !== content) {
      // The second file comes after the first is whole.
      await putEntries(worker, '/var/lib', [
        { path: 'ckx', mode: 0o755 },
        { path: 'ckx/join', mode: 0o600, content },
        { path: 'ckx/join.ready', mode: 0o600, content: '' },
      ]);
    }
    carried ||= content !== null;
    await sleep(carried ? LATER_LOOK_MS : FIRST_LOOK_MS, undefined, { signal });
  }
}
