import { table } from '@ckx/cli';
import type { ControlPlaneFigures, Situation } from './control-plane.ts';

/** The figures as tables, each beside its baseline. */
export function describeControlPlane({ baseline, loaded, opening }: ControlPlaneFigures): string {
  const headings = ['', 'one open', `${loaded.open} open`];
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const answers = (['statusMs', 'listMs', 'createMs'] as const).flatMap((what) =>
    (['p50', 'p95', 'p99'] as const).map((rank) => [`${what.replace('Ms', '')} ${rank}`, ms(baseline[what][rank]), ms(loaded[what][rank])]),
  );
  const processes = Object.keys(loaded.processes) as (keyof Situation['processes'])[];
  const use = processes.flatMap((name) => [
    [`${name} memory`, ...[baseline, loaded].map((situation) => `${situation.processes[name].memoryMib.toFixed(0)} MiB`)],
    [`${name} processor`, ...[baseline, loaded].map((situation) => `${situation.processes[name].cpuPercent.toFixed(0)} % of one`)],
  ]);
  const tasks = [baseline, loaded].map(({ idleTasksPerSecond }) => idleTasksPerSecond.toFixed(1));
  return [
    table(headings, answers),
    table(headings, [['workflow tasks per second at rest', ...tasks], ...use]),
    `${opening.sessions} sessions were opened in ${opening.seconds.toFixed(0)} s: ${(opening.sessions / opening.seconds).toFixed(1)} sessions and ` +
      `${opening.tasksPerSecond.toFixed(0)} workflow tasks per second.`,
    'Answers are those of one request at a time over HTTP; the host is simulated and shares this machine.',
  ].join('\n\n');
}
