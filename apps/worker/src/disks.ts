import { statfs } from 'node:fs/promises';
import { isOnThisMachine } from '@ckx/host-walls';
import { Gauge, type Registry } from 'prom-client';

/** Which disks a host lives on. */
export interface Disks {
  /** The engine's data: images, containers, volumes. */
  readonly engine: string;
  /** Folders of sessions under way. */
  readonly work: string;
}

/** Adds size and free room of the host's disks to its metrics; one that cannot be seen from here is left out. */
export function diskMetrics({ engine, work }: Disks, dockerHost: string | undefined): (registry: Registry) => void {
  const disks = { work, ...(isOnThisMachine(dockerHost) && { engine }) };
  return (registry) => {
    const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['disk'], registers: [registry] });
    const size = gauge('ckx_host_disk_size_bytes', 'Size of the file system: of the engine’s data, and of the folders of sessions.');
    const free = new Gauge({
      name: 'ckx_host_disk_free_bytes',
      help: 'Room on the file system for who is not root.',
      labelNames: ['disk'],
      registers: [registry],
      async collect() {
        for (const [disk, folder] of Object.entries(disks)) {
          const room = await statfs(folder).catch(() => null);
          if (room === null) {
            size.remove(disk);
            free.remove(disk);
            continue;
          }
          size.set({ disk }, room.blocks * room.bsize);
          free.set({ disk }, room.bavail * room.bsize);
        }
      },
    });
  };
}
