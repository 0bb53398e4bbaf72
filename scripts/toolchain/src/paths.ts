/** Where the toolchain keeps what it fetched or built, shared by every checkout of this user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `${XDG_CACHE_HOME:-~/.cache}/ckx`, or a folder in it. */
export function cachePath(...parts: readonly string[]): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ckx', ...parts);
}
