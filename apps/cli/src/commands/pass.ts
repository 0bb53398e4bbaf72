import { parseOptions, printJson } from '@ckx/command';
import { AccessStatus, CkxError, PassId, PassView } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Client } from '../client.ts';
import { contextOf } from '../context.ts';
import { duration, moment, print, table } from '../output.ts';

/** Passes of whoever is signed in. */
export function addPassCommands(ckx: Command): void {
  const pass = ckx.command('pass').description('access passes, which open full labs');

  pass
    .command('status')
    .description('whether full labs are open to you, until when, and what you have left')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const status = await client.call(AccessStatus, '/access/status');
      if (json) printJson(status);
      else print(describeStatus(status));
    });

  pass
    .command('list')
    .description('every pass that you have or had')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const passes = await client.call(z.array(PassView), '/access/passes');
      if (json) printJson(passes);
      else print(passTable(passes));
    });

  pass
    .command('activate')
    .description('begin the time of a pass: now, or when the one that runs ends')
    .argument('[id]', 'the pass; where it is left out, the oldest that waits')
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = named === undefined ? await oldestWaiting(client) : parseOptions(PassId, named);
      const status = await client.call(AccessStatus, `/access/activate/${id}`, { method: 'POST' });
      if (json) printJson(status);
      else print(describeStatus(status));
    });
}

/** Passes as rows, for their owner and for administrators. */
export function passTable(passes: readonly PassView[]): string {
  if (passes.length === 0) return 'There are no passes.';
  const rows = passes.map(({ id, type, status, source, startsAt, expiresAt }) => [
    id,
    type,
    status,
    source,
    moment(startsAt),
    moment(expiresAt),
  ]);
  return table(['pass', 'type', 'status', 'source', 'starts', 'ends'], rows);
}

function describeStatus({ valid, type, expiresAt, remainingSeconds, upcoming, waiting }: AccessStatus): string {
  const running = valid
    ? `Full labs are open until ${moment(expiresAt)} (${type ?? ''}, ${duration(remainingSeconds)} left).`
    : 'Full labs are closed: no pass runs.';
  const next = upcoming.map((pass) => `Then ${pass.type} until ${moment(pass.expiresAt)}.`);
  const left = waiting.length === 0 ? [] : [`${waiting.length} wait to be activated: ${waiting.map((pass) => pass.type).join(', ')}.`];
  return [running, ...next, ...left].join('\n');
}

async function oldestWaiting(client: Client): Promise<PassId> {
  const [oldest] = (await client.call(AccessStatus, '/access/status')).waiting;
  if (oldest !== undefined) return oldest.id;
  throw new CkxError('user', 'PASS_UNKNOWN', 'No pass of yours waits to be activated.', { remedy: 'See: ckx pass list' });
}
