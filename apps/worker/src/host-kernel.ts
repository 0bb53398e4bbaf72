import { readFile, writeFile } from 'node:fs/promises';
import { CkxError } from '@ckx/contracts';

/** A node uses 27 of them; with the usual 128 the kubelets of a fifth node die of "too many open files", some after Ready. */
const INSTANCES = { key: 'fs.inotify.max_user_instances', file: '/proc/sys/fs/inotify/max_user_instances', minimum: 8_192 };

/**
 * Sets what nodes need of the kernel where it is too low. Does nothing where the engine runs in another machine than this process.
 *
 * @throws CkxError `KERNEL_SETTING` (user) where it is too low and this user may not set it.
 */
export async function requireKernelSettings(dockerHost: string | undefined): Promise<void> {
  const engineIsHere = process.platform === 'linux' && (dockerHost === undefined || dockerHost.startsWith('unix://'));
  if (!engineIsHere) return;
  const { key, file, minimum } = INSTANCES;
  const value = Number(await readFile(file, 'utf8'));
  if (value >= minimum) return;
  try {
    await writeFile(file, String(minimum));
  } catch (cause) {
    throw new CkxError(
      'user',
      'KERNEL_SETTING',
      `The kernel setting ${key} is ${value}; nodes need ${minimum} at least, and this user may not set it.`,
      {
        remedy: `Run as root: sysctl -w ${key}=${minimum}`,
        cause,
      },
    );
  }
}
