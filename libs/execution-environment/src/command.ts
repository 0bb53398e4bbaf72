#!/usr/bin/env node
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { EnvironmentCommandConfig, readConfig } from '@ckx/config';
import { ExamSessionId } from '@ckx/contracts';
import { openDatabase } from '@ckx/persistence';
import { z } from 'zod';
import { EnvironmentOperator, type EnvironmentStatus } from './operator.ts';

const Options = z.object({ sessionId: ExamSessionId });
const DestroyOptions = Options.extend({ reason: z.string().trim().min(1).max(300).default('An operator decided so.') });

async function print(work: (operator: EnvironmentOperator) => Promise<EnvironmentStatus>): Promise<void> {
  const config = readConfig(EnvironmentCommandConfig);
  const database = await openDatabase(config.DATABASE_URL, { poolSize: 2, applicationName: 'execution-environment' });
  try {
    printJson(await work(new EnvironmentOperator(database, config)));
  } finally {
    await database.destroy();
  }
}

const SESSION = ['--session-id <id>', 'the exam session'] as const;

const createCommand = new Command('create')
  .description('See to it that the session has its environment, built by its workflow; returns when it is ready.')
  .requiredOption(...SESSION)
  .action(async (values: unknown) => {
    const { sessionId } = parseOptions(Options, values);
    await print((operator) => operator.create(sessionId));
  });

const statusCommand = new Command('status')
  .description('Print the environment as recorded, and what the engine of this machine holds of it.')
  .requiredOption(...SESSION)
  .action(async (values: unknown) => {
    const { sessionId } = parseOptions(Options, values);
    await print((operator) => operator.status(sessionId));
  });

const destroyCommand = new Command('destroy')
  .description('End the session and remove its environment: by its workflow while that is open, from here where there is none.')
  .requiredOption(...SESSION)
  .option('--reason <text>', 'a sentence that the candidate is told')
  .action(async (values: unknown) => {
    const { sessionId, reason } = parseOptions(DestroyOptions, values);
    await print((operator) => operator.destroy(sessionId, reason));
  });

const program = new Command('execution-environment').description('The containers, network and volumes of one exam session.');
await runCommand(program.addCommand(createCommand).addCommand(statusCommand).addCommand(destroyCommand));
