/** `node apps/worker/src/main.ts control|host`: one Temporal worker in the role that is named, or in that of CKX_WORKER_ROLE. */
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

try {
  await main();
} catch (error) {
  if (error instanceof ConfigError) console.error(error.message);
  else if (isCkxError(error)) console.error(error.remedy === undefined ? error.message : `${error.message}\n${error.remedy}`);
  else console.error(error);
  process.exitCode = 1;
}
