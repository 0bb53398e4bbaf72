#!/usr/bin/env node
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { DatabaseConfig, readConfig } from '@ckx/config';
import { ExamSessionId } from '@ckx/contracts';
import { openDatabase } from '@ckx/persistence';
import { z } from 'zod';
import { getSessionStatus } from './index.ts';

const Options = z.object({ sessionId: ExamSessionId });

const getCommand = new Command('get')
  .description('Print state, progress and clock of a session, and the reason where it waits or has failed.')
  .requiredOption('--session-id <id>', 'the exam session')
  .action(async (values: unknown) => {
    const { sessionId } = parseOptions(Options, values);
    const { DATABASE_URL } = readConfig(DatabaseConfig);
    const database = await openDatabase(DATABASE_URL, { poolSize: 1, applicationName: 'session-status' });
    try {
      printJson(await getSessionStatus(database, sessionId));
    } finally {
      await database.destroy();
    }
  });

const program = new Command('session-status').description('What a client is told about a session, from Postgres.');
await runCommand(program.addCommand(getCommand));
