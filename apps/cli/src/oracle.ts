/**
 * The oracle of a lab: what its checks must say of a session that nobody touched, and of one that its solutions solved. It works on real
 * sessions through the public API and the candidate's own shell, so that whatever it finds a candidate would have met.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttemptResult, type CheckId, type CheckResult, type QuestionId, type Verdict } from '@ckx/contracts';
import type { LabPack } from '@ckx/lab-packs';
import { z } from 'zod';
import type { Client } from './client.ts';
import { seconds } from './output.ts';
import { beginSession, createSession, isGraded, isOver, readResult, readStatus, terminalOf, waitFor } from './session.ts';
import { runRemote, type SshTarget } from './ssh.ts';

/** Each is a session of its own, graded twice. */
const RUNS = ['untouched', 'solved'] as const;
type Run = (typeof RUNS)[number];

/** Characters of a check's evidence beside a deviation. */
const EVIDENCE_SHOWN = 300;

/** What the first and the second grading of the same cluster said; null where one said nothing. */
type Gradings = readonly [Verdict | null, Verdict | null];

export interface OracleRow extends Record<Run, Gradings> {
  readonly questionId: QuestionId;
  readonly checkId: CheckId;
  readonly weight: number;
}

export interface OracleReport {
  readonly labId: string;
  readonly digest: string;
  readonly ok: boolean;
  readonly percent: Record<Run, number | null>;
  readonly checks: readonly OracleRow[];
  /** What is not as it must be, a sentence each. */
  readonly deviations: readonly string[];
}

export interface OracleOptions {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Runs two sessions, one after the other, untouched and solved, and has each cluster graded twice: a check that changes what it looks at,
 * or that depends on luck, shows. Whatever happens, no session is left open.
 *
 * @param pack one that the installation has, offered or as a draft.
 */
export async function verifyLab(client: Client, pack: LabPack, options: OracleOptions): Promise<OracleReport> {
  const deviations: string[] = [];
  const results: Partial<Record<Run, AttemptResult>> = {};
  for (const run of RUNS) {
    options.say(`${run}:`);
    results[run] = await runSession(client, pack, run === 'untouched' ? null : deviations, options);
  }
  const checks = compare(pack, results, deviations);
  const percent = { untouched: results.untouched?.percent ?? null, solved: results.solved?.percent ?? null };
  if (percent.untouched !== 0) deviations.push(`Untouched, ${percent.untouched} % was earned: it must be nothing.`);
  if (percent.solved !== 100) deviations.push(`The solutions earned ${percent.solved} %: it must be 100 %.`);
  return { labId: pack.summary.id, digest: pack.digest, ok: deviations.length === 0, percent, checks, deviations };
}

/** @param faults where failures of solutions are noted; null for a session that nobody touches. */
async function runSession(client: Client, pack: LabPack, faults: string[] | null, { signal, say }: OracleOptions): Promise<AttemptResult> {
  const session = await createSession(client, pack.summary.id, { rehearsal: true, labDigest: pack.digest });
  const id = session.examSessionId;
  try {
    const begun = Date.now();
    await waitFor(client, id, (status) => status.state === 'ready', signal);
    say(`  session ${id} ready after ${seconds(Date.now() - begun)}`);
    await beginSession(client, id);
    if (faults !== null) await solve(pack, await terminalOf(client, id), faults, signal, say);
    await client.call(z.unknown(), `/sessions/${id}/submit`, { method: 'POST' });
    const submitted = Date.now();
    await waitFor(client, id, isGraded, signal);
    const result = await readResult(client, id);
    say(`  graded after ${seconds(Date.now() - submitted)}: ${result.percent ?? '-'} %`);
    return result;
  } finally {
    if (!isOver(await readStatus(client, id))) await client.call(z.unknown(), `/sessions/${id}`, { method: 'DELETE' });
    await client.store.forgetKey(id);
  }
}

async function solve(
  pack: LabPack,
  terminal: SshTarget,
  faults: string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  for (const { view, solution } of pack.questions) {
    if (solution === null) {
      faults.push(`${view.id} has no solution.`);
      continue;
    }
    const script = await readFile(join(pack.root, solution.path), 'utf8');
    const begun = Date.now();
    let errors = '';
    const exitCode = await runRemote(
      terminal,
      'bash -ls',
      { stdin: script, stdout: () => undefined, stderr: (text) => (errors += text) },
      signal,
    );
    say(`  ${view.id} solved in ${seconds(Date.now() - begun)}`);
    if (exitCode !== 0) faults.push(`The solution of ${view.id} ended with ${exitCode}: ${errors.trim().slice(-500)}`);
  }
}

function compare(pack: LabPack, results: Partial<Record<Run, AttemptResult>>, deviations: string[]): OracleRow[] {
  const rows: OracleRow[] = [];
  for (const question of pack.questions) {
    for (const { id: checkId, weight } of question.checks) {
      const name = `${question.view.id}/${checkId}`;
      const judge = (run: Run, expected: Verdict): Gradings => {
        const check = checkOf(results[run], question.view.id, checkId);
        const [first, second] = [check?.verdict ?? null, check?.secondVerdict ?? null];
        if (first !== expected) deviations.push(`${name} is ${first ?? 'missing'} ${run}: it must be ${expected}.${said(check)}`);
        if (first !== second) deviations.push(`${name}, ${run}, is ${first ?? 'missing'}, and ${second ?? 'missing'} when graded again.`);
        return [first, second];
      };
      rows.push({
        questionId: question.view.id,
        checkId,
        weight,
        untouched: judge('untouched', 'failed'),
        solved: judge('solved', 'passed'),
      });
    }
  }
  return rows;
}

function checkOf(result: AttemptResult | undefined, questionId: QuestionId, checkId: CheckId) {
  return result?.questions.find((question) => question.questionId === questionId)?.checks.find((check) => check.checkId === checkId);
}

/** The last of what the check said: authors print their verdict at the end. */
function said(check: CheckResult | undefined): string {
  const text = [check?.reason, check?.evidence.trim().slice(-EVIDENCE_SHOWN)].filter(Boolean).join(' ');
  return text === '' ? '' : ` It says: ${text}`;
}
