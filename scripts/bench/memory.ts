/** Memory of an environment's containers, as `docker stats` counts it. */
import type { ExecutionEnvironmentId } from '@ckx/contracts';
import type Docker from 'dockerode';

const MIB = 2 ** 20;

export interface ContainerFacts {
  readonly part: string;
  readonly image: string;
  readonly memoryMib: number;
}

export async function readContainers(docker: Docker, environment: ExecutionEnvironmentId): Promise<ContainerFacts[]> {
  const containers = await docker.listContainers({ filters: { label: [`ckx.environment=${environment}`] } });
  return Promise.all(
    containers.map(async ({ Id, Image, Labels }) => {
      const { memory_stats: memory } = await docker.getContainer(Id).stats({ stream: false });
      // Pages of files that can be dropped at any time are no use of memory: control groups version 1, then 2.
      const droppable = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
      return { part: Labels['ckx.part'] ?? Id, image: Image, memoryMib: (memory.usage - droppable) / MIB };
    }),
  );
}
