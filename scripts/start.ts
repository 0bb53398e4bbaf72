/** `npm start`: everything on this machine. Ctrl-C stops it all, in order. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, StartConfig } from '@ckx/config';
import { describeFailure } from '@ckx/command';
import { CkxError } from '@ckx/contracts';
import { withLock, type Log } from '@ckx/toolchain';
import { Installation } from './start/installation.ts';
import { PROJECT_ROOT } from './start/node-service.ts';

const startedAt = performance.now();
const log: Log = (line) => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${line}`);

class Interrupted extends Error {}

async function main(): Promise<void> {
  const config = readConfig(StartConfig);
  const dataDir = config.CKX_DATA_DIR ?? join(PROJECT_ROOT, '.ckx');
  const interrupted = untilInterrupted();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const alreadyRunning = (pid: number) => {
    throw new CkxError('user', 'ALREADY_RUNNING', `This installation runs already, as process ${pid}.`, {
      remedy: 'Stop that one with Ctrl-C, or start a second one with another CKX_DATA_DIR.',
    });
  };
  await withLock(
    join(dataDir, 'lock'),
    async () => {
      await turnLogs(dataDir);
      const installation = new Installation(config, dataDir, log);
      try {
        const greeting = await Promise.race([installation.start(), interrupted]);
        console.log(greeting);
        await interrupted;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      } finally {
        log('stopping');
        await installation.stop();
        log('stopped; nothing is left running');
      }
    },
    { onWait: alreadyRunning },
  );
}

/** Rejects at the first signal; further ones change nothing, because terminals and npm may send the same one twice. */
function untilInterrupted(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => reject(new Interrupted(signal)));
  return promise;
}

/** Logs of the start before this one are kept beside the new ones. */
async function turnLogs(dataDir: string): Promise<void> {
  const logs = join(dataDir, 'logs');
  await rm(`${logs}.previous`, { recursive: true, force: true });
  await rename(logs, `${logs}.previous`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await mkdir(logs, { mode: 0o700 });
}

try {
  await main();
} catch (error) {
  const { exitCode, body } = describeFailure(error);
  console.error(`\n${body.error.message}${body.error.remedy === undefined ? '' : `\n${body.error.remedy}`}`);
  process.exitCode = exitCode;
}
process.exit();
