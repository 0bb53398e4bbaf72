import { table } from '@ckx/cli';
import { PROVISION_STEPS } from '@ckx/contracts';
import type { Spread } from './statistics.ts';
import type { WarmFigures } from './warm.ts';

/** Of the prompt, the slowest of twenty. */
const AIM_MS = 2_000;

const seconds = (spread: Spread | undefined, at: 'p50' | 'p95') => (spread === undefined ? '' : `${(spread[at] / 1_000).toFixed(2)} s`);

/** The figures as a table, a row for each step. */
export function describeWarm({ cold, warm }: WarmFigures): string {
  const row = (name: string, ofCold: Spread | undefined, ofWarm: Spread | undefined) => [
    name,
    seconds(ofCold, 'p50'),
    seconds(ofCold, 'p95'),
    seconds(ofWarm, 'p50'),
    seconds(ofWarm, 'p95'),
  ];
  const rows = [
    ...PROVISION_STEPS.filter((step) => cold.stepsMs[step] !== undefined || warm.stepsMs[step] !== undefined).map((step) =>
      row(`  ${step}`, cold.stepsMs[step], warm.stepsMs[step]),
    ),
    row('ready', cold.readyMs, warm.readyMs),
    row('prompt in the browser’s terminal', cold.promptMs, warm.promptMs),
    row('kubectl answered there', cold.clusterMs, warm.clusterMs),
  ];
  const met = warm.promptMs.p95 < AIM_MS ? 'met' : 'not met';
  return [
    `${warm.promptMs.samples.length} starts of each`,
    table(['', 'cold p50', 'p95', 'warm p50', 'p95'], rows),
    `aim: a warm prompt within ${AIM_MS / 1_000} s, p95 (${met})`,
  ].join('\n\n');
}
