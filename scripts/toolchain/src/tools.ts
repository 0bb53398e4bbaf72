import { cachePath } from './paths.ts';
import type { Log } from './progress.ts';
export async function resolveTool(name: string, _log: Log): Promise<{ path: string }> {
  return { path: cachePath('tools', 'temporal-1.5.1', name) };
}
