/** Runs a command as anybody would: a process of its own, by its file. */
import { execFile } from 'node:child_process';
import { z } from 'zod';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param env what the process gets of environment beside PATH and HOME; nothing else is passed on. */
export function runCommandFile(file: URL, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve, reject) => {
    execFile(file.pathname, [...args], { env: { PATH, HOME, ...env }, timeout: 60_000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error ?? new Error('no exit code'));
    });
  });
}

const ErrorBody = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() }) });

/** The one line of JSON that a failed command says, and proof that it said nothing else. */
export function failureOf(result: CommandResult): z.infer<typeof ErrorBody>['error'] & { readonly exitCode: number } {
  if (result.stdout !== '') throw new Error(`A failed command wrote to standard output: ${result.stdout}`);
  return { ...ErrorBody.parse(JSON.parse(result.stderr)).error, exitCode: result.exitCode };
}
