import { LastLook, type EnvironmentSpec, type ExecutionEnvironmentId, type WatchReport } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import type { Attendance } from '../attended.ts';

/** Looks that this process made itself: where Temporal was away, no heartbeat could tell of them, and yet nothing was missed. */
export type OwnLooks = Map<ExecutionEnvironmentId, LastLook>;

/** Watches on from the last look that anybody made. */
export async function watch(
  { provider, ownLooks }: { readonly provider: Pick<EnvironmentProvider, 'watch'>; readonly ownLooks: OwnLooks },
  { spec, seen: requested }: { readonly spec: EnvironmentSpec; readonly seen: LastLook },
  { signal, onProgress, lastProgress }: Attendance,
): Promise<WatchReport> {
  const id = spec.executionEnvironmentId;
  const seen = [LastLook.safeParse(lastProgress).data, ownLooks.get(id)].reduce<LastLook>(later, requested);
  const onLook = (look: LastLook) => {
    ownLooks.set(id, look);
    onProgress(look);
  };
  const report = await provider.watch(spec, { signal, seen, onLook });
  ownLooks.delete(id);
  return report;
}

function later(one: LastLook, other: LastLook | undefined): LastLook {
  return other !== undefined && other.atMs > one.atMs ? other : one;
}
