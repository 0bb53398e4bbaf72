import { table } from '@ckx/cli';
import type { LiveFigures } from './live.ts';

/** Of the shell's answer over an open connection. */
const AIM_MS = 100;

export function describeLive({ cpus, singleBootMs, pairBootMs, bootsMs, baseline, loaded }: LiveFigures): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const pair = (name: string, figure: (of: typeof baseline) => string) => [name, figure(baseline), figure(loaded)];
  const met = loaded.shellMs.p95 < AIM_MS ? 'met' : 'not met';
  return [
    table(
      ['boot until ready', 'p50', 'slowest', 'boots'],
      [
        ['one at a time', seconds(singleBootMs.p50), seconds(Math.max(...singleBootMs.samples)), String(singleBootMs.samples.length)],
        ['two at once', seconds(pairBootMs.p50), seconds(Math.max(...pairBootMs.samples)), String(pairBootMs.samples.length)],
      ],
    ),
    table(
      ['', `${baseline.open} live`, `${loaded.open} live`],
      [
        pair('shell answers, p50', ({ shellMs }) => ms(shellMs.p50)),
        pair('shell answers, p95', ({ shellMs }) => ms(shellMs.p95)),
        pair('cluster answers in the shell, p50', ({ clusterMs }) => ms(clusterMs.p50)),
        pair('cluster answers in the shell, p95', ({ clusterMs }) => ms(clusterMs.p95)),
        pair('memory of their containers', ({ memoryMib }) => `${memoryMib.toFixed(0)} MiB`),
        pair('machine at rest', ({ cpuPercent }) => `${cpuPercent.toFixed(0)} % of ${cpus * 100} %`),
      ],
    ),
    `boots in order: ${bootsMs.map(seconds).join(', ')}`,
    `shell: \`/bin/true\` and Enter at a prompt over SSH until its end is shown; cluster: the same of \`kubectl get --raw /readyz\`. All sessions idle. ` +
      `Aim: shell p95 under ${AIM_MS} ms with all of them (${met}).`,
  ].join('\n\n');
}
