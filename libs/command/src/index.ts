/**
 * What every command of CKX shares. A command prints JSON on standard output and nothing else there; a failure is one line of JSON on
 * standard error with a stable code, a sentence and a remedy.
 *
 * Exit codes: 0 done · 1 refused or failed (the user's or operational) · 2 called wrongly · 70 a bug (EX_SOFTWARE of sysexits).
 */
import { ConfigError } from '@ckx/config';
import { CkxError, isCkxError } from '@ckx/contracts';
import { CommanderError, type Command } from 'commander';
import type { z } from 'zod';

export { Command } from 'commander';

export const EXIT = { done: 0, failed: 1, usage: 2, bug: 70 } as const;

/** Parses command-line values with a schema. @throws CkxError `INVALID_ARGUMENT` that names every wrong one. */
export function parseOptions<S extends z.ZodType>(schema: S, values: unknown): z.output<S> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.message}`);
  throw invalidArgument(reasons.join('; '));
}

function invalidArgument(message: string): CkxError {
  return new CkxError('user', 'INVALID_ARGUMENT', message, { remedy: 'Call the command with --help for its arguments.' });
}

/** Standard output: one JSON document and a newline. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`);
}

/** The form in which a failure is printed. */
export function describeFailure(error: unknown): { exitCode: number; body: { error: { code: string; message: string; remedy?: string } } } {
  if (isCkxError(error)) {
    const exitCode = error.code === 'INVALID_ARGUMENT' ? EXIT.usage : error.kind === 'bug' ? EXIT.bug : EXIT.failed;
    return {
      exitCode,
      body: { error: { code: error.code, message: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) } },
    };
  }
  if (error instanceof ConfigError) {
    return {
      exitCode: EXIT.failed,
      body: { error: { code: 'CONFIG_INVALID', message: error.message, remedy: 'Set these environment variables.' } },
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: EXIT.bug,
    body: { error: { code: 'BUG', message, remedy: 'This is a fault of CKX: please report it with the line above.' } },
  };
}

/** Runs a command to its end and sets the exit code; never throws. */
export async function runCommand(command: Command, argv: readonly string[] = process.argv): Promise<void> {
  throwOnExit(command);
  try {
    await command.parseAsync([...argv]);
  } catch (error) {
    // Help was printed, asked for or in place of an answer.
    if (error instanceof CommanderError && error.code.startsWith('commander.help')) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const failure = describeFailure(error instanceof CommanderError ? invalidArgument(error.message.replace(/^error: /, '')) : error);
    process.stderr.write(`${JSON.stringify(failure.body)}\n`);
    process.exitCode = failure.exitCode;
  }
}

/** So that a wrong call is answered in the one form of failures, and not by commander itself. */
function throwOnExit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  command.commands.forEach(throwOnExit);
}
