#!/usr/bin/env node
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { readConfig, RecordsConfig } from '@ckx/config';
import { ExamSessionId, SessionOutcome, SessionState } from '@ckx/contracts';
import { openDatabase } from '@ckx/persistence';
import { z } from 'zod';
import { moveSession } from './operator.ts';

const Options = z
  .object({
    sessionId: ExamSessionId,
    to: SessionState,
    outcome: SessionOutcome.optional(),
    reason: z.string().trim().min(1).max(300).default('An operator decided so.'),
  })
  .refine(({ to, outcome }) => outcome === undefined || to === 'terminated', { path: ['outcome'], message: 'goes with --to terminated' });

const transitionCommand = new Command('transition')
  .description('Move a session: through its workflow while that is open, in the records where there is none. Prints {state, previous}.')
  .requiredOption('--session-id <id>', 'the exam session')
  .requiredOption('--to <state>', SessionState.options.join(', '))
  .option('--outcome <outcome>', `with terminated: ${SessionOutcome.options.join(', ')} (default: terminated_by_admin)`)
  .option('--reason <text>', 'a sentence that the candidate is told')
  .action(async (values: unknown) => {
    const { sessionId: examSessionId, ...move } = parseOptions(Options, values);
    const config = readConfig(RecordsConfig);
    const database = await openDatabase(config.DATABASE_URL, { poolSize: 2, applicationName: 'session-lifecycle' });
    try {
      printJson(await moveSession(database, config, { examSessionId, ...move }));
    } finally {
      await database.destroy();
    }
  });

const program = new Command('session-lifecycle').description('The lifecycle of an exam session.');
await runCommand(program.addCommand(transitionCommand));
