import { table } from '@ckx/cli';
import type { GradingFigures } from './grading.ts';

const AIMS = { setupMs: 30_000, gradingMs: 30_000, ratio: 3 };

export function describeGrading(figures: GradingFigures): string {
  const { lab, machine, readyMs, setupMs, percent, gradingMs, checksMs, oneByOneMs, connectingMs, ratio, longest, disagreements } = figures;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const met = (reached: boolean) => (reached ? 'met' : 'not met');
  return [
    `${lab.id}: ${lab.questions} questions, ${lab.setups} of them with a setup, ${lab.checks} checks; on ${machine.cpus} × ${machine.model}, load before ${machine.load.toFixed(1)}`,
    table(
      ['', 'took'],
      [
        ['ready after the request', seconds(readyMs)],
        ['questions set up, of that', seconds(setupMs)],
        ['graded after handing in', seconds(gradingMs)],
        ['its checks, added up', seconds(checksMs)],
        ['the checks one by one over SSH', seconds(oneByOneMs)],
        ['connecting, of that', seconds(connectingMs)],
        ['one by one / graded', ratio.toFixed(1)],
      ],
    ),
    table(
      ['longest checks', 'took'],
      longest.map(({ check, durationMs }) => [check, seconds(durationMs)]),
    ),
    `The solutions earned ${percent ?? '-'} %. ${disagreements.length === 0 ? 'Both ways say the same of every check.' : disagreements.join('\n')}`,
    `Aims: setup within ${seconds(AIMS.setupMs)} (${met(setupMs <= AIMS.setupMs)}), grading within ${seconds(AIMS.gradingMs)} (${met(gradingMs <= AIMS.gradingMs)}), ` +
      `${AIMS.ratio} times as fast as one by one (${met(ratio >= AIMS.ratio)}).`,
  ].join('\n\n');
}
