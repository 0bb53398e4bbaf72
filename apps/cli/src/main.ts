/** `ckx`: people's way to labs, sessions and results; for operators a few commands more. */
import { describeFailure, EXIT } from '@ckx/command';
import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addAdminCommands } from './commands/admin.ts';
import { addBuyCommands } from './commands/buy.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addLabCommands } from './commands/labs.ts';
import { addMailCommands } from './commands/mail.ts';
import { addPassCommands } from './commands/pass.ts';
import { addSessionCommands } from './commands/session.ts';
import { addTerminalCommands } from './commands/terminal.ts';
import { say } from './output.ts';

const EXAMPLE = `
A whole session:
  ckx labs list
  ckx session start ckad-mock-01 --follow
  ckx session questions
  ckx session shell
  ckx session submit --wait

Where a session may be left out, the one that is open is meant.
Exit codes: 0 done · 1 refused or failed · 2 called wrongly · 70 a fault of CKX.`;

function program(): Command {
  const ckx = new Command('ckx')
    .description('Hands-on Kubernetes exam practice from the command line.')
    .option('--api <address>', "the API's address; by default the installation that runs on this machine (CKX_API_URL)")
    .option('--json', 'answer with one JSON document on standard output')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Call the command with --help for its arguments.')
    .addHelpText('after', EXAMPLE)
    .exitOverride();
  const session = ckx.command('session').description('one exam session, from start to result');
  addSessionCommands(ckx, session);
  addTerminalCommands(session);
  addLabCommands(ckx);
  addAccountCommands(ckx);
  addPassCommands(ckx);
  addBuyCommands(ckx);
  addAdminCommands(ckx);
  addMailCommands(ckx);
  addDoctorCommand(ckx);
  return ckx;
}

/** A failure is a sentence and a remedy; with `--json` a document, both on standard error. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { exitCode, body } = describeFailure(error);
  const words = process.argv.slice(0, process.argv.includes('--') ? process.argv.indexOf('--') : undefined);
  if (words.includes('--json')) say(JSON.stringify(body));
  else say(body.error.remedy === undefined ? body.error.message : `${body.error.message}\n  → ${body.error.remedy}`);
  return exitCode;
}

try {
  await program().parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
