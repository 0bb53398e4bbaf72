/** What an environment may use and what it uses, read from the engine. */
import type { EnvironmentSpec, EnvironmentUse, PartUse } from '@ckx/contracts';
import type Docker from 'dockerode';
import { inspect } from './containers.ts';
import type { DockerContext } from './context.ts';
import { diskUse } from './disk.ts';
import { engineCall, engineCallUnless } from './errors.ts';
import { LABEL, Part, readLabels } from './naming.ts';
import { limitsOf } from './parts/limits.ts';

const MIB = 2 ** 20;

/** Every container of the environment, toolboxes included. Takes a second or two: the engine looks twice to tell the use of processors. */
export async function inspectEnvironment(context: DockerContext, spec: EnvironmentSpec): Promise<EnvironmentUse> {
  const filters = { label: [`${LABEL.installation}=${context.installation}`, `${LABEL.environment}=${spec.executionEnvironmentId}`] };
  const containers = await engineCall(() => context.docker.listContainers({ all: true, filters }));
  const parts = await Promise.all(
    containers.map(async ({ Id, Labels }) => {
      const info = await inspect(context.docker.getContainer(Id));
      const part = Part.safeParse(readLabels(Labels)?.part);
      return info === null || !part.success ? null : partUse(context, part.data, info);
    }),
  );
  const { executionEnvironmentId, hostId } = spec;
  const sorted = parts.filter((part) => part !== null).sort((one, other) => one.part.localeCompare(other.part));
  return { executionEnvironmentId, hostId, parts: sorted };
}

async function partUse(context: DockerContext, part: Part, info: Docker.ContainerInspectInfo): Promise<PartUse> {
  const { State, HostConfig } = info;
  const [stats, disk] = await Promise.all([
    State.Running ? engineCallUnless([404, 409], () => context.docker.getContainer(info.Id).stats({ stream: false })) : null,
    diskUse(context, info).catch(() => null),
  ]);
  const startedAt = new Date(State.StartedAt);
  return {
    part,
    name: info.Name.replace(/^\//, ''),
    running: State.Running,
    // One that never started says the year 1.
    startedAt: startedAt.getUTCFullYear() > 1 ? startedAt.toISOString() : null,
    restarts: info.RestartCount,
    limits: {
      cpuMillis: cpuLimitMillis(HostConfig),
      memoryMib: Math.round((HostConfig.Memory ?? 0) / MIB),
      processes: HostConfig.PidsLimit ?? 0,
      diskMib: limitsOf(part).diskMib,
    },
    use: {
      cpuMillis: stats === null ? null : cpuMillis(stats),
      memoryMib: roundMib(stats === null ? null : usedMemory(stats)),
      processes: stats?.pids_stats?.current ?? null,
      diskMib: roundMib(disk?.bytes ?? null),
    },
  };
}

const roundMib = (bytes: number | null) => (bytes === null ? null : Math.round((bytes / MIB) * 10) / 10);

function cpuLimitMillis({ CpuQuota = 0, CpuPeriod = 0, NanoCpus = 0 }: Docker.HostConfig): number {
  return CpuPeriod > 0 ? Math.round((CpuQuota / CpuPeriod) * 1_000) : Math.round(NanoCpus / 1_000_000);
}

/** Between the engine's two looks, thousandths of a processor; null where it looked once only. */
function cpuMillis({ cpu_stats: now, precpu_stats: before }: Docker.ContainerStats): number | null {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = now.system_cpu_usage - before.system_cpu_usage;
  // `passed` is summed over all processors.
  return passed > 0 && Number.isFinite(passed) ? Math.round((used / passed) * now.online_cpus * 1_000) : null;
}

/** Bytes in use as `docker stats` counts them: without the page cache that can be dropped at any time. */
function usedMemory({ memory_stats: memory }: Docker.ContainerStats): number | null {
  // Absent where the container ended meanwhile.
  const usage: number | undefined = memory.usage;
  if (usage === undefined) return null;
  return usage - (memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0);
}
