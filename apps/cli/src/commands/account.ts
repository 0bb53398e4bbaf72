import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { parseOptions, printJson } from '@ckx/command';
import { CkxError, LoginBody, RegisterBody, UserView } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { moment, print } from '../output.ts';

export function addAccountCommands(ckx: Command): void {
  ckx
    .command('login')
    .description('sign in; the password is asked for, or read from standard input')
    .requiredOption('--email <address>')
    .action(async (options: { email: string }, command: Command) => {
      const { client, json } = await contextOf(command);
      const { email, password } = parseOptions(LoginBody, { email: options.email, password: await readPassword() });
      await client.login(email, password);
      if (json) printJson({ email });
      else print(`Signed in at ${client.target.apiUrl} as ${email}.`);
    });

  ckx
    .command('register')
    .description('make an account and sign in; the password is asked for, or read from standard input')
    .requiredOption('--email <address>')
    .requiredOption('--name <name>')
    .action(async (options: { email: string; name: string }, command: Command) => {
      const { client, json } = await contextOf(command);
      const account = parseOptions(RegisterBody, { ...options, password: await readPassword() });
      await client.register(account);
      if (json) printJson({ email: account.email });
      else print(`Made the account ${account.email}, and signed in at ${client.target.apiUrl}.`);
    });

  ckx
    .command('logout')
    .description('sign out, and forget the tokens')
    .option('--everywhere', 'sign every device of the account out, not only this one', false)
    .action(async ({ everywhere }: { everywhere: boolean }, command: Command) => {
      const { client, json } = await contextOf(command);
      const isSignedIn = (await client.store.read(client.target.apiUrl)).tokens !== undefined;
      if (everywhere && isSignedIn) await client.call(z.undefined(), '/auth/logout-all', { method: 'POST' });
      const email = (await client.logout()) ?? null;
      if (json) printJson({ email });
      else print(email === null ? 'Nobody was signed in.' : `Signed out ${email}.`);
    });

  ckx
    .command('whoami')
    .description('who is signed in')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      if ((await client.store.read(client.target.apiUrl)).tokens === undefined) {
        throw new CkxError('user', 'NOT_SIGNED_IN', `Nobody is signed in at ${client.target.apiUrl}.`, {
          remedy: client.target.local ? 'Start a session: an account of this machine is made by itself.' : 'Sign in with: ckx login',
        });
      }
      const user = await client.call(UserView, '/users/me');
      if (json) printJson(user);
      else print(`${user.email} (${user.name}, ${user.role}) at ${client.target.apiUrl}, since ${moment(user.createdAt)}`);
    });
}

/** Never from the command line, where every process of the machine could read it. */
async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await readAll(process.stdin)).replace(/\r?\n$/, '');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write('Password: ');
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
