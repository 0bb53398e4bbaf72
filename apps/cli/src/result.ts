/** A result as a candidate reads it: the sentence first, then what did not pass and why. */
import type { AttemptResult, CheckedQuestion, Verdict } from '@ckx/contracts';
import { duration, indent, tone } from './output.ts';

const TONES: Record<Verdict, Parameters<typeof tone>[0]> = { passed: 'green', failed: 'red', errored: 'yellow' };

export function describeResult(result: AttemptResult): string {
  const questions = result.questions.toSorted((a, b) => a.position - b.position).map(describeQuestion);
  return [headline(result), ...questions].join('\n\n');
}

function headline(result: AttemptResult): string {
  if (result.percent === null || result.passed === null) {
    switch (result.state) {
      case 'in_progress':
        return 'The session still runs: there is no result yet.';
      case 'grading':
        return 'Being graded: there is no result yet.';
      case 'void':
        return 'This attempt is void: it counts for nothing.';
      case 'graded':
      case 'grading_failed':
        return 'Grading did not succeed; this is a fault of the platform, and counts for nothing.';
    }
  }
  const verdict = result.passed ? tone('green', 'Passed') : tone('red', 'Not passed');
  const time = result.durationSeconds === null ? '' : `, in ${duration(result.durationSeconds)}`;
  const provisional = result.provisional ? '\nProvisional: some checks could not be decided, and are left out until a regrade.' : '';
  return `${verdict}: ${result.percent} % (${result.earned} of ${result.possible} points) against ${result.passPercent} % needed${time}.${provisional}`;
}

/** What the checks of one question said while it was practised. */
export function describeChecked({ position, earned, possible, checks }: CheckedQuestion): string {
  return [
    `${position}.  ${earned}/${possible}`,
    ...checks.map(({ output, ...check }) => describeCheck({ ...check, evidence: output })),
  ].join('\n');
}

function describeQuestion({ position, title, earned, possible, domain, checks }: AttemptResult['questions'][number]): string {
  return [`${position}. ${tone('bold', title)}  ${earned}/${possible}  (${domain})`, ...checks.map(describeCheck)].join('\n');
}

type Described = Pick<AttemptResult['questions'][number]['checks'][number], 'verdict' | 'weight' | 'description' | 'reason' | 'evidence'>;

function describeCheck({ verdict, weight, description, reason, evidence }: Described): string {
  const line = `  ${tone(TONES[verdict], verdict.padEnd(7))}  ${String(weight).padStart(2)}  ${description}`;
  if (verdict === 'passed') return line;
  const why = [reason ?? '', evidence.trim()].filter(Boolean).join('\n');
  return why === '' ? line : `${line}\n${tone('dim', indent(why, 15))}`;
}
