import type { LabPack, PackQuestion } from '../pack.ts';
import { findingOf, Findings, type LintFinding } from './finding.ts';
import { DOCUMENTATION_HOSTS } from './images.ts';
import { lintHosts, lintImages, lintInvocation, lintNames, lintStrictness } from './rules.ts';
import { cannotFail, type LintedScript, openScript } from './script.ts';
import { lintSetups } from './setups.ts';
import { lintWaits } from './waits.ts';

export { findingOf, type LintFinding } from './finding.ts';

/** Names of a text: of what strangers send no more is looked at. */
const NAMES_LOOKED_AT = 200;

/** More than this share of a lab in one question makes one mistake decide an exam. */
const LARGEST_SHARE = 0.5;

/**
 * What an author should look at, without running anything: the pack's own problems, and those of weights, times, solutions, scripts,
 * images, hosts, and of names that text, setup and checks do not share (docs/labs/lint.md).
 */
export function lintPack(pack: LabPack): readonly LintFinding[] {
  const findings = new Findings();
  lintWeights(pack, findings);
  lintSetups(pack, findings);
  lintNamespaces(pack, findings);
  const waits = new Set<string>();
  for (const question of pack.questions) {
    lintChecks(pack, question, findings);
    if (pack.format !== 'ckx') continue;
    lintOwnQuestion(pack, question, findings);
    for (const { script } of question.checks) if (script !== null) lintWaits(pack.root, openScript(pack.root, script), waits, findings);
  }
  return [...pack.problems.map(findingOf), ...findings.found];
}

function lintWeights(pack: LabPack, findings: Findings): void {
  const total = pack.questions.reduce((sum, question) => sum + question.view.weight, 0);
  const ofAll = pack.questions.reduce((sum, question) => sum + (question.view.targetMinutes ?? 0), 0);
  const minutes = pack.draw === null ? ofAll : Math.round((ofAll * pack.draw) / pack.questions.length);
  if (total === 0) findings.add('error', 'WEIGHTS_ZERO', '.', 'All weights are 0: nothing can be earned.');
  if (minutes > pack.summary.durationMinutes) {
    const message = `The questions' target times add up to ${minutes} minutes; the lab lasts ${pack.summary.durationMinutes}.`;
    findings.add('warning', 'TIME_TOO_SHORT', '.', message);
  }
  const weights = new Set(pack.questions.map(({ view }) => view.weight));
  if (pack.draw !== null && weights.size > 1) {
    const message = `Of a pool whose questions count ${Math.min(...weights)} to ${Math.max(...weights)}, no two draws are worth the same.`;
    findings.add('warning', 'DRAW_UNEVEN', 'lab.yaml', message);
  }
  for (const question of pack.questions) {
    const place = placeOf(pack, question);
    const { weight } = question.view;
    if (weight === 0 && total > 0) findings.add('warning', 'QUESTION_WORTHLESS', place, 'The question counts nothing.');
    if (pack.questions.length > 2 && weight > total * LARGEST_SHARE) {
      findings.add('warning', 'QUESTION_DOMINATES', place, `The question makes up ${Math.round((100 * weight) / total)} % of the lab.`);
    }
    for (const check of question.checks) {
      if (check.weight === 0) findings.add('warning', 'CHECK_WORTHLESS', place, `The check “${check.id}” counts nothing.`);
    }
  }
}

/** In a cluster that is shared, a session has a namespace and nothing else. */
function lintNamespaces(pack: LabPack, findings: Findings): void {
  const { cluster, nodes, addons, egress } = pack.pin.needs;
  if (cluster !== 'namespace') return;
  const asked = [...(nodes > 1 ? ['nodes'] : []), ...(addons.length > 0 ? ['addons'] : []), ...(egress === 'internet' ? ['egress'] : [])];
  if (asked.length > 0) {
    const message = `A lab whose cluster is shared asks for ${asked.join(', ')}, which such a cluster does not have.`;
    findings.add('error', 'NEEDS_NOT_TOGETHER', 'lab.yaml', message);
  }
  for (const question of pack.questions) {
    const { namespace } = question.view;
    if (namespace === undefined) continue;
    const message = `The question names the namespace “${namespace}”, which no session of this lab has.`;
    findings.add('error', 'NAMESPACE_NOT_OWN', `${placeOf(pack, question)}/question.yaml`, message);
  }
}

/** What an untouched session would earn is told for packs of either format; ours are kept out until it is mended. */
function lintChecks(pack: LabPack, question: PackQuestion, findings: Findings): void {
  for (const { script } of question.checks) {
    if (script !== null && cannotFail(openScript(pack.root, script))) {
      const level = pack.format === 'ckx' ? 'error' : 'warning';
      findings.add(level, 'CHECK_CANNOT_FAIL', script.path, 'The check succeeds whatever it finds: an untouched session would pass it.');
    }
  }
}

function lintOwnQuestion(pack: LabPack, question: PackQuestion, findings: Findings): void {
  const place = placeOf(pack, question);
  const open = (script: { readonly path: string }): LintedScript => openScript(pack.root, script);
  const setup = question.setup.map(open);
  const checks = question.checks.flatMap(({ script }) => (script === null ? [] : [open(script)]));
  const solution = question.solution === null ? [] : [open(question.solution)];
  if (solution.length === 0) {
    findings.add('warning', 'SOLUTION_MISSING', `${place}/solution.sh`, 'There is no solution, so that the lab cannot be verified.');
  }
  lintText(place, question, textOf([...setup, ...checks]), findings);
  for (const script of setup) lintStrictness(script, findings);
  const mayReachOut = pack.pin.needs.egress === 'internet';
  for (const { id, passes } of question.wrong) {
    if (question.checks.every((check) => passes.includes(check.id))) {
      findings.add('error', 'WRONG_ANSWER_EARNS_ALL', `${place}/question.yaml`, `The wrong answer “${id}” passes every check.`);
    }
  }
  const wrong = question.wrong.map(({ script }) => open(script));
  for (const script of [...setup, ...checks, ...solution, ...wrong]) {
    lintImages(script, { mayReachOut, findings });
    if (!mayReachOut) lintHosts(script, findings);
    lintInvocation(script, findings);
  }
  const told = `${question.view.text}\n${question.view.namespace ?? ''}\n${textOf(setup)}`;
  for (const script of checks) lintNames(script, told, findings);
}

function lintText(place: string, question: PackQuestion, scripts: string, findings: Findings): void {
  const { namespace, text } = question.view;
  const named = backticked(text);
  const file = `${place}/question.md`;
  if (namespace !== undefined && !named.has(namespace)) {
    findings.add('warning', 'NAMESPACE_UNNAMED', file, `The namespace “${namespace}” is not named in the text, in backticks.`);
  }
  for (const name of [...named].slice(0, NAMES_LOOKED_AT)) {
    if (isObjectName(name) && !scripts.includes(name)) {
      const message = `The text names “${name}”, which neither setup nor a check knows: a slip of the pen?`;
      findings.add('warning', 'TEXT_NAME_UNKNOWN', file, message, lineOf(text, name));
    }
  }
  for (const page of question.documentation) {
    const host = new URL(page).hostname.replace(/^www\./, '');
    if (!DOCUMENTATION_HOSTS.has(host)) {
      findings.add('warning', 'DOCUMENTATION_HOST', `${place}/question.yaml`, `The documentation on “${host}” is not read in the exam.`);
    }
  }
}

function placeOf(pack: LabPack, question: PackQuestion): string {
  return pack.format === 'ckx' ? `questions/${question.view.id}` : `question ${question.view.id}`;
}

function textOf(scripts: readonly LintedScript[]): string {
  return scripts.flatMap(({ lines }) => lines).join('\n');
}

function lineOf(text: string, name: string): number {
  return text.slice(0, text.indexOf(`\`${name}\``)).split('\n').length;
}

function backticked(markdown: string): ReadonlySet<string> {
  return new Set([...markdown.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? ''));
}

/** Names with a dash are names of objects; single words may as well be kinds, fields or values. */
function isObjectName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)+$/.test(name);
}
