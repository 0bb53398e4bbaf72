/** Commands for those who work on the project: `node scripts/toolchain/src/cli.ts engine [--stop]`. */
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { ensureEngine, keepEngine, stopUnusedEngine } from './engine.ts';
import type { Log } from './progress.ts';
import { isToolName, resolveTools } from './tools.ts';
import { z } from 'zod';

const log: Log = (line) => void process.stderr.write(`${line}\n`);

const ToolNames = z.string().refine(isToolName, 'no such tool');

const command = new Command('toolchain').description('Finds, builds and starts what CKX needs on this machine.');

command
  .command('engine')
  .description('Start the Docker engine if none runs, and let it stay; or stop it when nobody uses it.')
  .option('--stop', 'stop it when nobody uses it and no containers run')
  .action(async (options: { stop?: boolean }) => {
    if (options.stop) {
      await keepEngine(false);
      printJson({ stopped: await stopUnusedEngine(log) });
      return;
    }
    await keepEngine(true);
    const engine = await ensureEngine({ log });
    await engine.release();
    printJson({ dockerHost: engine.dockerHost, origin: engine.origin });
  });

command
  .command('tools')
  .description('Find, fetch or build tools; all of them where none is named.')
  .argument('[names...]')
  .action(async (names: string[]) => {
    printJson(await resolveTools(log, names.length === 0 ? undefined : parseOptions(z.array(ToolNames), names)));
  });

await runCommand(command);
