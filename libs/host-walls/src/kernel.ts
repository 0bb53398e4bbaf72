/** What nodes need of the host's kernel, and how to read and set it. */
import { readFile, writeFile } from 'node:fs/promises';

export interface KernelSetting {
  readonly key: string;
  readonly minimum: number;
  /** What happens without it. */
  readonly why: string;
}

export const KERNEL_SETTINGS: readonly KernelSetting[] = [
  { key: 'fs.inotify.max_user_instances', minimum: 8192, why: 'a node uses 27 of them: with the usual 128 the fifth node fails' },
  { key: 'fs.inotify.max_user_watches', minimum: 524288, why: 'kubelets watch every volume' },
  {
    key: 'kernel.keys.maxkeys',
    minimum: 100_000,
    why: 'every container holds a key, those within nodes too, and under user namespaces all of a host are counted together: with the usual 200 the next one does not start',
  },
  { key: 'kernel.keys.maxbytes', minimum: 10_000_000, why: 'the same keys, counted by their size' },
  { key: 'net.ipv4.ip_forward', minimum: 1, why: 'traffic of containers is forwarded' },
];

function file(key: string): string {
  return `/proc/sys/${key.replaceAll('.', '/')}`;
}

/** The current value, or null where the kernel is not ours to ask (no Linux: the engine runs in a machine of its own). */
export async function readKernelSetting(key: string): Promise<number | null> {
  try {
    return Number(await readFile(file(key), 'utf8'));
  } catch {
    return null;
  }
}

/** Raises what is too low. @returns the settings that stayed too low: not permitted */
export async function raiseKernelSettings(): Promise<KernelSetting[]> {
  const low: KernelSetting[] = [];
  for (const setting of KERNEL_SETTINGS) {
    const value = await readKernelSetting(setting.key);
    if (value === null || value >= setting.minimum) continue;
    try {
      await writeFile(file(setting.key), String(setting.minimum));
    } catch {
      low.push(setting);
    }
  }
  return low;
}
