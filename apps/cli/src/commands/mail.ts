import { parseOptions, printJson } from '@ckx/command';
import { MailLetter, MailPage, MailView } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { adminContextOf } from '../context.ts';
import { moment, print, table } from '../output.ts';

/** The outbox, for whoever runs an installation that sends no mail, or wants to know what became of one. */
export function addMailCommands(ckx: Command): void {
  const mail = ckx
    .command('mail')
    .description('for administrators: mail that was sent, or waits in the outbox where no SMTP is configured');

  mail
    .command('list')
    .description('mails, the newest first')
    .option('--to <part>', 'only those to addresses that hold this', '')
    .option('--state <state>', 'only those that are owed, sent or given_up')
    .option('--before <id>', 'the next page: mails before this one')
    .option('--limit <number>', '1 to 200', '50')
    .action(async (options: { to: string; state?: string; before?: string; limit: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const query = new URLSearchParams({ recipient: options.to, limit: options.limit });
      if (options.state !== undefined) query.set('state', parseOptions(MailView.shape.state, options.state));
      if (options.before !== undefined) query.set('before', options.before);
      const page = await client.call(MailPage, `/admin/mails?${query.toString()}`);
      if (json) printJson(page);
      else if (page.mails.length === 0) print('There is no mail.');
      else {
        print(table(['id', 'owed at', 'to', 'kind', 'state'], page.mails.map(mailRow)));
        if (page.next !== null) print(`More with: --before ${page.next}`);
      }
    });

  mail
    .command('show')
    .description('one mail as it is sent; its link only where no mail is sent, which is in the audit log')
    .argument('<id>', 'see: ckx mail list')
    .action(async (named: string, _options: object, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const letter = await client.call(MailLetter, `/admin/mails/${parseOptions(z.uuid(), named)}`);
      if (json) printJson(letter);
      else print(`To: ${letter.recipient}\nSubject: ${letter.subject}\n\n${letter.text.trimEnd()}`);
    });
}

function mailRow({ id, createdAt, recipient, kind, state, failure }: MailView): string[] {
  return [id, moment(createdAt), recipient, kind, failure === null ? state : `${state}: ${failure}`];
}
