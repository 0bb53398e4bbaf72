#!/usr/bin/env node
import { Command, printJson, runCommand } from '@ckx/command';
import { validateIdentity, validateOwnership } from './index.ts';

interface Options {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly environmentId?: string;
}

const validateCommand = new Command('validate')
  .description('Print the identity of a session, or say what is missing or malformed.')
  .option('--user-id <id>', 'whose session it is (required)')
  .option('--session-id <id>', 'the exam session (required)')
  .option('--environment-id <id>', 'its execution environment, once it has one')
  .action(({ userId, sessionId, environmentId }: Options) => {
    const ownership = { userId, examSessionId: sessionId };
    printJson(
      environmentId === undefined
        ? validateOwnership(ownership)
        : validateIdentity({ ...ownership, executionEnvironmentId: environmentId }),
    );
  });

const program = new Command('session-identity').description('The identity of a session: explicit, or refused.');
await runCommand(program.addCommand(validateCommand));
