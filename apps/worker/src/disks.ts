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
  const folders = Object.entries({ work, ...(isOnThisMachine(dockerHost) && { engine }) });
  return (registry) => {
    const define = (name: string, help: string, blocks: 'blocks' | 'bavail') =>
      new Gauge({
        name,
        help,
        labelNames: ['disk'],
        registers: [registry],
        async collect() {
          this.reset();
          for (const [disk, folder] of folders) {
            const room = await statfs(folder).catch(() => null);
            if (room !== null) this.set({ disk }, room[blocks] * room.bsize);
          }
        },
      });
    define('ckx_host_disk_size_bytes', 'Size of the file system: of the engine’s data, and of the folders of sessions.', 'blocks');
    define('ckx_host_disk_free_bytes', 'Room on that file system for whoever is not root.', 'bavail');
  };
}
