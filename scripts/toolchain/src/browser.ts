/** The browser of the machine, for tests of the web application. */
import { CkxError } from '@ckx/contracts';
import { installPackages, onPath } from './packages.ts';
import type { Log } from './progress.ts';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium: the machine's own, else Debian's.
 *
 * @returns the program's path.
 * @throws CkxError user `NO_BROWSER`.
 */
export async function ensureBrowser(log: Log): Promise<string> {
  const found = await firstOnPath();
  if (found !== null) return found;
  if ((await onPath('apt-get')) !== null && process.getuid?.() === 0) await installPackages(['chromium'], log);
  const installed = await firstOnPath();
  if (installed !== null) return installed;
  throw new CkxError('user', 'NO_BROWSER', 'There is no Chromium on this machine.', {
    remedy: 'Install Chromium or Google Chrome and try again.',
  });
}

async function firstOnPath(): Promise<string | null> {
  for (const program of PROGRAMS) {
    const path = await onPath(program);
    if (path !== null) return path;
  }
  return null;
}
