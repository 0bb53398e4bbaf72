/** What every command begins with. */
import { CkxError } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { Client } from './client.ts';
import { say } from './output.ts';
import { findTarget } from './target.ts';

const GlobalOptions = z.object({ api: z.url({ protocol: /^https?$/ }).optional(), json: z.boolean().default(false) });

export interface Context {
  readonly client: Client;
  /** The answer is wanted as one JSON document. */
  readonly json: boolean;
}

/** @throws CkxError `INVALID_ARGUMENT` where `--api` is no address. */
export async function contextOf(command: Command): Promise<Context> {
  const options = GlobalOptions.safeParse(command.optsWithGlobals());
  if (!options.success) {
    throw new CkxError('user', 'INVALID_ARGUMENT', '--api takes an address such as http://127.0.0.1:4000.');
  }
  return { client: new Client(await findTarget(options.data.api), say), json: options.data.json };
}

/** Aborts at the first Ctrl-C; the second one ends the process as usual. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
