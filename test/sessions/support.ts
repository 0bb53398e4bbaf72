import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ExamSessionId } from '@ckx/contracts';
import { openShell, shellExec, type ApiClient, type ShellResult } from '@ckx/test-support/client';
import { RunFile } from '@ckx/test-support/installation';
import { remainsOf } from '@ckx/test-support/remains';
import { inject } from 'vitest';

export const projectRoot = resolve(import.meta.dirname, '../..');

/** The running installation's addresses and process ids, read anew at each call. */
export async function running(): Promise<RunFile> {
  return RunFile.parse(JSON.parse(await readFile(join(inject('dataDir'), 'run.json'), 'utf8')));
}

/**
 * Kills a process of an installation for real, and waits until its supervisor has started another.
 *
 * @param run the installation's addresses and process ids as they are now; that of all tests where not said.
 */
export async function kill(name: string, run: () => Promise<RunFile> = running): Promise<void> {
  const before = (await run()).pids[name];
  if (before === undefined) throw new Error(`no process ${name} in run.json`);
  process.kill(before, 'SIGKILL');
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const now = (await run()).pids[name];
    if (now !== undefined && now !== before) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} was not started again within 30 s`);
}

/** The solution script of a question of one of our packs. */
export function solution(labId: string, questionId: string): Promise<string> {
  return readFile(join(projectRoot, 'labs', labId, 'questions', questionId, 'solution.sh'), 'utf8');
}

/** Starts the clock and runs scripts in the candidate's own shell, one after the other. */
export async function workInShell(client: ApiClient, examSessionId: ExamSessionId, scripts: readonly string[]): Promise<ShellResult[]> {
  const shell = await openShell(await client.sshKey(examSessionId));
  try {
    const results: ShellResult[] = [];
    for (const script of scripts) results.push(await shellExec(shell, 'bash -s', script));
    return results;
  } finally {
    shell.end();
  }
}

/** Whatever of a session is left on this machine and in the records: empty when it is wholly gone. */
export async function remains(examSessionId: ExamSessionId, executionEnvironmentId: string): Promise<string[]> {
  return remainsOf((await running()).databaseUrl, examSessionId, executionEnvironmentId);
}

/** Waits until the session's environment is destroyed and recorded as such. */
export function waitForTeardown(client: ApiClient, examSessionId: ExamSessionId): Promise<unknown> {
  return client.waitFor(examSessionId, (status) => status.environment === 'destroyed', 90_000);
}

/** Waits until the attempt is decided. */
export function waitForGrade(client: ApiClient, examSessionId: ExamSessionId): Promise<unknown> {
  return client.waitFor(examSessionId, (status) => status.attempt === 'graded' || status.attempt === 'grading_failed', 180_000);
}
