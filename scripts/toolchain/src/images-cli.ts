/** Container images, for those who work on the project: `node scripts/toolchain/src/images-cli.ts build|status|prune`. */
import { Command, printJson, runCommand } from '@ckx/command';
import { connectDocker, findEngine } from './engine.ts';
import { ensureImages, imageStatus, pruneImages } from './images.ts';
import type { Log } from './progress.ts';

const log: Log = (line) => void process.stderr.write(`${line}\n`);

const command = new Command('images').description('The container images of an environment.');

command
  .command('build')
  .description('Build the images that are missing.')
  .action(async () => printJson(await ensureImages({ log })));

command
  .command('status')
  .description('Which images are there.')
  .action(async () => {
    const dockerHost = await findEngine();
    printJson(dockerHost === null ? null : await imageStatus(connectDocker(dockerHost)));
  });

command
  .command('prune')
  .description('Remove images of ours that the sources no longer describe and no container uses.')
  .action(async () => printJson({ removed: await pruneImages({ log }) }));

await runCommand(command);
