/** What every command begins with. */
import { CkxError } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { Client } from './client.ts';
import { say } from './output.ts';
import { findTarget, localAdmin } from './target.ts';

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

/**
 * As an administrator: whoever is signed in, or, where nobody is, the one that `npm start` made on this machine, if this user may read
 * that installation's secrets.
 */
export async function adminContextOf(command: Command): Promise<Context> {
  const context = await contextOf(command);
  const { target, store } = context.client;
  const { email, localAccount } = await store.read(target.apiUrl);
  if (email !== undefined && email !== localAccount?.email) return context;
  const admin = await localAdmin(target);
  return admin === null ? context : { ...context, client: new Client(target, say, admin) };
}

/** Aborts at the first Ctrl-C; the second one ends the process as usual. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
