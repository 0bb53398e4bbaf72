import { CkxError, type ExamSessionId } from '@ckx/contracts';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { contextOf } from '../context.ts';
import { duration, moment, say } from '../output.ts';
import { beginSession, ended, isOver, readStatus, sessionOf, terminalOf } from '../session.ts';
import { openShell, quoteWords, runRemote } from '../ssh.ts';

export function addTerminalCommands(session: Command): void {
  session
    .command('shell')
    .description('open the terminal of a session; starts the clock where it does not run yet')
    .argument('[id]', 'the session; the one that is open where left out')
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client } = await contextOf(command);
      if (!process.stdin.isTTY) {
        throw new CkxError('user', 'NO_TERMINAL', 'A shell needs a terminal, and standard input is none.', {
          remedy: 'Run one command with: ckx session exec -- <command>',
        });
      }
      const id = await sessionOf(client, named);
      await beginWhereReady(client, id);
      process.exitCode = await openShell(await terminalOf(client, id));
      const status = await readStatus(client, id);
      if (isOver(status)) say(ended(status).message);
    });

  session
    .command('exec')
    .description('run one command in the terminal: standard input is passed on, the exit code comes back; starts the clock like shell')
    .usage('[id] -- <command> [arguments…]')
    .argument('[words...]', 'the session, then -- and the command')
    .action(async (words: string[], _options: object, command: Command) => {
      const { named, remote } = splitWords(words, process.argv);
      const { client } = await contextOf(command);
      const id = await sessionOf(client, named);
      await beginWhereReady(client, id);
      process.exitCode = await runRemote(await terminalOf(client, id), quoteWords(remote), process);
    });
}

/** What stands before `--` names the session, what stands behind it is the command. */
function splitWords(words: readonly string[], argv: readonly string[]): { named: string | undefined; remote: readonly string[] } {
  const dashes = argv.indexOf('--');
  const length = dashes === -1 ? 0 : argv.length - dashes - 1;
  const before = words.slice(0, words.length - length);
  if (length === 0 || before.length > 1) {
    throw new CkxError('user', 'INVALID_ARGUMENT', 'Put -- before the command to run.', {
      remedy: 'For example: ckx session exec -- kubectl get pods',
    });
  }
  return { named: before[0], remote: words.slice(words.length - length) };
}

/** A candidate who opens the terminal has started. */
async function beginWhereReady(client: Client, id: ExamSessionId): Promise<void> {
  const status = await readStatus(client, id);
  if (isOver(status)) throw ended(status);
  if (status.state !== 'ready') return;
  const { startedAt, deadlineAt } = await beginSession(client, id);
  const left = Date.parse(deadlineAt ?? '') - Date.parse(startedAt ?? '');
  say(`The clock runs: ${duration(left / 1000)}, until ${moment(deadlineAt)}.`);
}
