/** `node apps/worker/src/main.ts control|host`: one Temporal worker in the role that is named, or in that of CKX_WORKER_ROLE. */
import { inspect } from 'node:util';
import { ConfigError, readConfig } from '@ckx/config';
import { isCkxError } from '@ckx/contracts';
import { z } from 'zod';

const USAGE = 'usage: main.ts control|host (or CKX_WORKER_ROLE=control|host)';

async function main(): Promise<void> {
  const { CKX_WORKER_ROLE } = readConfig(z.object({ CKX_WORKER_ROLE: z.string().optional() }));
  switch (process.argv[2] ?? CKX_WORKER_ROLE) {
    case 'control':
      return (await import('./control.ts')).runControl();
    case 'host':
      return (await import('./host.ts')).runHost();
    default:
      throw new ConfigError([USAGE]);
  }
}

/** What a person needs to mend it; the whole stack only where the error is none of ours. */
function sentenceOf(error: unknown): string {
  if (isCkxError(error)) return [error.message, error.remedy].filter(Boolean).join('\n');
  return error instanceof ConfigError ? error.message : inspect(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  // Temporal's runtime would keep a process alive whose worker was never made.
  process.exit(1);
}
