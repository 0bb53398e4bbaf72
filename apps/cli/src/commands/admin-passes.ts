import { randomUUID } from 'node:crypto';
import { parseOptions, printJson } from '@ckx/command';
import { GrantPassBody, PassId, PassTypeId, PassView, ReasonBody } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { adminContextOf } from '../context.ts';
import { print } from '../output.ts';
import { userOf } from './account-admin.ts';
import { passTable } from './pass.ts';

const EMAIL = 'the account’s e-mail address';

/** Passes that administrators give, take and look at. */
export function addAdminPassCommands(admin: Command): void {
  const pass = admin.command('pass').description('access passes of anybody');

  pass
    .command('list')
    .description('every pass that somebody has or had')
    .argument('<email>', EMAIL)
    .action(async (email: string, _options: object, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const { id } = await userOf(client, email);
      const passes = await client.call(z.array(PassView), `/admin/users/${id}/passes`);
      if (json) printJson(passes);
      else print(passTable(passes));
    });

  pass
    .command('grant')
    .description('give somebody a pass; its time begins when they activate it')
    .argument('<email>', EMAIL)
    .argument('<type>', PassTypeId.options.join(', '))
    .requiredOption('--reason <sentence>', 'kept in the audit log')
    .action(async (email: string, type: string, { reason }: { reason: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const body = parseOptions(GrantPassBody, { id: randomUUID(), type, reason });
      const account = await userOf(client, email);
      const granted = await client.call(PassView, `/admin/users/${account.id}/passes`, { method: 'POST', body });
      if (json) printJson(granted);
      else print(`${account.email} has the pass ${granted.id} (${granted.name}), to be activated.`);
    });

  pass
    .command('revoke')
    .description('take a pass away, for good; a session that runs goes on')
    .argument('<id>', 'the pass')
    .requiredOption('--reason <sentence>', 'its owner reads it')
    .action(async (named: string, options: { reason: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const id = parseOptions(PassId, named);
      const call = { method: 'POST', body: parseOptions(ReasonBody, options) } as const;
      const revoked = await client.call(PassView, `/admin/passes/${id}/revoke`, call);
      if (json) printJson(revoked);
      else print(`The pass ${id} is revoked.`);
    });
}
