/**
 * The oracle of a lab: what its checks must say of a session that nobody touched, of one that its solutions solved, and of those that its
 * wrong answers were given to. It works on real sessions through the public API and the candidate's own shell, so that whatever it finds a candidate would have met.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttemptResult, type CheckId, type CheckResult, type QuestionId, type Verdict } from '@ckx/contracts';
import type { LabPack, PackQuestion, PackScript } from '@ckx/lab-packs';
import { z } from 'zod';
import type { Client } from './client.ts';
import { seconds } from './output.ts';
import { beginSession, createSession, isGraded, isOver, readResult, readStatus, terminalOf, waitFor } from './session.ts';
import { runRemote, type SshTarget } from './ssh.ts';

/** A session of its own, graded twice. */
interface Run {
  readonly part: OraclePart;
  readonly name: string;
  /** What is typed for a question; null where it is left alone. */
  readonly answer: (question: PackQuestion) => PackScript | null;
  readonly passes: (question: PackQuestion, checkId: CheckId) => boolean;
}

const UNTOUCHED: Run = { part: 'untouched', name: 'untouched', answer: () => null, passes: () => false };
const SOLVED: Run = { part: 'solved', name: 'solved', answer: ({ solution }) => solution, passes: () => true };

/** One session carries a wrong answer to each question, so that there are as many of them as the question with the most has. */
function wrongRuns({ questions }: LabPack): readonly Run[] {
  const count = Math.max(...questions.map(({ wrong }) => wrong.length));
  return Array.from({ length: count }, (_, index) => ({
    part: 'wrong' as const,
    name: `with the wrong answers no. ${index + 1}`,
    answer: ({ wrong }) => wrong[index]?.script ?? null,
    passes: ({ wrong }, checkId) => wrong[index]?.passes.includes(checkId) ?? false,
  }));
}

/** Characters of a check's evidence beside a deviation. */
const EVIDENCE_SHOWN = 300;

/** What the first and the second grading of the same cluster said; null where one said nothing. */
type Gradings = readonly [Verdict | null, Verdict | null];

/** What became of a run. */
interface Sat {
  readonly result: AttemptResult;
  readonly gradings: readonly Gradings[];
}

export interface OracleRow {
  readonly questionId: QuestionId;
  readonly checkId: CheckId;
  readonly weight: number;
  readonly untouched: Gradings;
  readonly solved: Gradings;
}

/** What a wrong answer earned of its question. */
export interface WrongAnswerRow {
  readonly questionId: QuestionId;
  readonly wrongId: CheckId;
  /** Points; null where nothing was graded. */
  readonly earned: number | null;
  readonly expected: number;
  readonly possible: number;
}

export interface OracleReport {
  readonly labId: string;
  readonly digest: string;
  readonly ok: boolean;
  /** Null where nothing was graded, or that part was left out. */
  readonly percent: Readonly<Record<'untouched' | 'solved', number | null>>;
  readonly checks: readonly OracleRow[];
  readonly wrong: readonly WrongAnswerRow[];
  /** What is not as it must be, a sentence each. */
  readonly deviations: readonly string[];
}

/** Parts of the oracle, each on sessions of its own. */
export const ORACLE_PARTS = ['untouched', 'solved', 'wrong'] as const;
export type OraclePart = (typeof ORACLE_PARTS)[number];

export interface OracleOptions {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Runs sessions one after the other: untouched, solved, and with the wrong answers. Each cluster is graded twice: a check that changes what it looks at,
 * or that depends on luck, shows. Whatever happens, no session is left open.
 *
 * @param pack one that the installation has, offered or as a draft.
 * @param parts which are tried; all of them show that a lab is right.
 */
export async function verifyLab(
  client: Client,
  pack: LabPack,
  parts: readonly OraclePart[],
  options: OracleOptions,
): Promise<OracleReport> {
  const deviations: string[] = [];
  const wrong: WrongAnswerRow[] = [];
  const sit = async (run: Run): Promise<Sat | null> => {
    if (!parts.includes(run.part)) return null;
    options.say(`${run.name}:`);
    const before = deviations.length;
    const result = await runSession(client, pack, { run, faults: deviations }, options);
    const gradings = judge(pack, run, result, deviations);
    for (const deviation of deviations.slice(before)) options.say(`  ${deviation}`);
    return { result, gradings };
  };
  for (const { view, solution } of pack.questions) if (solution === null) deviations.push(`${view.id} has no solution.`);
  const untouched = await sit(UNTOUCHED);
  const solved = await sit(SOLVED);
  for (const [index, run] of wrongRuns(pack).entries()) {
    const sat = await sit(run);
    if (sat !== null) wrong.push(...earnings(pack, index, sat.result));
  }
  const percent = { untouched: untouched?.result.percent ?? null, solved: solved?.result.percent ?? null };
  if (untouched !== null && percent.untouched !== 0) deviations.push(`Untouched, ${percent.untouched} % was earned: it must be nothing.`);
  if (solved !== null && percent.solved !== 100) deviations.push(`The solutions earned ${percent.solved} %: it must be 100 %.`);
  const checks = checksOf(pack).map(({ question, check }, index): OracleRow => {
    const at = (sat: Sat | null): Gradings => sat?.gradings[index] ?? [null, null];
    return {
      questionId: question.view.id,
      checkId: check.id,
      weight: check.weight,
      untouched: at(untouched),
      solved: at(solved),
    };
  });
  return { labId: pack.summary.id, digest: pack.digest, ok: deviations.length === 0, percent, checks, wrong, deviations };
}

/** @param faults where failures of answers are noted. */
async function runSession(
  client: Client,
  pack: LabPack,
  { run, faults }: { readonly run: Run; readonly faults: string[] },
  { signal, say }: OracleOptions,
): Promise<AttemptResult> {
  const session = await createSession(client, pack.summary.id, { rehearsal: true, labDigest: pack.digest });
  const id = session.examSessionId;
  try {
    const begun = Date.now();
    await waitFor(client, id, (status) => status.state === 'ready', signal);
    say(`  session ${id} ready after ${seconds(Date.now() - begun)}`);
    await beginSession(client, id);
    if (pack.questions.some((question) => run.answer(question) !== null)) {
      await answer(pack, run, { terminal: await terminalOf(client, id), faults, signal, say });
    }
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

async function answer(
  pack: LabPack,
  run: Run,
  { terminal, faults, signal, say }: OracleOptions & { readonly terminal: SshTarget; readonly faults: string[] },
): Promise<void> {
  for (const question of pack.questions) {
    const script = run.answer(question);
    if (script === null) continue;
    const stdin = await readFile(join(pack.root, script.path), 'utf8');
    const begun = Date.now();
    let errors = '';
    const exitCode = await runRemote(terminal, 'bash -ls', { stdin, stdout: () => undefined, stderr: (text) => (errors += text) }, signal);
    say(`  ${question.view.id} answered in ${seconds(Date.now() - begun)}`);
    if (exitCode !== 0) faults.push(`${script.path} ended with ${exitCode}: ${errors.trim().slice(-500)}`);
  }
}

/** What was said of each check, in the order of the pack, with a deviation for whatever should have been said otherwise. */
function judge(pack: LabPack, run: Run, result: AttemptResult, deviations: string[]): readonly Gradings[] {
  return checksOf(pack).map(({ question, check: { id } }): Gradings => {
    const name = `${question.view.id}/${id}`;
    const expected: Verdict = run.passes(question, id) ? 'passed' : 'failed';
    const check = checkOf(result, question.view.id, id);
    const [first, second] = [check?.verdict ?? null, check?.secondVerdict ?? null];
    if (first !== expected) deviations.push(`${name} is ${first ?? 'missing'} ${run.name}: it must be ${expected}.${said(check)}`);
    if (first !== second) deviations.push(`${name}, ${run.name}, is ${first ?? 'missing'}, and ${second ?? 'missing'} when graded again.`);
    return [first, second];
  });
}

function earnings(pack: LabPack, index: number, result: AttemptResult): readonly WrongAnswerRow[] {
  return pack.questions.flatMap(({ view, checks, wrong }): WrongAnswerRow[] => {
    const wrongAnswer = wrong[index];
    if (wrongAnswer === undefined) return [];
    const expected = checks.filter(({ id }) => wrongAnswer.passes.includes(id)).reduce((sum, { weight }) => sum + weight, 0);
    const earned = result.questions.find(({ questionId }) => questionId === view.id)?.earned ?? null;
    return [{ questionId: view.id, wrongId: wrongAnswer.id, earned, expected, possible: view.weight }];
  });
}

function checksOf({ questions }: LabPack) {
  return questions.flatMap((question) => question.checks.map((check) => ({ question, check })));
}

function checkOf(result: AttemptResult, questionId: QuestionId, checkId: CheckId) {
  return result.questions.find((question) => question.questionId === questionId)?.checks.find((check) => check.checkId === checkId);
}

/** The last of what the check said: authors print their verdict at the end. */
function said(check: CheckResult | undefined): string {
  const text = [check?.reason, check?.evidence.trim().slice(-EVIDENCE_SHOWN)].filter(Boolean).join(' ');
  return text === '' ? '' : ` It says: ${text}`;
}
