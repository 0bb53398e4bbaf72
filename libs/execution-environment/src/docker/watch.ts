/** Looks at an environment while its candidate uses it. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CkxError,
  isCkxError,
  watchedPartsOf,
  type EnvironmentSpec,
  type LastLook,
  type WatchedPart,
  type WatchFinding,
  type WatchReport,
} from '@ckx/contracts';
import type Docker from 'dockerode';
import type { WatchOptions } from '../provider.ts';
import type { DockerContext } from './context.ts';
import { diskWatch, type LimitReached } from './disk-watch.ts';
import { openDocumentation } from './documentation.ts';
import { engineCallUnless } from './errors.ts';
import { containerName } from './naming.ts';
import { standingSince } from './shared/stand.ts';

const LOOK_INTERVAL_MS = 1_000;
/** An engine that takes longer is asked again. */
const ANSWER_TIMEOUT_MS = 2_000;
/** An engine that is merely busy, with whatever a candidate does, answers well within this. */
const SILENCE_MS = 3_000;
/** More between two looks than a slow engine explains: this worker was away, or stood still. */
const ABSENCE_MS = LOOK_INTERVAL_MS + SILENCE_MS + 1_000;
/** Longer than an engine takes to restart. After this it is broken, and the session with it. */
const PATIENCE_MS = 5 * 60_000;
const RETRY_MS = 200;

type State = Docker.ContainerInspectInfo['State'];
interface Found {
  readonly parts: ReadonlyMap<WatchedPart, State | null>;
  /** When the node that sessions share was started; null where the session has none of it. */
  readonly sharedSince: string | null;
}

/**
 * Returns as soon as there is something to tell: a part that is dead or was started anew, or a time in which nobody
 * looked, since this worker was away or the engine did not answer. So it is with the node that sessions share: no candidate can end it, and
 * nobody waits for it in vain.
 *
 * @throws CkxError user `ENGINE_UNAVAILABLE` where the engine was silent for five minutes: no repeat helps.
 */
export async function watch(context: DockerContext, spec: EnvironmentSpec, { signal, seen, onLook }: WatchOptions): Promise<WatchReport> {
  let last = seen;
  if (spec.needs.desktop) await openDocumentation(context, spec);
  const overDisk = diskWatch(context, spec);
  for (;;) {
    const askedAt = performance.now();
    const found = await untilAnswered(context, spec, signal);
    const before = last;
    const atMs = Date.now();
    // A gap is told first; what became of the parts meanwhile is found by the watch after it, so their starts stay as they were.
    const { node: sharedBefore } = before.startedAt;
    const isAnew = found.sharedSince !== null && sharedBefore !== undefined && sharedBefore !== found.sharedSince;
    const cause = isAnew || performance.now() - askedAt > SILENCE_MS ? 'engine' : atMs - before.atMs > ABSENCE_MS ? 'host' : null;
    if (cause !== null) {
      const startedAt = { ...before.startedAt, ...sharedStart(found) };
      return { finding: { kind: 'gap', cause, fromMs: before.atMs, toMs: atMs }, seen: { atMs, startedAt } };
    }
    const finding = findDown(before, found) ?? limitReached(overDisk());
    last = { atMs, startedAt: { ...before.startedAt, ...startsOf(found), ...sharedStart(found) } };
    if (finding !== null) return { finding, seen: last };
    onLook(last);
    await sleep(LOOK_INTERVAL_MS, undefined, { signal });
  }
}

async function untilAnswered(context: DockerContext, spec: EnvironmentSpec, signal: AbortSignal): Promise<Found> {
  const askedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await look(context, spec);
    } catch (error) {
      // An engine that is going down or coming up answers with errors of its own: silence as well.
      if (!isCkxError(error) || error.kind !== 'operational') throw error;
      if (performance.now() - askedAt > PATIENCE_MS) {
        throw goneForGood(error);
      }
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

function goneForGood(cause: CkxError): CkxError {
  const minutes = PATIENCE_MS / 60_000;
  return cause.code === 'SHARED_NODE_RETURNS'
    ? new CkxError('user', 'SHARED_NODE_GONE', `The node that sessions share has not come back within ${minutes} minutes.`, { cause })
    : new CkxError('user', 'ENGINE_UNAVAILABLE', `The Docker engine has not answered for ${minutes} minutes.`, {
        remedy: 'Start the Docker engine again.',
        cause,
      });
}

async function look(context: DockerContext, spec: EnvironmentSpec): Promise<Found> {
  const { docker } = context;
  const stateOf = async (part: WatchedPart): Promise<State | null> => {
    const abortSignal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const container = docker.getContainer(containerName(spec.examSessionId, part));
    try {
      return (await engineCallUnless([404], () => container.inspect({ abortSignal })))?.State ?? null;
    } catch (error) {
      if (!abortSignal.aborted) throw error;
      throw new CkxError('operational', 'ENGINE_UNAVAILABLE', 'The Docker engine does not answer in time.', { cause: error });
    }
  };
  const [parts, sharedSince] = await Promise.all([
    Promise.all(watchedPartsOf(spec.needs).map(async (part) => [part, await stateOf(part)] as const)),
    spec.needs.cluster === 'namespace' ? standingSince(context) : null,
  ]);
  return { parts: new Map(parts), sharedSince };
}

function findDown(before: LastLook, { parts }: Found): WatchFinding | null {
  for (const [part, state] of parts) {
    if (isYetToCome(part, state, before)) continue;
    const reason = whyDown(state, before.startedAt[part]);
    if (reason !== null) return { kind: 'down', part, reason };
  }
  return null;
}

/** A desktop is made while it is watched for already. */
function isYetToCome(part: WatchedPart, state: State | null, { startedAt }: LastLook): boolean {
  return part === 'desktop' && startedAt.desktop === undefined && (state === null || state.Status === 'created');
}

function limitReached(over: LimitReached | null): WatchFinding | null {
  return over === null ? null : { kind: 'limit', ...over };
}

function whyDown(state: State | null, startedBefore: string | undefined): string | null {
  if (state === null) return 'its container is not there';
  if (!state.Running) return state.OOMKilled ? 'it needed more memory than it may use' : `it ended with exit code ${state.ExitCode}`;
  // After a restart of the whole machine, the host's worker starts what had been stopped.
  if (startedBefore !== undefined && startedBefore !== state.StartedAt) return 'it was started anew';
  return null;
}

/** In the place of a node of the session's own, of which it has none. */
function sharedStart({ sharedSince }: Found): LastLook['startedAt'] {
  return sharedSince === null ? {} : { node: sharedSince };
}

function startsOf({ parts }: Found): LastLook['startedAt'] {
  return Object.fromEntries(
    [...parts].flatMap(([part, state]) => (state === null || state.Status === 'created' ? [] : [[part, state.StartedAt]])),
  );
}
