import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPack, PackProblem, PackQuestion, PackScript } from './pack.ts';
import { Problems } from './problems.ts';

/** More than this share of a lab in one question makes one mistake decide an exam. */
const LARGEST_SHARE = 0.5;

/**
 * What an author should look at beyond what keeps a pack from loading: the pack's own problems, and those of weights, times, solutions
 * and of names that text and checks do not share.
 */
export function lintPack(pack: LabPack): readonly PackProblem[] {
  const problems = new Problems();
  const total = pack.questions.reduce((sum, question) => sum + question.view.weight, 0);
  const minutes = pack.questions.reduce((sum, question) => sum + (question.view.targetMinutes ?? 0), 0);
  if (total === 0) problems.error('.', 'All weights are 0: nothing can be earned.');
  if (minutes > pack.summary.durationMinutes) {
    problems.warning('.', `The questions' target times add up to ${minutes} minutes; the lab lasts ${pack.summary.durationMinutes}.`);
  }
  for (const question of pack.questions) {
    const place = placeOf(pack, question);
    const { weight } = question.view;
    if (weight === 0 && total > 0) problems.warning(place, 'The question counts nothing.');
    if (pack.questions.length > 2 && weight > total * LARGEST_SHARE) {
      problems.warning(place, `The question makes up ${Math.round((100 * weight) / total)} % of the lab.`);
    }
    if (pack.format === 'ckx') lintOwnQuestion(pack, question, place, problems);
  }
  return [...pack.problems, ...problems.found];
}

function lintOwnQuestion(pack: LabPack, question: PackQuestion, place: string, problems: Problems): void {
  if (!question.solution) problems.warning(`${place}/solution.sh`, 'There is no solution, so that the lab cannot be verified.');
  const scripts = new Map(
    [...question.setup, ...question.checks.map((check) => check.script)].map((script) => [script, read(pack, script)]),
  );
  const all = [...scripts.values()].join('\n');
  const named = backticked(question.view.text);
  const { namespace } = question.view;
  if (namespace !== undefined && !named.has(namespace)) {
    problems.warning(`${place}/question.md`, `The namespace “${namespace}” is not named in the text, in backticks.`);
  }
  for (const name of named) {
    if (isObjectName(name) && !all.includes(name)) {
      problems.warning(`${place}/question.md`, `The text names “${name}”, which neither setup nor a check knows: a slip of the pen?`);
    }
  }
  for (const check of question.checks) {
    if (check.weight === 0) problems.warning(place, `The check “${check.id}” counts nothing.`);
    if (!check.script) continue;
    const source = scripts.get(check.script) ?? '';
    const unnamed = objectsAskedFor(source).filter((name) => !question.view.text.includes(name) && name !== namespace);
    for (const name of unnamed) {
      problems.warning(check.script.path, `The check asks for “${name}”, which the text does not name.`);
    }
  }
}

function placeOf(pack: LabPack, question: PackQuestion): string {
  return pack.format === 'ckx' ? `questions/${question.view.id}` : `question ${question.view.id}`;
}

function read(pack: LabPack, script: PackScript | null): string {
  return script ? readFileSync(join(pack.root, script.path), 'utf8') : '';
}

function backticked(markdown: string): ReadonlySet<string> {
  return new Set([...markdown.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? ''));
}

/** Names with a dash are names of objects; single words may as well be kinds, fields or values. */
function isObjectName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)+$/.test(name);
}

/** Names that a script passes to kubectl after a kind: `get deployment web`, `get deployment/web`, `logs web-1`. */
function objectsAskedFor(source: string): readonly string[] {
  const kinds = 'pods?|deploy(?:ments?)?|svc|services?|configmaps?|cm|secrets?|sa|serviceaccounts?|jobs?|cronjobs?|pvc|statefulsets?';
  return [...source.matchAll(new RegExp(`\\b(?:get|exec|logs|describe) (?:-\\S+ )*(?:${kinds})[ /]([a-z][a-z0-9-]*[a-z0-9])`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}
