#!/usr/bin/env node
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { DatabaseConfig, readConfig, RecordsConfig } from '@ckx/config';
import { ExamSessionId, UserId } from '@ckx/contracts';
import { openDatabase } from '@ckx/persistence';
import { moveSession } from '@ckx/session-lifecycle/operator';
import { z } from 'zod';
import { authorize } from './index.ts';

const AuthorizeOptions = z.object({ sessionId: z.string(), userId: UserId });
const DenyOptions = z.object({ sessionId: ExamSessionId, reason: z.string().trim().min(1).max(300) });

const authorizeCommand = new Command('authorize')
  .description('Say whether a user may use a session, and as what; a refusal says nothing of the session.')
  .requiredOption('--session-id <id>', 'the exam session')
  .requiredOption('--user-id <id>', 'who asks')
  .action(async (values: unknown) => {
    const { sessionId: examSessionId, userId } = parseOptions(AuthorizeOptions, values);
    const { DATABASE_URL } = readConfig(DatabaseConfig);
    const database = await openDatabase(DATABASE_URL, { poolSize: 1, applicationName: 'environment-access' });
    try {
      printJson(await authorize(database, { user: { id: userId }, examSessionId }));
    } finally {
      await database.destroy();
    }
  });

const denyCommand = new Command('deny')
  .description('Take a session away from its candidate: it is ended by its workflow, or on record where there is none.')
  .requiredOption('--session-id <id>', 'the exam session')
  .requiredOption('--reason <message>', 'a sentence that the candidate is told')
  .action(async (values: unknown) => {
    const { sessionId: examSessionId, reason } = parseOptions(DenyOptions, values);
    const config = readConfig(RecordsConfig);
    const database = await openDatabase(config.DATABASE_URL, { poolSize: 2, applicationName: 'environment-access' });
    try {
      const moved = await moveSession(database, config, { examSessionId, to: 'terminated', outcome: 'terminated_by_admin', reason });
      printJson({ examSessionId, ...moved, reason });
    } finally {
      await database.destroy();
    }
  });

const program = new Command('environment-access').description('The one access rule: who may use a session, and who no longer.');
await runCommand(program.addCommand(authorizeCommand).addCommand(denyCommand));
