/** Programs that the machine has, and those that Debian's package manager can give it. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from './processes.ts';
import { step, type Log } from './progress.ts';

/** Installs Debian packages. Another apt that is at work is waited for. */
export async function installPackages(packages: readonly string[], log: Log): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => runOrThrow('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
  await step(log, `Debian packages installed (${packages.join(', ')})`, async () => {
    const install = ['install', '-y', '--no-install-recommends', ...packages];
    try {
      await apt(...install);
    } catch {
      await apt('update');
      await apt(...install);
    }
  });
}

/** Where a program is on PATH, or null. */
export async function onPath(program: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}
