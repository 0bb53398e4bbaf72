import { CkxError, nodesOf, type EnvironmentSpec, type WatchedPart } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import type { Attendance } from '../attended.ts';

/**
 * What checks say counts only where the parts that they ask stood all the while: one that died under them would make wrong answers of right
 * ones.
 *
 * @param startAgain whether a part that is dead is started again first; where not, somebody else looks after it.
 * @throws CkxError operational `NODE_DIED`: a repeat looks anew.
 */
export async function whilePartsStand<T>(
  provider: EnvironmentProvider,
  spec: EnvironmentSpec,
  { startAgain }: { readonly startAgain: Attendance | null },
  work: () => Promise<T>,
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
  const result = await work();
  const after = await since();
  const died = parts.find((_, index) => before[index] === null || before[index] !== after[index]);
  if (died === undefined) return result;
  throw new CkxError('operational', 'NODE_DIED', `The ${died} died while checks ran: what they said does not count.`);
}
