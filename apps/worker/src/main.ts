/** `node apps/worker/src/main.ts control|host`: one Temporal worker in the role that is named, or in that of CKX_WORKER_ROLE. */
import { ConfigError, readConfig } from '@ckx/config';
import { z } from 'zod';
import { sentenceOf } from './sentence.ts';

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

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  // Temporal's runtime would keep a process alive whose worker was never made.
  process.exit(1);
}
