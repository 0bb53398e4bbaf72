import { parseOptions, printJson } from '@ckx/command';
import { AdminUserView, CkxError, ExtraTimeBody, SetDisabledBody, SetRoleBody, UserPage } from '@ckx/contracts';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { adminContextOf } from '../context.ts';
import { moment, print, table } from '../output.ts';

const REASON = '--reason <sentence>';
const REASON_HELP = 'kept in the audit log';

/** Accounts of others: who they are, what they may do, what they are entitled to. */
export function addUserCommands(admin: Command): void {
  admin
    .command('users')
    .description('accounts by e-mail address')
    .option('--email <part>', 'only those whose address holds this', '')
    .option('--name <part>', 'only those whose name holds this', '')
    .option('--role <role>', 'only candidates, or only admins')
    .option('--disabled', 'only those that are disabled')
    .option('--after <address>', 'the next page: addresses after this one', '')
    .action(async (options: Record<string, string | true>, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(options)) query.set(name, String(value));
      const page = await client.call(UserPage, `/admin/users?${query.toString()}`);
      if (json) printJson(page);
      else {
        print(table(['address', 'name', 'role', 'extra time', 'since'], page.users.map(userRow)));
        if (page.next !== null) print(`More with: --after ${page.next}`);
      }
    });

  admin
    .command('extra-time')
    .description('more time on every exam that a candidate starts from now on')
    .argument('<email>', "the candidate's address")
    .requiredOption('--percent <number>', 'of the duration, 0 to 200')
    .requiredOption(REASON, REASON_HELP)
    .action(async (email: string, options: { percent: string; reason: string }, command: Command) => {
      const body = parseOptions(ExtraTimeBody, { percent: Number(options.percent), reason: options.reason });
      await change(command, email, 'extra-time', body, (user) => `has ${user.extraTimePercent} % more time from the next session on`);
    });

  admin
    .command('role')
    .description('make somebody an administrator, or a candidate')
    .argument('<email>', 'of the account')
    .argument('<role>', 'admin or candidate')
    .requiredOption(REASON, REASON_HELP)
    .action(async (email: string, role: string, options: { reason: string }, command: Command) => {
      const body = parseOptions(SetRoleBody, { role, reason: options.reason });
      await change(command, email, 'role', body, (user) => `has the role ${user.role}`);
    });

  for (const [name, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    admin
      .command(name)
      .description(
        disabled ? 'sign an account out everywhere, end its session, and let it sign in nowhere' : 'let a disabled account sign in again',
      )
      .argument('<email>', 'of the account')
      .requiredOption(REASON, REASON_HELP)
      .action(async (email: string, options: { reason: string }, command: Command) => {
        const body = parseOptions(SetDisabledBody, { disabled, reason: options.reason });
        await change(command, email, 'disabled', body, (user) => `is ${user.disabled ? 'disabled' : 'enabled'}`);
      });
  }
}

async function change(command: Command, email: string, what: string, body: object, done: (user: AdminUserView) => string): Promise<void> {
  const { client, json } = await adminContextOf(command);
  const { id } = await userOf(client, email);
  const user = await client.call(AdminUserView, `/admin/users/${id}/${what}`, { method: 'PUT', body });
  if (json) printJson(user);
  else print(`${user.email} ${done(user)}.`);
}

/** @throws CkxError `USER_UNKNOWN`. */
export async function userOf(client: Client, email: string): Promise<AdminUserView> {
  const address = email.toLowerCase();
  const { users } = await client.call(UserPage, `/admin/users?${new URLSearchParams({ email: address, limit: '200' }).toString()}`);
  const user = users.find((one) => one.email === address);
  if (user !== undefined) return user;
  throw new CkxError('user', 'USER_UNKNOWN', `There is no account ${address}.`, { remedy: 'See the accounts with: ckx admin users' });
}

function userRow(user: AdminUserView): string[] {
  return [
    user.email,
    user.name,
    user.disabled ? `${user.role}, disabled` : user.role,
    `${user.extraTimePercent} %`,
    moment(user.createdAt),
  ];
}
