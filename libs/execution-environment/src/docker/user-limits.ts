/**
 * What the kernel counts for a user, not for a container: all that containers hold of it comes from one store, the host's. Without a share
 * of its own, root on one node could take the whole of it, and no other node would start.
 */
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CkxError } from '@ckx/contracts';
import { mappedRoot } from './cgroups.ts';

const run = promisify(execFile);

/** Files in /proc/sys/user (namespaces(7)) → share of one container. Of the first, a node uses about 30 of the host's 8,192. */
const SHARES = {
  max_inotify_instances: 400,
  max_inotify_watches: 32_768,
  max_fanotify_groups: 4,
  max_fanotify_marks: 4_096,
  max_cgroup_namespaces: 2_048,
  max_ipc_namespaces: 2_048,
  max_mnt_namespaces: 2_048,
  max_net_namespaces: 2_048,
  max_pid_namespaces: 2_048,
  max_time_namespaces: 2_048,
  max_user_namespaces: 2_048,
  max_uts_namespaces: 2_048,
} as const;

const SCRIPT = Object.entries(SHARES)
  .map(([key, share]) => `f=/proc/sys/user/${key}; [ ! -e $f ] || echo ${share} > $f`)
  .join('\n');

/**
 * Call after each start of a container: its user namespace is a new one. Root within cannot change it. Does nothing where the engine maps no
 * users, or runs where this process cannot see its processes or is not root.
 *
 * @param pid of the container's first process, as the engine says.
 * @throws CkxError `USER_LIMITS_NOT_SET` (operational) while the container runs.
 */
export async function limitUserNamespace(pid: number): Promise<void> {
  if (process.getuid?.() !== 0 || pid === 0) return;
  const map = await readFile(`/proc/${pid}/uid_map`, 'utf8').catch(() => null);
  if (map === null || mappedRoot(map) === 0) return;
  try {
    await run('nsenter', ['--target', String(pid), '--user', 'sh', '-euc', SCRIPT]);
  } catch (cause) {
    const gone = await access(`/proc/${pid}`).then(
      () => false,
      () => true,
    );
    if (gone) return;
    throw new CkxError('operational', 'USER_LIMITS_NOT_SET', 'What a container may hold of the kernel could not be limited.', { cause });
  }
}
