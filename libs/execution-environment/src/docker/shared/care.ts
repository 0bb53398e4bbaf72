/** Who comes to the node that sessions share, and when it goes. */
import { PART_UNITS, SHARED_NODE_UNITS, unitsOf, WatchedPart, type EnvironmentSpec, type Units } from '@ckx/contracts';
import type Docker from 'dockerode';
import { untilApiReady } from '../../kubernetes.ts';
import { ensureRunning, inspect } from '../containers.ts';
import type { DockerContext } from '../context.ts';
import { engineCall, engineCallUnless } from '../errors.ts';
import { containerName, LABEL, sharedName } from '../naming.ts';
import { relayOptions } from '../parts/relay.ts';
import { inTurn } from './memory.ts';
import { ensureSharedNode, removeSharedNode, sharedConfig, sharedNode } from './node.ts';

/** The node where it is not there yet, and the session's relay to it: nobody removes the node in between. */
export async function joinSharedNode(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  await inTurn(context.shared, async () => {
    await ensureSharedNode(context);
    context.shared.unusedSince = null;
    const relay = await ensureRunning(context, spec, containerName(spec.examSessionId, 'relay'), relayOptions(context, spec));
    await connect(context, relay);
  });
}

/** The engine connects it again at each of its starts. */
async function connect({ docker, installation }: DockerContext, relay: Docker.Container): Promise<void> {
  const name = sharedName(installation);
  const { NetworkSettings } = await engineCall(() => relay.inspect());
  // 403: another call was quicker.
  if (!(name in NetworkSettings.Networks)) await engineCallUnless([403], () => docker.getNetwork(name).connect({ Container: relay.id }));
}

/**
 * A node that nobody uses goes where an environment comes that needs its room: admission counts it only while it is used.
 *
 * @param spec of the environment that comes.
 */
export async function giveWay(context: DockerContext, { needs }: EnvironmentSpec): Promise<void> {
  const { capacity, shared } = context;
  if (capacity === undefined || (await inspect(sharedNode(context))) === null) return;
  await inTurn(shared, async () => {
    const parts = await partsHere(context);
    if (parts.includes('relay')) return;
    const taken = [unitsOf(needs), SHARED_NODE_UNITS, ...parts.map((part) => PART_UNITS[part])];
    const fits = (unit: keyof Units) => taken.reduce((sum, units) => sum + units[unit], 0) <= capacity[unit];
    if (!fits('cpuMillis') || !fits('memoryMib')) await removeSharedNode(context);
  });
}

/** All parts of environments of this installation, running or not. */
async function partsHere({ docker, installation }: DockerContext): Promise<WatchedPart[]> {
  const filters = { label: [`${LABEL.installation}=${installation}`, LABEL.part] };
  const containers = await engineCall(() => docker.listContainers({ all: true, filters }));
  return containers.flatMap(({ Labels }) => WatchedPart.safeParse(Labels[LABEL.part]).data ?? []);
}

/** Whoever comes soon after finds it warm. */
const UNUSED_MS = 60 * 60_000;
/** Its sessions have ended by then: they wait for it for five minutes. */
const SILENT_MS = 10 * 60_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Removes the node that sessions share once none has used it for an hour, or it has not answered for ten minutes.
 *
 * @param nowMs of a clock that nobody sets.
 * @returns a sentence where it did.
 */
export async function tendSharedNode(context: DockerContext, nowMs: number = performance.now()): Promise<string | null> {
  const { shared } = context;
  return inTurn(shared, async () => {
    if ((await inspect(sharedNode(context))) === null) {
      shared.unusedSince = shared.silentSince = null;
      // Relays may have kept its network.
      await removeSharedNode(context);
      return null;
    }
    const isUsed = (await partsHere(context)).includes('relay');
    shared.unusedSince = isUsed ? null : (shared.unusedSince ?? nowMs);
    shared.silentSince = (await answers(context)) ? null : (shared.silentSince ?? nowMs);
    const reason =
      shared.unusedSince !== null && nowMs - shared.unusedSince >= UNUSED_MS
        ? 'no session has used it for an hour'
        : shared.silentSince !== null && nowMs - shared.silentSince >= SILENT_MS
          ? 'it has not answered for ten minutes'
          : null;
    if (reason === null) return null;
    await removeSharedNode(context);
    shared.unusedSince = shared.silentSince = null;
    return `The node that sessions share was removed: ${reason}.`;
  });
}

async function answers(context: DockerContext): Promise<boolean> {
  const config = await sharedConfig(context);
  if (config === null) return false;
  return untilApiReady(config, AbortSignal.timeout(ANSWER_TIMEOUT_MS)).then(
    () => true,
    () => false,
  );
}
