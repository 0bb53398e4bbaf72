/**
 * Hands a container's control group to the user that is root inside it, where the engine maps users: systemd, containerd and the
 * kubelet of a node make groups of their own below it.
 */
import { chown, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/**
 * What a delegated group's owner may write (kernel documentation, cgroup-v2 "Delegation Containment"; the same of version 1). Never
 * the limits: who is root in a node must not lift them.
 */
const DELEGATED = ['cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control', 'tasks'];

/** The user outside that is root inside, from the first line of a `uid_map`: `<inside> <outside> <count>`. */
export function mappedRoot(uidMap: string): number {
  const [inside, outside] = uidMap.trim().split(/\s+/);
  return inside === '0' ? Number(outside) : 0;
}

/**
 * Folders of a container's groups from its `/proc/<pid>/cgroup`, versions 1 and 2. Processes inside may have moved further down:
 * the path is cut after the segment that names the container.
 *
 * @param containerId full id.
 */
export function cgroupFolders(procCgroup: string, containerId: string): string[] {
  const folders: string[] = [];
  for (const line of procCgroup.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const segments = path.split('/');
    const own = segments.findIndex((segment) => segment.includes(containerId));
    if (own === -1) continue;
    const hierarchy = controllers === '' ? '' : controllers.replace(/^name=/, '');
    folders.push(join(CGROUPS, hierarchy, ...segments.slice(0, own + 1)));
  }
  return folders;
}

/**
 * Call after each start of a node. Does nothing where the engine maps no users, or runs where this process cannot see or own its
 * processes (another machine, a virtual machine, not root): such an engine must delegate by itself.
 *
 * @param pid of the container's first process, as the engine says.
 */
export async function delegateCgroups(containerId: string, pid: number): Promise<void> {
  if (process.getuid?.() !== 0 || pid === 0) return;
  const proc = await Promise.all([readFile(`/proc/${pid}/uid_map`, 'utf8'), readFile(`/proc/${pid}/cgroup`, 'utf8')]).catch(() => null);
  if (proc === null) return;
  const owner = mappedRoot(proc[0]);
  if (owner === 0) return;
  await Promise.all(
    cgroupFolders(proc[1], containerId).map(async (folder) => {
      // Version 2 names its group also where only version 1 is mounted.
      const present = await readdir(folder).catch(() => null);
      if (present === null) return;
      await Promise.all(DELEGATED.filter((name) => present.includes(name)).map((name) => chown(join(folder, name), owner, owner)));
      await chown(folder, owner, owner);
    }),
  );
}
