import { LastLook, type EnvironmentSpec, type WatchReport } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import type { Attendance } from '../attended.ts';

/** A worker that merely took its time between two looks has missed nothing; one that was killed is away for longer. */
const GAP_MS = 3_000;

/** Watches, after having looked for how long nobody did. */
export async function watch(
  provider: EnvironmentProvider,
  spec: EnvironmentSpec,
  requested: LastLook,
  { signal, onProgress, lastProgress }: Attendance,
): Promise<WatchReport> {
  const seen = latest(requested, lastProgress);
  const now = Date.now();
  if (now - seen.atMs > GAP_MS) {
    return { finding: { kind: 'gap', cause: 'host', fromMs: seen.atMs, toMs: now }, seen: { ...seen, atMs: now } };
  }
  return await provider.watch(spec, { signal, seen, onLook: onProgress });
}

function latest(requested: LastLook, lastProgress: unknown): LastLook {
  const { data } = LastLook.safeParse(lastProgress);
  return data !== undefined && data.atMs > requested.atMs ? data : requested;
}
