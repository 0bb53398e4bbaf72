/** Ends what fills the disk: the engine's storage driver knows no quota, so the host looks. */
import { statfs } from 'node:fs/promises';
import { isCkxError, type EnvironmentSpec } from '@ckx/contracts';
import { inspect } from './containers.ts';
import type { DockerContext } from './context.ts';
import { diskUse, writtenFolders, type DiskUse } from './disk.ts';
import { engineCall } from './errors.ts';
import { LABEL, Part, readLabels } from './naming.ts';
import { limitsOf } from './parts/limits.ts';

const MIB = 2 ** 20;

/** Measured again when the disk lost this much since the last time, whoever took it: asking costs next to nothing. */
const LOSS_BYTES = 64 * MIB;
const LOSS_FILES = 10_000;
/** Measured at least this often where the engine's disk is at hand… */
const INTERVAL_MS = 60_000;
/** …and this often where the engine must be asked, which makes it read every folder. */
const ASKING_INTERVAL_MS = 30_000;
/** What cannot be counted in a minute, so many times in a row, is a flood too. */
const FAILURES_ALLOWED = 2;

export interface LimitReached {
  readonly part: string;
  readonly reason: string;
}

/** What a part is over, in words for its candidate; null where it is within its limits. */
export function overLimit(part: Part, { bytes, files }: DiskUse): string | null {
  const { diskMib, files: most } = limitsOf(part);
  if (bytes > diskMib * MIB) return `it uses ${Math.round(bytes / MIB)} MiB of disk, and may use ${diskMib} MiB`;
  if (files !== null && files > most) return `it holds ${files} files, and may hold ${most}`;
  return null;
}

/** One environment's containers, measured one after the other. @throws where a measurement failed. */
async function measure(context: DockerContext, spec: EnvironmentSpec): Promise<LimitReached | null> {
  const filters = { label: [`${LABEL.environment}=${spec.executionEnvironmentId}`] };
  for (const { Id, Labels } of await engineCall(() => context.docker.listContainers({ filters }))) {
    const part = Part.safeParse(readLabels(Labels)?.part);
    const info = await inspect(context.docker.getContainer(Id));
    if (!part.success || info === null) continue;
    const use = await diskUse(context, info);
    const reason = use === null ? null : overLimit(part.data, use);
    if (reason !== null) return { part: part.data, reason };
  }
  return null;
}

interface Room {
  readonly bytes: number;
  readonly files: number;
}

/** A folder on the engine's disk, where this process can see it. */
async function folderOf(context: DockerContext, spec: EnvironmentSpec): Promise<string | null> {
  const filters = { label: [`${LABEL.environment}=${spec.executionEnvironmentId}`] };
  const [container] = await engineCall(() => context.docker.listContainers({ filters }));
  const info = container === undefined ? null : await inspect(context.docker.getContainer(container.Id));
  return (info === null ? null : await writtenFolders(info))?.[0] ?? null;
}

async function roomAt(folder: string): Promise<Room | null> {
  const disk = await statfs(folder).catch(() => null);
  return disk === null ? null : { bytes: disk.bavail * disk.bsize, files: disk.ffree };
}

/**
 * A look at one environment's disk, to be repeated every second or so: it measures beside its caller, as often as there is reason to, and
 * answers at once with what the last measurement found.
 */
export function diskWatch(context: DockerContext, spec: EnvironmentSpec): () => LimitReached | null {
  let reached: LimitReached | null = null;
  let busy = false;
  let measured: { readonly atMs: number; readonly room: Room | null } | null = null;
  let folder: string | null = null;
  let failures = 0;

  const isDue = (now: Room | null): boolean => {
    if (measured === null) return true;
    const elapsedMs = performance.now() - measured.atMs;
    if (now === null || measured.room === null) return elapsedMs > ASKING_INTERVAL_MS;
    const lost = measured.room.bytes - now.bytes > LOSS_BYTES || measured.room.files - now.files > LOSS_FILES;
    return lost || elapsedMs > INTERVAL_MS;
  };
  const look = async (): Promise<void> => {
    folder ??= await folderOf(context, spec);
    const now = folder === null ? null : await roomAt(folder);
    if (now === null) folder = null;
    if (!isDue(now)) return;
    measured = { atMs: performance.now(), room: now };
    reached = await measure(context, spec);
    failures = 0;
  };
  const failed = (error: unknown): void => {
    // An engine that does not answer is its watcher's concern.
    if (isCkxError(error) && error.kind === 'operational') return;
    const { examSessionId, executionEnvironmentId } = spec;
    context.logger.warn({ err: error, examSessionId, executionEnvironmentId }, 'the disk use of an environment could not be measured');
    measured = null;
    failures += 1;
    if (failures > FAILURES_ALLOWED) reached = { part: 'environment', reason: 'what it keeps on disk is too much to be counted' };
  };
  return () => {
    if (!busy) {
      busy = true;
      void look()
        .catch(failed)
        .finally(() => (busy = false));
    }
    return reached;
  };
}
