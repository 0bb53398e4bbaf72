import { CkxError, nodesOf, type EnvironmentSpec, type WatchedPart } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import type { Attendance } from '../attended.ts';

/** How soon a part that died is noticed while checks wait for it. */
const LOOK_MS = 2_000;

/**
 * What checks say counts only where the parts that they ask stood all the while: one that died under them would make wrong answers of right
 * ones.
 *
 * @param startAgain whether a part that is dead is started again first; where not, somebody else looks after it.
 * @param work ends with its signal: once a part is dead, nothing that it still waits for can come.
 * @throws CkxError operational `NODE_DIED`: a repeat looks anew.
 */
export async function whilePartsStand<T>(
  provider: EnvironmentProvider,
  spec: EnvironmentSpec,
  { signal, startAgain }: { readonly signal: AbortSignal; readonly startAgain: Attendance | null },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const parts: readonly WatchedPart[] = [
    ...nodesOf(spec.needs),
    // The node is the one that sessions share, which comes back for all of them.
    ...(spec.needs.cluster === 'namespace' ? (['node', 'relay'] as const) : []),
    ...(spec.needs.dockerEngine ? (['engine'] as const) : []),
  ];
  if (startAgain !== null) {
    for (const part of parts) if ((await provider.runsSince(spec, part)) === null) await provider.restart(spec, part, startAgain);
  }
  const since = () => Promise.all(parts.map((part) => provider.runsSince(spec, part)));
  const before = await since();
  const dead = async () => {
    const now = await since();
    return parts.find((_, index) => before[index] === null || before[index] !== now[index]);
  };
  const over = new AbortController();
  const end = (part: WatchedPart | undefined) => part !== undefined && over.abort(died(part));
  // An engine that does not answer meanwhile is met by the look at the end.
  const timer = setInterval(() => void dead().then(end, () => undefined), LOOK_MS);
  try {
    const result = await work(AbortSignal.any([signal, over.signal]));
    end(await dead());
    over.signal.throwIfAborted();
    return result;
  } catch (error) {
    signal.throwIfAborted();
    over.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function died(part: WatchedPart): CkxError {
  return new CkxError('operational', 'NODE_DIED', `The ${part} died while checks ran: what they said does not count.`);
}
